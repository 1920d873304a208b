"""When people leave, when they improve, and how many sessions those who recovered had."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.service.ends import Rows
from rapport.clinical.outcomes.service.flags import Outcomes
from rapport.clinical.outcomes.service.parts import (
    Clock,
    Counted,
    Curve,
    CurvePoint,
    Dose,
    DosePoint,
    Incidence,
    RateCode,
)
from rapport.clinical.outcomes.service.rates import ENDINGS_UNKNOWN, rate
from rapport.clinical.outcomes.service.table import NEVER, Days, Ending, ServiceTable
from rapport.clinical.statistics.dose_response import dose_response_of_counts
from rapport.clinical.statistics.survival.aalen_johansen import cumulative_incidence

WEEK = 7
FEWEST = 20


def _incidences(
    times: NDArray[np.int32], causes: NDArray[np.int8], curves: Sequence[Curve], n_causes: int, clock: Clock
) -> tuple[Incidence, ...]:
    """The curves of the first causes; none for a handful of people."""
    if times.size < FEWEST:
        return tuple(Incidence(curve, clock, times.size, (), None, "too_few") for curve in curves)
    found = cumulative_incidence(times, causes, n_causes)
    made = []
    for place, curve in enumerate(curves):
        rows = zip(
            found.counts.times.tolist(),
            found.share[:, place].tolist(),
            found.low[:, place].tolist(),
            found.high[:, place].tolist(),
            strict=True,
        )
        points = tuple(CurvePoint(int(time), share, low, high) for time, share, low, high in rows)
        half = next((point.time for point in points if point.share >= 0.5), None)
        made.append(Incidence(curve, clock, times.size, points, half))
    return tuple(made)


def endings(table: ServiceTable, began: Rows) -> tuple[Incidence, ...]:
    """Unplanned endings by session attended, with planned and other endings competing; open episodes are censored."""
    return _incidences(
        table.sessions.take(began),
        _causes(table.ending.take(began)),
        (Curve.UNPLANNED_ENDING, Curve.PLANNED_ENDING),
        3,
        Clock.SESSIONS,
    )


def without_endings(curves: Sequence[Incidence]) -> tuple[Incidence, ...]:
    """The same curves where nobody knows how courses ended: those of leaving are unknown."""
    return tuple(
        one
        if one.curve is Curve.RELIABLE_IMPROVEMENT
        else Incidence(one.curve, one.clock, one.n, (), None, ENDINGS_UNKNOWN)
        for one in curves
    )


def _causes(ending: NDArray[np.int8]) -> NDArray[np.int8]:
    order = np.zeros(len(Ending), np.int8)
    order[Ending.UNPLANNED], order[Ending.PLANNED], order[Ending.OTHER] = 1, 2, 3
    return np.asarray(order[ending])


def improvement(
    table: ServiceTable, began: Rows, first_day: Days, last_day: Days, improved: Days
) -> tuple[Incidence, ...]:
    """Weeks from the first score to the first reliable improvement, with leaving before it competing."""
    here = began[first_day.take(began) != NEVER]
    first, hit, end = first_day.take(here), improved.take(here), table.finished.take(here)
    causes = np.where(hit != NEVER, np.int8(1), np.where(end != NEVER, np.int8(2), np.int8(0)))
    until = np.where(hit != NEVER, hit, np.maximum(end, last_day.take(here)))  # NEVER lies before every day
    weeks = (until - first) // WEEK
    return _incidences(weeks, causes, (Curve.RELIABLE_IMPROVEMENT, Curve.LEFT_WITHOUT), 2, Clock.WEEKS)


def dose(sessions: NDArray[np.int32], found: Outcomes) -> Dose:
    """Recovered by number of sessions, among paired episodes that began as a case."""
    crossed = found.crossed
    if crossed is None:
        return Dose(None, None, None, (), "no_cut_off")
    cases = found.paired & ~found.below
    had, well = sessions[cases], crossed[cases]
    if had.size < FEWEST:
        return Dose(had.size, None, None, (), "too_few")
    of, hits = np.bincount(had), np.bincount(had[well], minlength=int(had.max()) + 1)
    seen = np.flatnonzero(of)
    points = tuple(
        DosePoint(int(n), rate(RateCode.RECOVERY_PAIRED, Counted.PAIRED_CASES, int(hits[n]), int(of[n]))) for n in seen
    )
    try:
        curve = dose_response_of_counts(seen, hits[seen], of[seen])
    except ClinicalError as refused:
        return Dose(had.size, None, None, points, refused.code)
    if curve.fit.coefficients[1] <= 0:
        return Dose(had.size, None, None, points, "falls_with_sessions")
    if not math.isfinite(curve.interval[1]):
        return Dose(had.size, None, None, points, "no_spread")
    return Dose(had.size, curve.ed50, curve.interval, points)
