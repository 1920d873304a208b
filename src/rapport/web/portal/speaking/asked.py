"""The question before an hour, for the portal's first page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.practice.speaking.queries import hour_to_prepare
from rapport.web.doors.page import PageRequest
from rapport.web.portal.asked import Asked, Timeliness


def asked(request: PageRequest) -> Asked | None:
    """What would make the next hour useful? Asked once; whoever began to answer is not asked again."""
    hour = hour_to_prepare(viewer=request.actor, at=request.at)
    if hour is None or hour.saved_at is not None:
        return None
    return Asked(
        words=_("What would make our next hour useful?"),
        href=reverse("portal:prepare", args=[hour.session_id]),
        when=Timeliness.BEFORE_THE_HOUR,
        note=_("Three small questions. You may skip them all."),
    )
