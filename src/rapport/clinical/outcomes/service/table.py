"""The columns a service report is made of: one row per episode, one row per score, ids as row numbers.

Days are whole numbers since 1970-01-01 (or ``datetime64``, which is turned into them); a day that has not come is
``NEVER``. Nothing here names a person or a therapist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.statistics.sample import LengthsDiffer, NotANumber, TooFew

Days = NDArray[np.int32]
NEVER = np.iinfo(np.int32).min
PIECE = 1 << 16  # rows that stay in the cache
MOST_SESSIONS = 5_000
EARLIEST, LATEST = -36_525, 73_050  # 1870 to 2170: a day outside is a slip of the pen


class Ending(IntEnum):
    """How an episode ended; OTHER is a transfer, a move, a death: neither planned nor dropped out."""

    OPEN = 0
    PLANNED = 1
    UNPLANNED = 2
    OTHER = 3


class UnknownEpisode(ClinicalError):
    """A score belongs to an episode that is not in the table."""

    code = "unknown_episode"


def days(field: str, values: ArrayLike) -> Days:
    """A column of days.

    >>> days("referred", np.array(["2026-01-05", "NaT"], "datetime64[D]")).tolist() == [20458, NEVER]
    True
    """
    found = np.asarray(values)
    if found.dtype.kind == "M":
        whole = found.astype("datetime64[D]").astype(np.int64)
        whole = np.where(np.isnat(found), NEVER, whole)
    elif found.dtype.kind in "iu":
        whole = found
    elif not found.size:
        return np.empty(0, np.int32)
    else:
        raise NotANumber(field, "This is no column of days.", "Give whole days since 1970-01-01, or datetime64.")
    if whole.size and not EARLIEST <= whole.min() <= whole.max() <= LATEST:
        come = whole[whole != NEVER]
        if come.size and not EARLIEST <= come.min() <= come.max() <= LATEST:
            raise OutOfRange(field, "A day lies outside 1870 to 2170.", "Check how the dates were read.")
    return np.asarray(whole, np.int32)


def pieces(n: int) -> Iterator[slice]:
    """Slices that together make up n rows, each small enough to stay in the cache."""
    return (slice(start, min(start + PIECE, n)) for start in range(0, n, PIECE))


def whole_numbers(field: str, values: ArrayLike, high: int) -> NDArray[np.int32]:
    """A column of whole numbers from 0 to ``high``."""
    found = np.asarray(values)
    if not found.size:
        return np.empty(0, np.int32)
    if found.dtype.kind not in "iu":
        raise NotANumber(field, "This is no column of whole numbers.", "Give integers without gaps.")
    if found.min() < 0 or found.max() > high:
        raise OutOfRange(field, f"A value lies outside 0 to {high:,}.", "Check this column.")
    return np.asarray(found, np.int32)


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """All columns, checked; make one with ``service_table``. ``score_*`` are in the order of time within an episode.

    ``specific``: for each episode the place of the anxiety measure that fits its problem, −1 where that is GAD-7.
    """

    measures: tuple[str, ...]
    referred: Days
    started: Days
    finished: Days
    sessions: NDArray[np.int32]
    ending: NDArray[np.int8]
    score_episode: NDArray[np.int32]
    score_measure: NDArray[np.int8]
    score_day: Days
    score_value: NDArray[np.float32]
    specific: NDArray[np.int8] | None = None

    @property
    def n_episodes(self) -> int:
        return int(self.referred.size)

    @property
    def n_scores(self) -> int:
        return int(self.score_value.size)


def service_table(
    *,
    measures: tuple[str, ...],
    referred: ArrayLike,
    started: ArrayLike,
    finished: ArrayLike,
    sessions: ArrayLike,
    ending: ArrayLike,
    score_episode: ArrayLike,
    score_measure: ArrayLike,
    score_day: ArrayLike,
    score_value: ArrayLike,
    specific: ArrayLike | None = None,
) -> ServiceTable:
    """Check every column once; bring scores into the order of time if they are not in it.

    ``sessions`` counts attended treatment sessions. Scores without a value are left out by whoever makes the table.
    ``specific`` is the place among ``measures`` of the anxiety measure for the problem of each episode, −1 for GAD-7.
    """
    came, began, left = days("referred", referred), days("started", started), days("finished", finished)
    n = came.size
    if not n:
        raise TooFew("referred", "There is no episode.", "Give one row per episode of care.")
    attended = whole_numbers("sessions", sessions, MOST_SESSIONS)
    ended = whole_numbers("ending", ending, max(Ending)).astype(np.int8)
    _same("referred", came, began, left, attended, ended)
    values = _scores(score_value)
    if not np.isfinite(values.sum(dtype=np.float64)):
        raise NotANumber("score_value", "A score is missing or infinite.", "Leave out scores without a value.")
    belongs = whole_numbers("score_episode", score_episode, 2**31 - 2)
    if belongs.size and belongs.max() >= n:
        raise UnknownEpisode("score_episode", "A score belongs to no episode.", "Number episodes from 0 in row order.")
    which = whole_numbers("score_measure", score_measure, max(len(measures) - 1, 0)).astype(np.int8)
    when = days("score_day", score_day)
    _same("score_value", values, belongs, which, when)
    if when.size and when.min() == NEVER:
        raise NotANumber("score_day", "A score has no day.", "Give the day of every score.")
    if not _in_order(belongs, when):
        order = np.argsort(when, kind="stable")
        belongs, which, when, values = belongs[order], which[order], when[order], values[order]
    _check_order(came, began, left, ended)
    fits = None
    if specific is not None:
        places = np.asarray(specific)
        places = places + 1 if places.dtype.kind == "i" else places
        fits = (whole_numbers("specific", places, len(measures)) - 1).astype(np.int8)
        _same("specific", came, fits)
    return ServiceTable(measures, came, began, left, attended, ended, belongs, which, when, values, fits)


def _scores(values: ArrayLike) -> NDArray[np.float32]:
    try:
        return np.asarray(values, np.float32)
    except (TypeError, ValueError):
        raise NotANumber("score_value", "Not every score is a number.", "Leave text out.") from None


def on_scale(table: ServiceTable, measure: int, low: float, high: float) -> bool:
    """Whether every score of one measure lies between the ends of its scale."""
    values = table.score_value
    if not values.size or low <= values.min() <= values.max() <= high:
        return True
    return not any(
        (((values[here] < low) | (values[here] > high)) & (table.score_measure[here] == measure)).any()
        for here in pieces(values.size)
    )


def _same(field: str, *columns: NDArray[np.generic]) -> None:
    if len({one.shape for one in columns}) > 1:
        raise LengthsDiffer(field, "The columns have different lengths.", "Give one value per row in each.")


def _in_order(episode: NDArray[np.int32], day: Days) -> bool:
    """By time over all, or by time within each episode when its scores stand together; looked at piece by piece."""
    by_time = together = True
    for here in pieces(day.size - 1):
        after = slice(here.start + 1, here.stop + 1)
        later = day[after] >= day[here]
        by_time = by_time and bool(later.all())
        if together:
            same = episode[after] == episode[here]
            together = bool(((episode[after] > episode[here]) | (same & later)).all())
        if not by_time and not together:
            return False
    return True


def _check_order(referred: Days, started: Days, finished: Days, ending: NDArray[np.int8]) -> None:
    if (referred == NEVER).any():
        raise NotANumber("referred", "An episode has no day of referral.", "Give it, or leave the episode out.")
    if ((started < referred) & (started != NEVER)).any():
        raise OutOfRange("started", "An episode starts before it was referred.", "Check the two columns.")
    if ((finished < np.maximum(referred, started)) & (finished != NEVER)).any():
        raise OutOfRange("finished", "An episode ends before it began.", "Check the two columns.")
    if ((finished == NEVER) != (ending == Ending.OPEN)).any():
        raise OutOfRange("ending", "An open episode has an end, or an ended one has none.", "Check the two columns.")
