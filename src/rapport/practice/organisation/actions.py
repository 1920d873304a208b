"""Founding and changing the practice."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.practice.organisation.choices import Jurisdiction, Kept, Pack, PracticeTerms
from rapport.practice.organisation.models import Practice, Room, Safekeeping
from rapport.practice.organisation.rules import (
    ROOM_LENGTH,
    PracticeRefused,
    check_pack,
    check_terms,
    one_line,
    shipped_pack,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


class AlreadyFounded(Exception):
    """This installation has its practice."""


class NotYetFounded(Exception):
    """There is no practice to change yet."""


@action
def found_practice(*, actor: Actor, at: datetime, terms: PracticeTerms, jurisdiction: Jurisdiction) -> UUID:
    """Found the one practice of this installation, with its own copy of a jurisdiction pack."""
    require(actor, "found", Thing("organisation"), at=at)
    if Practice.objects.exists():
        raise AlreadyFounded("This installation already has its practice.")
    row = Practice.objects.create(
        id=uuid.uuid4(),
        jurisdiction=jurisdiction,
        pack=shipped_pack(jurisdiction),
        founded_at=at,
        **check_terms(terms),
    )
    _changed(actor, at, "found", row.id)
    return row.id


@action
def note_safekeeping(*, actor: Actor, at: datetime, kept: Kept) -> UUID:
    """Keep that a backup was made or brought back, or that this failed."""
    require(actor, "note", Thing("safekeeping"), at=at)
    row = Safekeeping.objects.create(
        id=uuid.uuid4(),
        kind=kept.kind,
        at=kept.at,
        good=kept.good,
        place=kept.place,
        seconds=kept.seconds,
        rows=kept.rows,
        problem=kept.problem,
    )
    trail.record(actor=actor, action="note", object_type="safekeeping", object_id=row.id, at=at, purpose="practice")
    return row.id


@action
def edit_practice(*, actor: Actor, at: datetime, terms: PracticeTerms) -> None:
    """Change name, alias, telephone, zone, working time, holidays or who is on call."""
    require(actor, "edit", Thing("organisation"), at=at)
    row = _practice()
    Practice.objects.filter(id=row.id).update(**check_terms(terms))
    _changed(actor, at, "edit", row.id)


@action
def edit_pack(*, actor: Actor, at: datetime, pack: Pack) -> None:
    """Change the practice's own copy of its jurisdiction pack."""
    require(actor, "edit", Thing("organisation"), at=at)
    row = _practice()
    Practice.objects.filter(id=row.id).update(pack=check_pack(pack))
    _changed(actor, at, "edit", row.id, reason="pack")


@action
def change_jurisdiction(*, actor: Actor, at: datetime, jurisdiction: Jurisdiction) -> None:
    """Begin again with the pack of another jurisdiction as it ships."""
    require(actor, "edit", Thing("organisation"), at=at)
    row = _practice()
    Practice.objects.filter(id=row.id).update(jurisdiction=jurisdiction, pack=shipped_pack(jurisdiction))
    _changed(actor, at, "edit", row.id, reason=f"jurisdiction {jurisdiction}")


@action
def add_room(*, actor: Actor, at: datetime, name: str) -> UUID:
    """Add a room one can meet in."""
    require(actor, "edit", Thing("organisation"), at=at)
    tidy = one_line("name", name, longest=ROOM_LENGTH)
    if tidy.casefold() in {room.name.casefold() for room in Room.objects.filter(closed_at=None)}:
        raise PracticeRefused("name", _("There is already a room called “%(name)s”.") % {"name": tidy})
    room = Room.objects.create(id=uuid.uuid4(), name=tidy, added_at=at)
    trail.record(actor=actor, action="create", object_type="meeting_room", object_id=room.id, at=at, purpose="practice")
    return room.id


@action
def close_room(*, actor: Actor, at: datetime, room_id: UUID) -> None:
    """Give a room up. What took place in it keeps its place."""
    thing = Thing("organisation", id=room_id)
    require(actor, "edit", thing, at=at)
    if not Room.objects.filter(id=room_id, closed_at=None).update(closed_at=at):
        raise not_found(actor, "edit", thing, at=at)
    trail.record(actor=actor, action="close", object_type="meeting_room", object_id=room_id, at=at, purpose="practice")


def _practice() -> Practice:
    row = Practice.objects.select_for_update(no_key=True).first()
    if row is None:
        raise NotYetFounded("Found the practice first.")
    return row


def _changed(actor: Actor, at: datetime, verb: str, practice_id: UUID, reason: str = "") -> None:
    trail.record(
        actor=actor, action=verb, object_type="organisation", object_id=practice_id, at=at, purpose="practice",
        reason=reason,
    )  # fmt: skip
