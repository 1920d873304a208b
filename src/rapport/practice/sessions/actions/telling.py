"""Writing to a client about an hour: through the outbox, in neutral words, with a link to answer by."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from rapport.practice.clients.queries import zones
from rapport.practice.organisation.queries import practice
from rapport.practice.post.actions import queue
from rapport.practice.post.rules import permission
from rapport.practice.security.accounts.queries import language_to, token_hash
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.choices import Telling
from rapport.practice.sessions.models import AnswerLink, TherapySession
from rapport.practice.sessions.rules.telling import when_words


@action
def tell_client(
    *, actor: Actor, at: datetime, session: TherapySession, kind: Telling, cause: str, more: int = 0
) -> UUID | None:
    """Write to the client about an hour to come, if the practice does so and they allow it.

    The same cause is the same message. Safe contact is asked again when it leaves, and so is whether it is still so.
    """
    here = practice(viewer=actor, at=at)
    does = here.reminder_hours is not None if kind is Telling.REMINDER else here.confirms
    client_id = session.episode.client_id
    if not does or session.planned_start <= at or permission(client_id, kind, at).held:
        return None
    zone = zones(viewer=actor, at=at, client_ids=[client_id])[client_id]
    with override(language_to(client_id=client_id)):
        params = {"when": when_words(session.planned_start, zone, here.zone, more)}
    if kind is not Telling.CANCELLED and not more:
        params["link"] = _new_link(session, at)
    return queue(
        actor=actor,
        at=at,
        kind=kind,
        client_id=client_id,
        account_id=None,
        params=params,
        dedupe=f"{kind}:{session.id}:{cause}",
        about_id=session.id,
        about_at=session.planned_start,
    )


@action
def tell_of_all(*, actor: Actor, at: datetime, sessions: Iterable[TherapySession], kind: Telling, cause: str) -> None:
    """One message for all of several hours of a client: it names the first to come and counts the rest."""
    coming = sorted((each for each in sessions if each.planned_start > at), key=lambda each: each.planned_start)
    for first in coming[:1]:
        tell_client(actor=actor, at=at, session=first, kind=kind, cause=cause, more=len(coming) - 1)


def _new_link(session: TherapySession, at: datetime) -> str:
    """A link for this hour at this time. The token is known only in the message, which is sealed until it left."""
    token = secrets.token_urlsafe(32)
    AnswerLink.objects.create(
        id=uuid.uuid4(),
        session=session,
        planned_start=session.planned_start,
        token_hash=token_hash(token),
        made_at=at,
    )
    return settings.INSTALLATION.origin.rstrip("/") + reverse("entrance:appointment", args=[token])
