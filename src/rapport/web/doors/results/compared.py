"""Figures beside others: published ones, and our own with the missing scores counted in several ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor

from django.utils.translation import gettext as _

from rapport.clinical.outcomes.service import words as english
from rapport.clinical.outcomes.service.benchmarks import terms
from rapport.clinical.outcomes.service.parts import Comparison, MissingTable, RateCode, Rule, ServiceReport
from rapport.practice.outcomes.choices.service import ServiceFacts
from rapport.web.components.charts import Chart, Span, SpanChart
from rapport.web.components.document import Section
from rapport.web.doors.results import words
from rapport.web.doors.results.words import PERCENTS

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def beside(report: ServiceReport) -> Section:
    """Our figures beside published ones, and which may not stand there."""
    if report.rule is Rule.NHS_PAIR:
        lead = _(
            "These rates may stand beside England’s: they are counted by the same rule, on PHQ-9 and GAD-7 together."
        )
    else:
        lead = _("England’s national rates may not stand beside these: they are counted on PHQ-9 and GAD-7 together. "
                 "Choose that reading if both are asked here.")  # fmt: skip
    trials = _(
        "Results of trials stand beside nothing here: what would have happened anyway is taken off them already."
    )
    known = [one for one in report.comparisons if one.found is not None]
    if not known:
        few = _("None of our own figures is of enough people to stand beside another yet.")
        return Section("beside", _("Beside published figures"), [lead, few, trials])
    shares = [one for one in known if one.figure != "d_pre"]
    sizes = [one for one in known if one.figure == "d_pre"]
    charts: list[Chart] = []
    if shares:
        spans = [_beside(one, words.rate_name(RateCode(one.figure)), words.percent) for one in shares]
        charts.append(SpanChart(_("Rates beside England’s"), spans, PERCENTS))
    if sizes:
        spans = [_beside(one, _size_name(one), lambda size: words.signed(size, 2)) for one in sizes]
        charts.append(SpanChart(_("Size of change beside routine care elsewhere"), spans, _ticks(sizes), zero=True))
    note = _("The upright stroke is the published figure. %(terms)s") % {"terms": terms()["nhs"] if shares else ""}
    return Section("beside", _("Beside published figures"), [lead, trials], charts, note=note.strip() if charts else "")


def _beside(one: Comparison, name: str, say: Callable[[float], str]) -> Span:
    other = one.benchmark
    value = _("not shown") if one.found is None else say(one.found)
    note = _("%(figure)s in: %(population)s (%(source)s). %(position)s") % {
        "figure": say(other.value), "population": other.population, "source": other.source,
        "position": words.position_words(one),
    }  # fmt: skip
    if not other.verified:
        note += " " + _("Not yet checked against its source.")
    return Span(name, value, one.found, one.interval, other.value, note)


def _size_name(one: Comparison) -> str:
    what = one.benchmark.measure_type.removesuffix("_self_report").replace("_", " ")
    return _("Change in %(what)s, in standard deviations before") % {"what": _(what)}


def _ticks(sizes: Sequence[Comparison]) -> list[tuple[float, str]]:
    ends = [end for one in sizes for end in (one.benchmark.value, *(one.interval or ()))]
    return scale(min(0.0, *ends), max(ends))


def scale(low: float, high: float) -> list[tuple[float, str]]:
    """Round ticks from below the lowest to above the highest value."""
    step = next((step for step in STEPS if (high - low) / step <= 5), high - low or 1.0)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    places = 0 if step >= 1 else 1
    return [(step * place, words.signed(step * place, places)) for place in range(first, max(last, first + 1) + 1)]


def missing(tables: Sequence[MissingTable], facts: ServiceFacts) -> Section | None:
    """What the missing end scores may hide: the same change counted in several ways."""
    charts: list[Chart] = []
    for table in tables:
        known = [row for row in table.rows if row.interval is not None]
        if not known:
            continue
        ticks = scale(min(0.0, *(row.interval[0] for row in known if row.interval)),
                      max(row.interval[1] for row in known if row.interval))  # fmt: skip
        spans = [
            Span(
                words.capital(_(english.MISSING[row.method])),
                _("%(points)s points") % {"points": words.signed(row.improvement)} if row.improvement is not None
                else str(words.FEW.get(row.reason, _("not shown"))),
                row.improvement, row.interval,
                note=_("%(n)s people") % {"n": words.count_or_hidden(row.n)},
            )
            for row in table.rows
        ]  # fmt: skip
        charts.append(SpanChart(facts.titles.get(table.measure, table.measure), spans, ticks, zero=True))
    if not charts:
        return None
    lead = _("Mean improvement in points, counted in several ways. Where they lie far apart, those without a last "
             "score decide what one may say.")  # fmt: skip
    return Section("missing", _("What missing scores may hide"), [lead], charts)
