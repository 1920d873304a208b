"""Who may open a process note: its author, while the client is in their care."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from rapport.practice.episodes.rules import care_of
from rapport.practice.process_notes.models import ProcessNote
from rapport.practice.security.policy.actor import Actor


class NoticeUnread(Exception):
    """The author has not yet read what the law says about process notes here."""


def own_notes(actor: Actor, at: datetime) -> QuerySet[ProcessNote]:
    """The actor's own notes on clients in their care. There is no other way to these rows."""
    in_care = care_of(actor, at).values("client")
    return ProcessNote.objects.select_related("episode", "session").filter(
        author_id=actor.id, episode__client__in=in_care
    )
