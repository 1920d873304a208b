"""Of what a service report is made: which periods may be asked for, how courses ended, what is too little to show."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.clinical.outcomes.service.parts import (
    Comparison,
    Limit,
    LimitCode,
    ReportPeriod,
    ReportRate,
    ServiceReport,
    Trend,
    TrendPoint,
)
from rapport.clinical.outcomes.service.publishing import REASON as SMALL_NUMBER
from rapport.clinical.outcomes.service.publishing import publishable
from rapport.clinical.outcomes.service.table import Ending
from rapport.clinical.outcomes.service.wording import Refusal, refused_words
from rapport.practice.outcomes.choices.service import Conclusions, NamedPeriod, ReportScope
from rapport.practice.security.keys import api as keys

CONCLUSIONS_LABEL = "outcomes.service.conclusions"
EVERYTHING = "all"
YEARS_IN_QUARTERS = 2
QUARTERS = 4
FEWEST_FOR_A_RATE = 10  # below, chance alone moves a share by more than sixty points in a hundred
FEWEST_FOR_A_POINT = 5
FEWEST_THERAPISTS = 3  # of two, each knows the other by subtraction
FEWEST_LIMITS = 3
LONGEST = 4_000

COUNTED_LIMITS = frozenset({LimitCode.PAIRING, LimitCode.MISSING_END_DATA, LimitCode.SMALL_N})

EndingsOf = Callable[[Collection[UUID]], Mapping[UUID, Ending]]
_endings: list[EndingsOf] = []


class ConclusionRefused(ValueError):
    """A conclusion cannot be kept so: the field, what is wrong with it, and the words that were refused."""

    def __init__(self, problems: Mapping[str, str], refusals: Mapping[str, tuple[Refusal, ...]]) -> None:
        super().__init__("The conclusions cannot be kept so.")
        self.problems, self.refusals = problems, refusals


class ConclusionsMoved(Exception):
    """Somebody saved other conclusions meanwhile, or the figures are no longer those that were seen."""


def register_endings(found: EndingsOf) -> None:
    """How a course ended is known further up: the duty of endings hands down how to ask."""
    _endings[:] = [found]


def endings_of(episode_ids: Collection[UUID]) -> Mapping[UUID, Ending]:
    """How these courses ended, as far as somebody recorded it."""
    return _endings[0](episode_ids) if _endings else {}


def quarter_of(year: int, number: int) -> ReportPeriod:
    """The calendar quarter 1 to 4 of a year."""
    end = date(year + 1, 1, 1) if number == QUARTERS else date(year, 3 * number + 1, 1)
    return ReportPeriod(date(year, 3 * number - 2, 1), end)


def periods(first: date, today: date) -> tuple[NamedPeriod, ...]:
    """Whole quarters and years only: of two periods that differ by a day, one could be taken from the other.

    >>> [one.code for one in periods(date(2025, 11, 3), date(2026, 2, 1))]
    ['all', '2026', '2026-q1', '2025', '2025-q4']
    """
    begins, ends = _quarter(first), _quarter(today)
    found = [NamedPeriod(EVERYTHING, ReportPeriod(quarter_of(*begins).start, quarter_of(*ends).end))]
    for year in range(today.year, first.year - 1, -1):
        found.append(NamedPeriod(str(year), ReportPeriod(date(year, 1, 1), date(year + 1, 1, 1))))
        if today.year - year < YEARS_IN_QUARTERS:
            found.extend(
                NamedPeriod(f"{year}-q{number}", quarter_of(year, number))
                for number in range(QUARTERS, 0, -1)
                if begins <= (year, number) <= ends
            )
    return tuple(found)


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


@dataclass(frozen=True, slots=True)
class Behind:
    """Who treated whom the figures are made of: of every measured course its last day and its therapist of record."""

    courses: tuple[tuple[date | None, UUID | None], ...]

    def therapists(self, start: date, end: date) -> frozenset[UUID]:
        """Whose courses ended in these days; who is not known is nobody more."""
        return frozenset(who for day, who in self.courses if day and start <= day < end and who)


def published(report: ServiceReport) -> ServiceReport:
    """Fit to be seen beyond whoever treated these people: small numbers out, others rounded, limits without numbers."""
    shown = publishable(report)
    return replace(shown, limits=tuple(_numberless(one) for one in shown.limits))


def _numberless(limit: Limit) -> Limit:
    return replace(limit, values=()) if limit.code in COUNTED_LIMITS else limit


def safe_trends(report: ServiceReport, behind: Behind) -> ServiceReport:
    """A published report whose months and quarters are nobody's own either."""
    return replace(report, trends=tuple(_safe(one, report.period, behind) for one in report.trends))


def _safe(trend: Trend, period: ReportPeriod, behind: Behind) -> Trend:
    """Points of too few go, and then the smallest others, until what is missing from the whole is of enough."""
    ends = [*(one.start for one in trend.points[1:]), period.end]
    whose = [behind.therapists(one.start, end) for one, end in zip(trend.points, ends, strict=True)]
    shown = {
        place
        for place, one in enumerate(trend.points)
        if one.rate.share is not None and len(whose[place]) >= FEWEST_THERAPISTS
    }
    while shown and _points_at_somebody([who for place, who in enumerate(whose) if who and place not in shown]):
        shown.remove(min(shown, key=lambda place: (trend.points[place].rate.out_of or 0, place)))
    points = (one if place in shown else _untold(one) for place, one in enumerate(trend.points))
    return replace(trend, points=tuple(points))


def _points_at_somebody(missing: Sequence[frozenset[UUID]]) -> bool:
    """Whether the points that are left out could be told from the whole and the others."""
    return bool(missing) and (len(missing) == 1 or len(frozenset().union(*missing)) < FEWEST_THERAPISTS)


def _untold(point: TrendPoint) -> TrendPoint:
    rate = replace(point.rate, count=None, out_of=None, share=None, interval=None, reason=SMALL_NUMBER)
    return replace(point, rate=rate)


def readable(report: ServiceReport) -> ServiceReport:
    """The same report without shares of a handful; the counts stay, for they are the reader's own clients."""
    shares = tuple(_or_few(one, FEWEST_FOR_A_RATE) for one in report.rates)
    few = {one.code.value for one in shares if one.share is None}
    return replace(
        report,
        rates=shares,
        trends=tuple(_trend(one, FEWEST_FOR_A_POINT) for one in report.trends),
        comparisons=tuple(_beside(one, few, report) for one in report.comparisons),
    )


def _or_few(rate: ReportRate, fewest: int) -> ReportRate:
    if not rate.out_of or rate.out_of >= fewest:
        return rate
    return replace(rate, share=None, interval=None, reason="too_few")


def _trend(trend: Trend, fewest: int) -> Trend:
    return replace(trend, points=tuple(replace(one, rate=_or_few(one.rate, fewest)) for one in trend.points))


def _beside(one: Comparison, few: Collection[str], report: ServiceReport) -> Comparison:
    effects_are_few = all((each.effect.n or 0) < FEWEST_FOR_A_RATE for each in report.measures)
    if one.figure in few or (one.figure == "d_pre" and effects_are_few):
        return replace(one, found=None, interval=None, position=None, reason="too_few")
    return one


def figures_of(report: ServiceReport) -> str:
    """A fingerprint of the figures, by which conclusions know whether they were drawn from these.

    Comparisons and limits follow from them. What the last digits of a fit come to is no other figure.
    """
    figures = astuple(replace(report, question="", comparisons=(), limits=()))
    return hashlib.sha256(repr(_steady(figures)).encode()).hexdigest()


def _steady(figure: object) -> object:
    if isinstance(figure, tuple):
        return tuple(_steady(one) for one in figure)
    return f"{figure:.6g}" if isinstance(figure, float) else figure


def drawer(scope: ReportScope, author: UUID) -> keys.Compartment:
    """One's own conclusions open with one's own key, the practice's with the practice's."""
    return keys.author(author) if scope is ReportScope.OWN else keys.practice()


def check_conclusions(said: Conclusions) -> Conclusions:
    """As they are kept. Refused: an empty field, fewer than three limits, words uncontrolled figures cannot bear."""
    kept = Conclusions(*(_tidy(words) for words in astuple(said)))
    problems: dict[str, str] = {}
    refusals: dict[str, tuple[Refusal, ...]] = {}
    for each in fields(Conclusions):
        words: str = getattr(kept, each.name)
        if not words:
            problems[each.name] = _("Please fill this in: a report without it is half a report.")
        elif len(words) > LONGEST:
            problems[each.name] = _("This is too long: at most %(longest)d characters.") % {"longest": LONGEST}
        if found := refused_words(words):
            refusals[each.name] = found
    if kept.limits and len([line for line in kept.limits.splitlines() if line.strip()]) < FEWEST_LIMITS:
        problems["limits"] = _("Name at least three limits, one on each line.")
    if problems or refusals:
        raise ConclusionRefused(problems, refusals)
    return kept


def _tidy(words: str) -> str:
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n")).strip()
