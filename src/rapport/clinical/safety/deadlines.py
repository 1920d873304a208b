"""By when a person must have looked, and when somebody else is told.

House rule (grade C, no validated figure exists): four working hours, never later than the end of the next working day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.kernel.periods import instant
from rapport.clinical.safety.working_hours import WorkingHours

ACKNOWLEDGE_WITHIN = timedelta(hours=4)
ESCALATE_EVERY = timedelta(hours=1)


def acknowledge_by(raised_at: datetime, hours: WorkingHours) -> datetime:
    """Four working hours after it was raised, capped at the end of the next working day; in UTC.

    >>> from datetime import UTC, time
    >>> hours = WorkingHours.weekly("Europe/London", time(9), time(17))
    >>> acknowledge_by(datetime(2026, 3, 6, 16, tzinfo=UTC), hours).isoformat()  # Friday at four
    '2026-03-09T12:00:00+00:00'
    """
    raised_at = instant("raised_at", raised_at)
    cap = hours.end_of_next_working_day(raised_at)
    return min(hours.after_working_time(raised_at, ACKNOWLEDGE_WITHIN), cap)


def escalation_times(
    raised_at: datetime, due: datetime, hours: WorkingHours, *, until: datetime
) -> tuple[datetime, ...]:
    """When to tell the next person: at half of the working time, at the deadline, then every hour by the clock.

    Hourly escalation does not stop at night: what is overdue stays overdue, and a deputy may be awake. ``until`` is the
    moment up to which times are wanted (inclusive); the list has no natural end.

    >>> from datetime import UTC, time
    >>> hours = WorkingHours.weekly("Europe/London", time(9), time(17))
    >>> raised = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> due = acknowledge_by(raised, hours)
    >>> [moment.hour for moment in escalation_times(raised, due, hours, until=datetime(2026, 3, 2, 15, tzinfo=UTC))]
    [11, 13, 14, 15]
    """
    raised_at, due, until = instant("raised_at", raised_at), instant("due", due), instant("until", until)
    if due <= raised_at:
        raise ClinicalError("due", "A deadline lies after the alert.", "Use acknowledge_by to set it.")
    half = hours.after_working_time(raised_at, hours.working_time(raised_at, due) / 2)
    times = [half] if half < due else []
    moment = due
    while moment <= until:
        times.append(moment)
        moment += ESCALATE_EVERY
    return tuple(moment for moment in times if moment <= until)
