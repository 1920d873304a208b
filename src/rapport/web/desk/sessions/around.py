"""What stands around one hour: where its messages are, and what it costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rapport.practice.post.rules import reason_words
from rapport.practice.sessions import queries
from rapport.web.desk.sessions.forms import WaiverForm
from rapport.web.doors.page import PageRequest


def around(request: PageRequest, session_id: UUID, *, planned: bool) -> dict[str, Any]:
    """The context of the two sheets of a session's page."""
    viewer, at = request.actor, request.at
    messages = queries.messages_of(viewer=viewer, at=at, session_id=session_id)
    return {
        "post": [(row, reason_words(row.reason)) for row in messages.sent],
        "no_reminder": reason_words(messages.held or "") if planned and messages.reminds else "",
        "confirmed": planned and session_id in queries.confirmed_hours(viewer=viewer, at=at, session_ids=[session_id]),
        "charge": queries.charge_of(viewer=viewer, at=at, session_id=session_id),
        "waiver_form": WaiverForm(),
    }
