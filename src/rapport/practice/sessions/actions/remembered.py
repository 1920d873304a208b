"""One line for the next hour; where the client is; how the room is liked."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.states import Place
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import Remembered, RoomSwitches, SessionStep
from rapport.practice.sessions.models.agenda import REMEMBERED_LABEL
from rapport.practice.sessions.rules import NotNow, line, sessions_in_care

WITHOUT_SEEING = (Place.VIDEO, Place.PHONE)


@action
def remember(*, actor: Actor, at: datetime, session_id: UUID, words: str) -> None:
    """Keep one line for the next hour; written again it replaces the first, and without words it is put aside."""
    session = sessions_in_care(actor, at).filter(id=session_id).first()
    if session is None:
        raise not_found(actor, "edit", Thing("remembered", author=actor.id), at=at)
    client_id = session.episode.client_id
    require(actor, "edit", Thing("remembered", client=client_id, author=actor.id), at=at)
    said = line(words, may_be_empty=True)
    row = Remembered.objects.filter(session=session, author_id=actor.account).first()
    if row is None and not said:
        return
    row = row or Remembered(id=uuid.uuid4(), session=session, author_id=actor.account)
    row.words_sealed = keys.seal(keys.process_note(actor.account, client_id), REMEMBERED_LABEL, row.id, said)
    row.written_at, row.put_aside_at = at, None if said else at
    row.save()
    _trace(actor, at, "remember" if said else "put_aside", row.id, client_id)


@action
def put_aside(*, actor: Actor, at: datetime, remembered_id: UUID) -> None:
    """It was remembered; it need not be shown again."""
    own = Remembered.objects.select_related("session__episode").filter(author_id=actor.account, put_aside_at=None)
    row = own.filter(id=remembered_id, session__in=sessions_in_care(actor, at)).first()
    if row is None:
        raise not_found(actor, "edit", Thing("remembered", id=remembered_id), at=at)
    client_id = row.session.episode.client_id
    require(actor, "edit", Thing("remembered", id=row.id, client=client_id, author=row.author_id), at=at)
    row.put_aside_at = at
    row.save(update_fields=["put_aside_at"])
    _trace(actor, at, "put_aside", row.id, client_id)


@action
def confirm_location(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """The client said where they are, as one needs to know on video or telephone. The place itself is not kept."""
    scribe = Scribe(actor, at)
    session = scribe.own_room(session_id)
    if session.place not in WITHOUT_SEEING or session.started_at is None or session.ended_at is not None:
        raise NotNow("This is asked while an hour by video or telephone runs.")
    if not SessionStep.objects.filter(session=session, kind=StepKind.LOCATED).exists():
        scribe.step(session, StepKind.LOCATED)


@action
def set_room_switches(*, actor: Actor, at: datetime, glow: bool, keys_on: bool) -> None:
    """How one's own room behaves: the glow near the end, and marks by one key."""
    require(actor, "edit", Thing("own_account"), at=at)
    RoomSwitches.objects.update_or_create(
        account_id=actor.account, defaults={"glow": glow, "keys": keys_on, "changed_at": at}
    )
    trail.record(actor=actor, action="switch", object_type="own_room", object_id=None, at=at)


def _trace(actor: Actor, at: datetime, done: str, row_id: UUID, client_id: UUID) -> None:
    trail.record(
        actor=actor, action=done, object_type="remembered", object_id=row_id, client=client_id, at=at,
        private_to=actor.account,
    )  # fmt: skip
