"""The thread of one course: a score off the expected course, a decision, whether the course bent, and what is open.

An end is open while nobody has decided on a signal, and when the session has come at which somebody wanted to look
again. A signal that nobody answered fades when the course comes back by itself: a yellow one after one score back on
the expected course, a red one after two. After a decision only something worse opens the thread anew, until the session
agreed on; once a thread was ended, any new signal does. House rules (grade C): they order attention and judge nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby, takewhile
from uuid import UUID

from rapport.clinical.outcomes.five_fields import Bend, Decision, bent
from rapport.clinical.outcomes.signals import Signal

WEIGHT: dict[Signal | None, int] = {Signal.YELLOW: 1, Signal.RED: 2}


@dataclass(frozen=True, slots=True)
class ScoreRead:
    """One score and the signal it gave. ``taken_at`` is when the answers were true, ``read_at`` when it was read."""

    instrument: str
    signal: Signal | None
    session: int
    taken_at: datetime
    read_at: datetime
    id: UUID | None = None

    @property
    def off_track(self) -> bool:
        return self.signal is not None and self.signal.off_track


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: which signal it answers, and at which session one looks again (None: the thread ends here)."""

    decision: Decision
    instrument: str
    signal: Signal
    look_again: int | None
    at: datetime


class OpenEnd(StrEnum):
    """What the thread waits for."""

    DECIDE = "decide"
    LOOK_AGAIN = "look_again"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a thread stands. ``signal`` asks for a decision; ``bend`` says what followed the last one."""

    signal: ScoreRead | None
    decided: Decided | None
    bend: Bend | None
    open_end: OpenEnd | None

    @property
    def runs(self) -> bool:
        """Decided upon, and the session at which one looks again lies ahead."""
        return self.open_end is None and self.decided is not None and self.decided.look_again is not None


def standing(scores: Sequence[ScoreRead]) -> ScoreRead | None:
    """The signal of one measure that has not faded: the last score off the course, or the red one before it.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> read = [ScoreRead("phq9", signal, n, at, at) for n, signal in enumerate([Signal.RED, Signal.GREEN], 2)]
    >>> standing(read).session, standing([*read, read[-1]])
    (2, None)
    """
    newest_first = [one for one in reversed(scores) if one.signal is not None]
    back = list(takewhile(lambda one: not one.off_track, newest_first))
    off = takewhile(lambda one: one.off_track, newest_first[len(back) :])
    return next((one for one in off if WEIGHT[one.signal] > len(back)), None)


def standing_signals(scores: Sequence[ScoreRead]) -> dict[str, ScoreRead]:
    """The standing signal of each measure that has one."""
    ordered = sorted(scores, key=lambda one: (one.instrument, one.taken_at))
    found = {name: standing(list(group)) for name, group in groupby(ordered, key=lambda one: one.instrument)}
    return {name: one for name, one in found.items() if one is not None}


def thread_of(scores: Sequence[ScoreRead], decisions: Sequence[Decided], *, held: int = 0) -> Thread | None:
    """Where the thread of one course stands; None if it never left the expected course. ``held`` counts its sessions.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> thread_of([ScoreRead("phq9", Signal.RED, 4, at, at)], []).open_end.value
    'decide'
    """
    last = max(decisions, key=lambda one: one.at, default=None)
    new = [one for one in standing_signals(scores).values() if last is None or _is_new(one, scores, last)]
    asks = max(new, key=lambda one: (WEIGHT[one.signal], one.taken_at), default=None)
    if last is None:
        return None if asks is None else Thread(asks, None, None, OpenEnd.DECIDE)
    bend = bend_after(scores, last)
    if asks is not None:
        return Thread(asks, last, bend, OpenEnd.DECIDE)
    come = max(held, max((one.session for one in scores), default=0))
    due = last.look_again is not None and come >= last.look_again
    return Thread(None, last, bend, OpenEnd.LOOK_AGAIN if due else None)


def bend_after(scores: Sequence[ScoreRead], decided: Decided) -> Bend:
    """Whether the measure that led to a decision came back since."""
    after = [one for one in scores if one.instrument == decided.instrument and one.taken_at > decided.at]
    after.sort(key=lambda one: one.taken_at)
    return bent(after, decided.signal)


def _is_new(one: ScoreRead, scores: Sequence[ScoreRead], last: Decided) -> bool:
    """Whether a standing signal came after the last decision, and is more than what was decided upon."""
    if one.read_at <= last.at:
        return False
    if last.look_again is None:
        return True
    known = [each for each in scores if each.instrument == one.instrument and each.read_at <= last.at]
    before = standing(sorted(known, key=lambda each: each.taken_at))
    return WEIGHT[one.signal] > (0 if before is None else WEIGHT[before.signal])
