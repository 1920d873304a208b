"""Safe contact in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rapport.practice.clients.choices import SafeContact
from rapport.web.desk.clients.forms import CHANNELS


@dataclass(frozen=True, slots=True)
class SafeWords:
    """Which channels are on, and when they may be used."""

    channels: tuple[tuple[str | Promise, bool], ...]
    when: str


def safe_words(contact: SafeContact) -> SafeWords:
    """A safe contact as a therapist reads it."""
    channels = tuple((label, contact.allows(channel)) for channel, label in CHANNELS)
    return SafeWords(channels, f"{_days(contact)}, {_hours(contact)}")


def _days(contact: SafeContact) -> str:
    if len(contact.days) == len(WEEKDAYS):
        return _("Any day")
    return ", ".join(str(WEEKDAYS[day]) for day in sorted(contact.days))


def _hours(contact: SafeContact) -> str:
    starts = time_format(contact.hours_from, "H:i") if contact.hours_from else ""
    ends = time_format(contact.hours_until, "H:i") if contact.hours_until else ""
    if starts and ends:
        return _("between %(starts)s and %(ends)s") % {"starts": starts, "ends": ends}
    if starts:
        return _("from %(starts)s") % {"starts": starts}
    return _("until %(ends)s") % {"ends": ends} if ends else _("at any hour")
