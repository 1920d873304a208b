"""Hours as a calendar program reads them: when, in the practice's zone, and no word of whom or where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from rapport.practice.sessions.actions import FeedEntry


def written(entries: Sequence[FeedEntry], zone: ZoneInfo) -> bytes:
    """The calendar. The same hours are the same bytes, so that a program can ask whether anything changed."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Rapport//Appointments//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", _("Appointments"))
    calendar.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    if entries:
        first, last = entries[0].start.astimezone(zone).date(), entries[-1].end.astimezone(zone).date()
        around = first.replace(year=first.year - 1, month=1, day=1), last.replace(year=last.year + 1, month=12, day=31)
        calendar.add_component(Timezone.from_tzinfo(zone, str(zone), *around))
    for each in entries:
        calendar.add_component(_event(each, zone))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: FeedEntry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("UID", f"{entry.uid}@rapport")
    event.add("SUMMARY", entry.initials or _("Appointment"))
    event.add("DTSTART", entry.start.astimezone(zone))
    event.add("DTEND", entry.end.astimezone(zone))
    changed = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("SEQUENCE", entry.sequence)
    event.add("STATUS", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if entry.is_off else "OPAQUE")
    event.add("CLASS", "PRIVATE")
    return event
