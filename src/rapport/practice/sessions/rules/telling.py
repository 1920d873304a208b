"""What a message about an hour says, and whether it still says what is so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.clinical.sessions.states import SessionState
from rapport.practice.clients.rules.zones import place_of
from rapport.practice.sessions.choices import Telling
from rapport.practice.sessions.models import TherapySession

HOLDS_IN: Mapping[Telling, frozenset[SessionState]] = {
    Telling.BOOKED: frozenset({SessionState.PLANNED}),
    Telling.CHANGED: frozenset({SessionState.PLANNED}),
    Telling.REMINDER: frozenset({SessionState.PLANNED}),
    Telling.CANCELLED: frozenset({SessionState.CANCELLED, SessionState.RESCHEDULED}),
}


def still_so(session_id: UUID, start: datetime, kind: str, at: datetime) -> bool:
    """Whether the hour is still to begin then, and stands as the message says."""
    if start <= at:
        return False
    states = HOLDS_IN[Telling(kind)]
    return TherapySession.objects.filter(id=session_id, planned_start=start, state__in=states).exists()


def when_words(start: datetime, own: ZoneInfo, here: ZoneInfo, more: int = 0) -> str:
    """Tuesday 3 March, 10:00: on the client's clock, which is named where it is not the practice's."""
    written = date_format(start.astimezone(own), "l j F, H:i")
    if own != here:
        written = _("%(when)s (%(place)s time)") % {"when": written, "place": place_of(own)}
    if more:
        words = ngettext("%(first)s, and one more after it", "%(first)s, and %(more)d more after it", more)
        written = words % {"first": written, "more": more}
    return written
