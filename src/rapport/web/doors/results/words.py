"""The sentences of a service report, made from its codes and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.outcomes.service import words as english
from rapport.clinical.outcomes.service.benchmarks import Position
from rapport.clinical.outcomes.service.parts import (
    Comparison,
    Grain,
    Incidence,
    Limit,
    LimitCode,
    RateCode,
    ReportPeriod,
    ReportRate,
    TrendPoint,
)
from rapport.clinical.outcomes.service.wording import Refusal
from rapport.practice.outcomes.choices.service import Hidden, NamedPeriod, ServiceQuestion

PERCENTS = [(place / 4, f"{25 * place} %") for place in range(5)]
QUESTIONS: dict[ServiceQuestion, str | Promise] = {
    ServiceQuestion.CHANGED: gettext_lazy("Did clients change?"),
    ServiceQuestion.LEFT_EARLY: gettext_lazy("Who leaves before the end?"),
    ServiceQuestion.HOW_SOON: gettext_lazy("How soon does change show?"),
    ServiceQuestion.BESIDE_OTHERS: gettext_lazy("How do we stand beside others?"),
}
HIDDEN: dict[Hidden, tuple[str | Promise, str | Promise]] = {
    Hidden.NOTHING_MEASURED: (
        gettext_lazy("Nothing was measured yet"),
        gettext_lazy("A report needs scores. Plan a questionnaire on a client’s page, or bring in a spreadsheet."),
    ),
    Hidden.FEW_THERAPISTS: (
        gettext_lazy("Not shown for this period"),
        gettext_lazy(
            "Measured courses of fewer than three therapists ended in it, so its figures would be somebody’s own. "
            "Choose a longer period. Each therapist sees their own courses at their desk."
        ),
    ),
}
FEW: Mapping[str, str | Promise] = {
    "too_few": gettext_lazy("too few to say"),
    "small_number": gettext_lazy("not shown"),
    "nobody": gettext_lazy("nobody yet"),
}
NO_RATES: Mapping[str, str | Promise] = {
    "too_few": gettext_lazy("A rate of so few is mostly chance: it is shown from ten courses on. Counted so far:"),
    "small_number": gettext_lazy("The numbers are small enough to point at somebody, so none is shown."),
    "nobody": gettext_lazy("Nobody finished a course in this period yet."),
}
NO_NUMBERS: dict[LimitCode, str | Promise] = {
    LimitCode.PAIRING: gettext_lazy("Only courses with two scores say how people changed."),
    LimitCode.MISSING_END_DATA: gettext_lazy(
        "More than a fifth of the finished courses have no second score. Those who leave often fare differently."
    ),
    LimitCode.SMALL_N: gettext_lazy("Few courses have two scores: too few for a conclusion about the service."),
}


def percent(share: float) -> str:
    return _("%(share).0f %%") % {"share": 100 * share}


def signed(value: float, places: int = 1) -> str:
    """A number with a true minus."""
    return f"{value:.{places}f}".replace("-", "−")


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def rate_name(code: RateCode) -> str:
    return capital(_(english.RATES[code]))


def value_of(rate: ReportRate) -> str:
    """The share, or in a word why there is none."""
    return percent(rate.share) if rate.share is not None else str(FEW.get(rate.reason, _("not known")))


def rate_note(rate: ReportRate) -> str:
    """Numerator and denominator in words, with the interval; or why no rate is shown."""
    whom = _(english.COUNTED[rate.counted])
    if rate.share is not None and rate.interval is not None:
        gaps = {"count": rate.count, "out_of": rate.out_of, "low": percent(rate.interval[0]), "whom": whom}
        return _("%(count)s of %(out_of)s, likely %(low)s to %(high)s; counted %(whom)s.") % {
            **gaps, "high": percent(rate.interval[1]),
        }  # fmt: skip
    if rate.reason == "small_number":
        return _("The number is small enough to point at somebody, so it is left out. Counted %(whom)s.") % {
            "whom": whom
        }
    if rate.reason == "too_few" and rate.count is not None:
        return _("%(count)s of %(out_of)s. A rate of so few is mostly chance: it is shown from ten courses on.") % {
            "count": rate.count, "out_of": rate.out_of,
        }  # fmt: skip
    return _("Nobody to count yet: %(whom)s.") % {"whom": whom}


def counted(rate: ReportRate) -> str:
    """The numbers alone, where a share would say more than so few people can."""
    return _("%(what)s: %(count)s of %(out_of)s.") % {
        "what": rate_name(rate.code), "count": rate.count, "out_of": rate.out_of,
    }  # fmt: skip


def of_rate(rate: ReportRate) -> str:
    """One rate as a sentence."""
    if rate.share is None and rate.count is not None and rate.out_of:
        return counted(rate)
    if rate.share is None:
        return f"{rate_name(rate.code)}: {value_of(rate)}."
    return _("%(count)s of %(out_of)s %(what)s (%(share)s).") % {
        "count": rate.count,
        "out_of": rate.out_of,
        "what": _(english.RATES[rate.code]),
        "share": percent(rate.share),
    }


def count_or_hidden(count: int | None) -> str:
    return _("not shown") if count is None else str(count)


def period_words(named: NamedPeriod) -> str:
    """A period as one says it."""
    start = named.period.start
    if named.code == "all":
        return _("Everything so far")
    if named.code.isdecimal():
        return named.code
    return f"{date_format(start, 'F')} – {date_format(_last_day(named.period), 'F Y')}"


def span_words(period: ReportPeriod) -> str:
    """From the first to the last day of it."""
    return _("%(start)s to %(end)s") % {
        "start": date_format(period.start, "j F Y"),
        "end": date_format(_last_day(period), "j F Y"),
    }


def _last_day(period: ReportPeriod) -> date:
    return date.fromordinal(period.end.toordinal() - 1)


def step_name(point: TrendPoint, grain: Grain) -> str:
    """A month or a quarter under a picture; an asterisk where the period covers a part of it."""
    start = point.start
    words = f"Q{(start.month + 2) // 3} {start:%y}" if grain is Grain.QUARTER else date_format(start, "M y")
    return f"{words}*" if point.partial else words


def position_words(one: Comparison) -> str:
    """Where our figure lies beside a published one."""
    if one.found is None or one.position is None:
        return _("Ours is not shown, so nothing is compared.")
    words = {
        Position.ABOVE: _("Ours lies above it, by more than chance allows."),
        Position.WITHIN: _("Ours lies within what chance allows: nobody can say whether it is higher or lower."),
        Position.BELOW: _("Ours lies below it, by more than chance allows."),
    }
    return words[one.position]


def incidence_words(one: Incidence) -> str:
    """When half had it; or why there is no curve."""
    what = _(english.CURVES[one.curve])
    if one.reason:
        return _(
            "%(what)s: fewer than twenty courses began in this period, and single people would draw the curve."
        ) % {"what": capital(what)}
    if one.half_by is None:
        return _("%(what)s: not half of those who began, as far as is known.") % {"what": capital(what)}
    unit = ngettext("session %(n)s", "session %(n)s", one.half_by) if one.clock == "sessions" else _("week %(n)s")
    return _("%(what)s: half of those who began by %(when)s.") % {
        "what": capital(what), "when": unit % {"n": one.half_by},
    }  # fmt: skip


def limit_words(limit: Limit) -> str:
    """A limit as a sentence; without its numbers where those are not published."""
    values = dict(limit.values)
    if limit.code in NO_NUMBERS and not values:
        return str(NO_NUMBERS[limit.code])
    if "share" in values:
        values["share"] *= 100
    return _(english.LIMITS[limit.code]) % values


def refusal_words(refusal: Refusal) -> str:
    """What is wrong with a word, and the sentence to put in its place."""
    return _("“%(word)s” says more than figures without a comparison can bear. Better: “%(better)s”") % {
        "word": refusal.word,
        "better": _(english.BETTER[refusal.better]),
    }
