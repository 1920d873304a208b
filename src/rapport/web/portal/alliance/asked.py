"""The question of the portal's first page after an hour: how it was, then how freely one could speak."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.practice.alliance.choices import CLOSING_STEPS, FREELY_STEPS, Open
from rapport.practice.alliance.queries import waits_for
from rapport.web.doors.page import PageRequest
from rapport.web.portal.asked import Asked, Timeliness


def asked(request: PageRequest) -> Asked | None:
    """The part that is still open, for a day after the hour."""
    waiting = waits_for(viewer=request.actor, at=request.at)
    if waiting is None:
        return None
    session_id, part = waiting
    if part is Open.CLOSING:
        words, step = _("How was our hour?"), CLOSING_STEPS[0]
        note = _("Four taps and one question. Skip what you like.")
    else:
        words, step = _("How freely could you speak?"), FREELY_STEPS[0]
        note = _("Three taps. Skip what you like.")
    return Asked(words, reverse("portal:closing_step", args=[session_id, step]), Timeliness.AFTER_THE_HOUR, note)
