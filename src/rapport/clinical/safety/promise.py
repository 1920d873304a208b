"""What the client's screen may truthfully say about who reads an answer, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rapport.clinical.kernel.periods import instant
from rapport.clinical.safety.deadlines import acknowledge_by
from rapport.clinical.safety.working_hours import NobodyWorks, WorkingHours


class PromiseCode(StrEnum):
    """READ_BY: a named person reads it by an instant. NOBODY_READS: nothing may be promised."""

    READ_BY = "read_by"
    NOBODY_READS = "nobody_reads"


@dataclass(frozen=True, slots=True)
class Promise:
    """A statement the practice can keep. It is never watched live: the screen must say so."""

    code: PromiseCode
    reader: str | None
    read_by: datetime | None
    open_now: bool
    watched_live: bool = False


def promise(raised_at: datetime, hours: WorkingHours | None, reader: str | None) -> Promise:
    """Promise a reader and a time only if there is a reader and there are hours.

    >>> from datetime import UTC, time
    >>> hours = WorkingHours.weekly("Europe/London", time(9), time(17))
    >>> promise(datetime(2026, 3, 2, 10, tzinfo=UTC), hours, "Dr Okafor").code.value
    'read_by'
    >>> promise(datetime(2026, 3, 2, 10, tzinfo=UTC), None, "Dr Okafor").code.value
    'nobody_reads'
    """
    raised_at = instant("raised_at", raised_at)
    if hours is None or not reader:
        return Promise(PromiseCode.NOBODY_READS, None, None, open_now=False)
    try:
        read_by = acknowledge_by(raised_at, hours)
    except NobodyWorks:
        return Promise(PromiseCode.NOBODY_READS, None, None, open_now=False)
    return Promise(PromiseCode.READ_BY, reader, read_by, open_now=hours.open_at(raised_at))
