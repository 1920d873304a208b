"""The service report: a period and a question in, everything that may be said of it out.

Population of each part: the *flow* follows those referred in the period as far as the table knows; *rates*, measures
and trends are of courses finished in the period (ended, two treatment sessions or more), people without a second score
included; *missing data* of everybody whose episode ended in the period with a first score; *curves* of those who
started in the period, with open episodes censored.

Limits: numbers of one service without a control. Nothing here compares therapists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.nhs_talking_therapies import threshold
from rapport.clinical.outcomes.service.changes import measure_result, missing_table
from rapport.clinical.outcomes.service.ends import Ends, Flags, Rows, ends_of, first_improvement
from rapport.clinical.outcomes.service.flags import Outcomes, outcomes, paired_by_rule
from rapport.clinical.outcomes.service.flow import TREATED_FROM, activity, finished_course, flow, within
from rapport.clinical.outcomes.service.modelling import modelled
from rapport.clinical.outcomes.service.parts import (
    Comparison,
    Design,
    Dose,
    Grain,
    Incidence,
    LimitCode,
    MeasureResult,
    MissingTable,
    ReportPeriod,
    Rule,
    ServiceReport,
)
from rapport.clinical.outcomes.service.rates import EPOCH, rates, selections, trends
from rapport.clinical.outcomes.service.standing import Context, comparisons, limits
from rapport.clinical.outcomes.service.table import NEVER, Ending, ServiceTable, on_scale
from rapport.clinical.outcomes.service.timing import dose, endings, improvement, without_endings
from rapport.clinical.outcomes.yardstick import Yardstick


class NoYardstick(ClinicalError):
    """A measure of the table came without the rule to read it by."""

    code = "no_yardstick"


def _check(table: ServiceTable, period: ReportPeriod, rules: Mapping[str, Yardstick]) -> None:
    """Every measure has its rule, every score lies on its scale, and the period has a day."""
    if not table.measures:
        raise NoYardstick("measures", "There is no measure.", "Name at least one column of scores.")
    for place, measure in enumerate(table.measures):
        if measure not in rules:
            raise NoYardstick(measure, "Nothing says how to read this measure.", "Give its yardstick.")
        if not on_scale(table, place, rules[measure].low, rules[measure].high):
            ends = f"{rules[measure].low:g} to {rules[measure].high:g}"
            raise OutOfRange(measure, f"A score lies outside {ends}.", "Check the column and which measure it is.")
    if period.end <= period.start:
        raise ClinicalError("period", "The period ends before it begins.", "Give the day after the last as its end.")


@dataclass(frozen=True, slots=True)
class _Whom:
    """Who belongs to which part of the report: row numbers, but for the flow."""

    referred: Flags
    started: Rows
    ended: Rows
    finished: Rows


def service_report(
    table: ServiceTable,
    period: ReportPeriod,
    yardsticks: Mapping[str, Yardstick],
    *,
    question: str = "",
    grain: Grain = Grain.QUARTER,
    design: Design = Design.UNCONTROLLED,
    therapist_assessed: bool = False,
    endings_known: bool = True,
    growth_line: bool = True,
    tell: Callable[[float], None] = lambda share: None,
) -> ServiceReport:
    """Make the report. ``tell`` is told the share done; measures are read by ``yardsticks`` (see ``yardstick``).

    ``endings_known=False`` says that episodes were guessed from scores: whatever rests on waiting, on sessions attended
    or on how a course ended is unknown then. ``growth_line=False`` leaves out the growth line among the ways of dealing
    with missing scores.
    """
    _check(table, period, yardsticks)
    ends = ends_of(table)
    tell(0.4)
    paired = paired_by_rule(ends, table)
    whom = _whom(table, period)
    found = outcomes(ends, table, yardsticks, whom.finished)
    ended = table.ending if endings_known else None
    chosen = selections(found, None if ended is None else ended.take(whom.finished) == Ending.UNPLANNED)
    shares = rates(chosen)
    series = trends(chosen, table.finished.take(whom.finished), period, grain)
    tell(0.6)
    planned = None if ended is None else ended == Ending.PLANNED
    results, missing = _measures(table, ends, whom, yardsticks, planned, growth_line=growth_line)
    beside = comparisons(shares, results, found.rule, period)
    tell(0.8)
    dosed = dose(table.sessions.take(whom.finished), found)
    context = Context(design, therapist_assessed, len(beside), _doubtful(table, yardsticks, found, beside))
    report = ServiceReport(
        question=question,
        period=period,
        design=design,
        rule=found.rule,
        rule_measures=found.measures,
        activity=activity(whom.referred, whom.started, whom.finished, paired),
        flow=flow(table, whom.referred, finished_course(table), paired),
        rates=shares,
        measures=results,
        trends=series,
        comparisons=beside,
        missing=missing,
        endings=endings(table, whom.started),
        improvement=_improvement(table, ends, whom.started, yardsticks[table.measures[0]]),
        dose=dosed,
        limits=limits(shares, series, context, dosed.half_by is not None),
    )
    tell(1.0)
    return report if endings_known else _guessed(report)


def _guessed(report: ServiceReport) -> ServiceReport:
    """Without what only a record of episodes could tell."""
    return replace(
        report,
        flow=(),
        endings=without_endings(report.endings),
        improvement=without_endings(report.improvement),
        dose=Dose(None, None, None, (), "sessions_unknown"),
        limits=tuple(one for one in report.limits if one.code is not LimitCode.DOSE_CONFOUNDED),
        endings_known=False,
    )


def _doubtful(
    table: ServiceTable, rules: Mapping[str, Yardstick], found: Outcomes, beside: Sequence[Comparison]
) -> int:
    """How many values nobody has checked against their source yet."""
    values = [rules[one].verified for one in table.measures] + [one.benchmark.verified for one in beside]
    if found.rule is Rule.NHS_PAIR:
        values += [threshold(one).verified for one in found.measures]
    return values.count(False)


def _whom(table: ServiceTable, period: ReportPeriod) -> _Whom:
    start, end = period.start.toordinal() - EPOCH, period.end.toordinal() - EPOCH
    ended = np.flatnonzero(within(table.finished, start, end) & (table.started != NEVER))
    return _Whom(
        within(table.referred, start, end),
        np.flatnonzero(within(table.started, start, end)),
        ended,
        ended[table.sessions.take(ended) >= TREATED_FROM],
    )


def _measures(
    table: ServiceTable,
    ends: Ends,
    whom: _Whom,
    rules: Mapping[str, Yardstick],
    planned: Flags | None,
    *,
    growth_line: bool,
) -> tuple[tuple[MeasureResult, ...], tuple[MissingTable, ...]]:
    results, missing = [], []
    for place, measure in enumerate(table.measures):
        rule = rules[measure]
        results.append(measure_result(ends, place, measure, rule, whom.finished))
        carried = missing_table(ends, place, measure, rule, whom.ended, planned)
        if growth_line:
            carried = replace(carried, rows=(modelled(table, ends, place, rule, whom.ended), *carried.rows))
        missing.append(carried)
    return tuple(results), tuple(missing)


def _improvement(table: ServiceTable, ends: Ends, began: Rows, rule: Yardstick) -> tuple[Incidence, ...]:
    """Time to reliable improvement on the first measure; nothing where no rule says what is reliable."""
    if rule.least_change is None:
        return ()
    improved = first_improvement(table, ends.first[0], 0, rule)
    return improvement(table, began, ends.first_day[0], ends.last_day[0], improved)
