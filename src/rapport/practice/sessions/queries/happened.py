"""What happened in the hours of a course and around them, as dates and codes. Whoever shows them records the reading.

Contacts between hours belong to the frame: the therapist of record sees all of them, a colleague their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import find_episode, therapist_of_record
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.choices import BlockKind, SessionEvent
from rapport.practice.sessions.models import ContactEvent, NoteAddendum, ProgressNote, TherapySession, TimeBlock
from rapport.practice.sessions.rules import TAKES_TIME, blocks_within


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Hours with who came, notes signed, contacts between hours, time away."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    record = therapist_of_record(row.id)
    return (*_hours(row), *_notes(row), *_contacts(row, viewer, record), *_away(row, viewer, record, at))


_all_hours = prepared(
    lambda course: (
        TherapySession.objects.filter(episode=course)
        .order_by("planned_start")
        .values_list("id", "planned_start", "started_at", "state", "attendance")
    )
)
_signed = prepared(
    lambda course: ProgressNote.objects.filter(episode=course, state=NoteState.SIGNED).values_list("signed_at", "id")
)
_addenda = prepared(lambda course: NoteAddendum.objects.filter(note__episode=course).values_list("added_at", "note_id"))


@prepared
def _contacts_of(course: UUID, recorded_by: UUID | None) -> QuerySet[ContactEvent, tuple[datetime, str, str]]:
    found = ContactEvent.objects.filter(episode=course, voided_at=None)
    found = found if recorded_by is None else found.filter(recorded_by=recorded_by)
    return found.values_list("happened_at", "initiator", "purpose")


@prepared
def _holidays(
    viewer: Actor, record: UUID | None, since: datetime, until: datetime
) -> QuerySet[TimeBlock, tuple[datetime, datetime]]:
    whose = Q(therapist=record) | Q(therapist=None)
    blocks = blocks_within(viewer).filter(whose, kind=BlockKind.HOLIDAY, end__gt=since, start__lte=until)
    return blocks.values_list("start", "end")


def _hours(row: Episode) -> Iterator[Happened]:
    number = 0
    for key, planned, started, state, attendance in _all_hours(row.id):
        counts = state in TAKES_TIME
        number += counts
        if attendance:
            yield Happened(started or planned, SessionEvent.HOUR, attendance, key, number=number if counts else None)


def _notes(row: Episode) -> Iterator[Happened]:
    yield from (Happened(when, SessionEvent.NOTE_SIGNED, id=key) for when, key in _signed(row.id) if when is not None)
    yield from (Happened(when, SessionEvent.NOTE_ADDED_TO, id=key) for when, key in _addenda(row.id))


def _contacts(row: Episode, viewer: Actor, record: UUID | None) -> Iterator[Happened]:
    for when, who, why in _contacts_of(row.id, None if viewer.id == record else viewer.account):
        yield Happened(when, SessionEvent.CONTACT, who, title=why)


def _away(row: Episode, viewer: Actor, record: UUID | None, at: datetime) -> Iterator[Happened]:
    for start, end in _holidays(viewer, record, row.opened_at, row.closed_at or at):
        yield Happened(start, SessionEvent.AWAY, until=end)
