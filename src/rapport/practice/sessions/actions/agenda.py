"""What an hour is to hold: client's wishes first, then in the order given."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.models import AgendaItem, TherapySession
from rapport.practice.sessions.models.agenda import AGENDA_LABEL
from rapport.practice.sessions.rules import AgendaFull, ThingGone, line

MOST = 12


@action
def add_to_agenda(*, actor: Actor, at: datetime, session_id: UUID, words: str, of_client: bool = False) -> UUID:
    """Put one thing on the agenda. The same words of the same side twice are one thing."""
    session = Scribe(actor, at).own_room(session_id)
    said, drawer = line(words), keys.client(session.episode.client_id)
    rows = list(AgendaItem.objects.filter(session=session, dropped_at=None))
    for row in rows:
        if row.of_client == of_client and keys.unseal(drawer, AGENDA_LABEL, row.id, row.words_sealed) == said:
            return row.id
    if len(rows) >= MOST:
        raise AgendaFull("An hour does not hold more than that.")
    last = AgendaItem.objects.filter(session=session).aggregate(last=Max("place"))["last"]
    item_id = uuid.uuid4()
    AgendaItem.objects.create(
        id=item_id,
        session=session,
        words_sealed=keys.seal(drawer, AGENDA_LABEL, item_id, said),
        of_client=of_client,
        place=0 if last is None else last + 1,
        added_at=at,
        added_by=actor.account,
    )
    _trace(actor, at, "add", item_id, session)
    return item_id


@action
def order_agenda(*, actor: Actor, at: datetime, session_id: UUID, item_id: UUID, before: UUID | None) -> None:
    """Put one thing before another, or last. The client's things stay before the therapist's."""
    session = Scribe(actor, at).own_room(session_id)
    item = _item(session, item_id)
    rows = list(AgendaItem.objects.filter(session=session, dropped_at=None).order_by("place"))
    rest = [row for row in rows if row.id != item.id]
    place = next((n for n, row in enumerate(rest) if row.id == before), len(rest))
    rest.insert(place, item)
    for n, row in enumerate(rest):
        if row.place != n:
            AgendaItem.objects.filter(id=row.id).update(place=n)
    _trace(actor, at, "order", item.id, session)


@action
def cover_agenda(*, actor: Actor, at: datetime, session_id: UUID, item_id: UUID, covered: bool = True) -> None:
    """We came to it; or after all not."""
    session = Scribe(actor, at).own_room(session_id)
    item = _item(session, item_id)
    if (item.covered_at is not None) == covered:
        return
    item.covered_at = at if covered else None
    item.save(update_fields=["covered_at"])
    _trace(actor, at, "cover" if covered else "uncover", item.id, session)


@action
def drop_from_agenda(*, actor: Actor, at: datetime, session_id: UUID, item_id: UUID) -> None:
    """Leave it out. It is kept and shown no more."""
    session = Scribe(actor, at).own_room(session_id)
    item = _item(session, item_id)
    item.dropped_at = at
    item.save(update_fields=["dropped_at"])
    _trace(actor, at, "drop", item.id, session)


def _item(session: TherapySession, item_id: UUID) -> AgendaItem:
    item = AgendaItem.objects.filter(session=session, id=item_id, dropped_at=None).first()
    if item is None:
        raise ThingGone("This is not on the agenda any more.")
    return item


def _trace(actor: Actor, at: datetime, done: str, item_id: UUID, session: TherapySession) -> None:
    trail.record(
        actor=actor, action=done, object_type="agenda", object_id=item_id, client=session.episode.client_id, at=at
    )
