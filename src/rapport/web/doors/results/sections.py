"""A service report as a document: every part in words and, where people would rather look, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.outcomes.service import words as english
from rapport.clinical.outcomes.service.parts import (
    MeasureResult,
    RateCode,
    ReportRate,
    Rule,
    ServiceReport,
)
from rapport.practice.outcomes.choices.service import ReportScope, ServiceFacts, ServiceQuestion
from rapport.web.components.charts import (
    FlowBar,
    FlowChart,
    Span,
    SpanChart,
)
from rapport.web.components.document import Section
from rapport.web.doors.results import words
from rapport.web.doors.results.compared import beside, missing
from rapport.web.doors.results.over_time import leaving, time, trends
from rapport.web.doors.results.words import PERCENTS

GLANCE: dict[ServiceQuestion, tuple[RateCode, ...]] = {
    ServiceQuestion.CHANGED: (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_DETERIORATION, RateCode.PAIRED),
    ServiceQuestion.LEFT_EARLY: (RateCode.UNPLANNED_ENDING, RateCode.PAIRED),
    ServiceQuestion.HOW_SOON: (RateCode.RELIABLE_IMPROVEMENT, RateCode.RELIABLE_RECOVERY),
    ServiceQuestion.BESIDE_OTHERS: (RateCode.RECOVERY, RateCode.RELIABLE_RECOVERY, RateCode.RELIABLE_IMPROVEMENT),
}


def document(facts: ServiceFacts, report: ServiceReport) -> list[Section]:
    """Every section: flow and rates first, then what was asked, then the rest; limits last."""
    build: dict[str, Callable[[], Section | None]] = {
        "flow": lambda: flow(report),
        "rates": lambda: rates(report, facts.asked.question),
        "trends": lambda: trends(report.trends),
        "beside": lambda: beside(report),
        "missing": lambda: missing(report.missing, facts),
        "leaving": lambda: leaving(report),
        "time": lambda: time(report),
        "measures": lambda: measures(report.measures, facts),
        "own": lambda: own(facts),
        "limits": lambda: limits(report),
    }
    first = {
        ServiceQuestion.CHANGED: ("flow", "rates", "measures", "trends"),
        ServiceQuestion.LEFT_EARLY: ("flow", "leaving", "rates", "missing"),
        ServiceQuestion.HOW_SOON: ("flow", "time", "rates"),
        ServiceQuestion.BESIDE_OTHERS: ("flow", "beside", "rates"),
    }[facts.asked.question]
    order = [*first, *(name for name in build if name not in first)]
    return _fold([section for name in order for section in [build[name]()] if section is not None])


def _fold(sections: Sequence[Section]) -> list[Section]:
    """Sections with nothing to show yet become lines of one, before the limits: a reader looks for figures."""
    waiting = [section for section in sections if section.waits]
    said = [f"{section.title}: {line}" for section in waiting for line in section.paragraphs]
    shown = [section for section in sections if not section.waits]
    if waiting:
        shown.insert(len(shown) - 1, Section("waits", _("Not shown yet"), points=said))
    return shown


def answer(facts: ServiceFacts, report: ServiceReport) -> str:
    """What the figures say to the question, in a sentence or two."""
    if facts.asked.question is ServiceQuestion.BESIDE_OTHERS:
        known = [one for one in report.comparisons if one.position is not None]
        if not known:
            return _("Nothing here may stand beside a published figure yet.")
        same = sum(one.position == "within" for one in known)
        return _("%(n)s figures may stand beside published ones; %(same)s of them lie within what chance allows.") % {
            "n": len(known), "same": same,
        }  # fmt: skip
    if facts.asked.question is ServiceQuestion.HOW_SOON and report.improvement:
        return words.incidence_words(report.improvement[0])
    shown = [rate for code in GLANCE[facts.asked.question][:2] for rate in [report.rate(code)] if rate is not None]
    return " ".join(words.of_rate(rate) for rate in shown)


def flow(report: ServiceReport) -> Section:
    """Referred → started → finished → paired, and who stands aside on the way."""
    bars = []
    for step in report.flow:
        share = "" if step.of_previous is None else f" · {words.percent(step.of_previous)}"
        aside = [
            f"{count} {_(english.ASIDES[code])}" for code, count in step.aside if count
        ]  # fmt: skip
        hidden = any(count is None for _code, count in step.aside)
        said = ", ".join(aside) + (("; " if aside else "") + _("small numbers are left out") if hidden else "")
        name = words.capital(_(english.STEPS[step.step]))
        bars.append(FlowBar(name, step.count, words.count_or_hidden(step.count) + share, words.capital(said)))
    seen = report.activity
    paragraph = _(
        "The picture follows those who asked for therapy in this period, as far as they have come. In the same period, "
        "whoever it was: %(started)s started, %(finished)s finished a course."
    ) % {
        "started": words.count_or_hidden(seen.started),
        "finished": words.count_or_hidden(seen.finished),
    }
    chart = FlowChart(_("From referral to a second score"), bars)
    return Section("flow", _("From referral to a second score"), [paragraph], [chart])


def rates(report: ServiceReport, question: ServiceQuestion) -> Section:
    """Every rate with its numerator and denominator in words; where each is of too few, what can be said instead."""
    title = _("Rates")
    lead = _("%(rule)s Of those who finished a course (two sessions or more) in this period.") % {
        "rule": _(english.RULES[report.rule])
    }
    if all(rate.share is None for rate in report.rates):
        told = () if report.published else report.rates  # “5 of 5” would be said of six of seven
        counted = [rate for rate in told if rate.count is not None and rate.out_of]
        why = words.NO_RATES["too_few" if counted else report.rates[0].reason or "small_number"]
        return Section("rates", title, [lead, str(why)], points=[words.counted(rate) for rate in counted])
    spans = [
        Span(words.rate_name(one.code), words.value_of(one), one.share, one.interval, note=words.rate_note(one))
        for one in report.rates
    ]
    shown = [rate for code in GLANCE[question] for rate in [report.rate(code)] if rate and rate.share is not None]
    chart = SpanChart(_("Of those who finished a course"), spans, PERCENTS)
    note = _("A dot is the share, the bar around it where the true share likely lies (95 in 100).")
    return Section("rates", title, [lead], [chart], cards=[_card(rate, report) for rate in shown], note=note)


def _card(rate: ReportRate, report: ServiceReport) -> NumberCard:
    low, high = rate.interval or (0.0, 0.0)
    return NumberCard(
        name=words.rate_name(rate.code),
        value=None if rate.share is None else 100 * rate.share,
        unit="%",
        formula=_("count ÷ out of, %(whom)s; interval of Wilson (1927)") % {"whom": _(english.COUNTED[rate.counted])},
        version="service/1",
        inputs=((_("count"), rate.count), (_("out of"), rate.out_of)),
        n=rate.out_of,
        interval=(100 * low, 100 * high),
        source=_(english.RULES[report.rule]),
        evidence="B",
        not_meaning=_("that therapy brought it about: nobody here was compared with people who had something else."),
        verified=report.rule is Rule.NHS_PAIR,
        reason=rate.reason,
    )


def measures(found: Sequence[MeasureResult], facts: ServiceFacts) -> Section:
    """Each measure on its own."""
    points = []
    for one in found:
        counts = [f"{count} {_(str(kind).replace('_', ' '))}" for kind, count in one.classes if count is not None]
        counts += [_("small numbers are left out")] if len(counts) < len(one.classes) else []
        said = _("%(measure)s: %(paired)s finished courses with two scores; %(counts)s.") % {
            "measure": facts.titles.get(one.measure, one.measure),
            "paired": _("too few") if one.paired is None else one.paired, "counts": ", ".join(counts),
        }  # fmt: skip
        effect = one.effect
        if effect.g is not None and effect.interval is not None:
            said += " " + _("Mean change in standard deviations before: %(g)s (likely %(low)s to %(high)s).") % {
                "g": words.signed(effect.g, 2), "low": words.signed(effect.interval[0], 2),
                "high": words.signed(effect.interval[1], 2),
            }  # fmt: skip
        points.append(said)
    return Section("measures", _("Each measure on its own"), points=points)


def own(facts: ServiceFacts) -> Section | None:
    """What goes with the therapist who reads, said to them alone; or why nothing is."""
    effect = facts.own_effect
    if facts.asked.scope is not ReportScope.OWN or effect is None:
        return None
    title = _("What goes with you as the therapist")
    interval = effect.interval()
    if effect.effect is None or interval is None:
        said = _("Not shown. It takes ten therapists with ten closed courses each, and thirty of your own "
                 "(you have %(cases)s): with fewer, a hard caseload looks like the therapist.") % {
            "cases": effect.cases,
        }  # fmt: skip
        return Section("own", title, [said], waits=True)
    said = _("Taking into account how ill they were at the start, the last scores of your clients differ by %(effect)s "
             "points from the average (likely %(low)s to %(high)s; minus is lower). Nobody but you sees this. Clients "
             "are not dealt out by lot, so it is no verdict on your work.") % {
        "effect": words.signed(effect.effect), "low": words.signed(interval[0]), "high": words.signed(interval[1]),
    }  # fmt: skip
    return Section("own", title, [said])


def limits(report: ServiceReport) -> Section:
    """What a reader must know before believing a number."""
    said = [words.limit_words(one) for one in report.limits]
    if report.published:
        said.append(_("Numbers below five are left out and others rounded to the nearest five, so that nobody can be "
                      "recognised; sums may not add up."))  # fmt: skip
    return Section("limits", _("Limits"), points=said)
