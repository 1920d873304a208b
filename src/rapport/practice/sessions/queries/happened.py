"""What happened in the hours of a course and around them, as dates and codes. Whoever shows them records the reading.

Contacts between hours belong to the frame: the therapist of record sees all of them, a colleague their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import find_episode, therapist_of_record
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.choices import BlockKind, SessionEvent
from rapport.practice.sessions.models import ContactEvent, NoteAddendum, ProgressNote, TherapySession
from rapport.practice.sessions.rules import TAKES_TIME, blocks_within


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Hours with who came, notes signed, contacts between hours, time away."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    record = therapist_of_record(row.id)
    return (*_hours(row), *_notes(row), *_contacts(row, viewer, record), *_away(row, viewer, record, at))


def _hours(row: Episode) -> Iterator[Happened]:
    number = 0
    columns = ("id", "planned_start", "started_at", "state", "attendance")
    hours = TherapySession.objects.filter(episode=row).order_by("planned_start").values_list(*columns)
    for key, planned, started, state, attendance in hours:
        counts = state in TAKES_TIME
        number += counts
        if attendance:
            yield Happened(started or planned, SessionEvent.HOUR, attendance, key, number=number if counts else None)


def _notes(row: Episode) -> Iterator[Happened]:
    signed = ProgressNote.objects.filter(episode=row, state=NoteState.SIGNED).values_list("signed_at", "id")
    yield from (Happened(when, SessionEvent.NOTE_SIGNED, id=key) for when, key in signed if when is not None)
    added = NoteAddendum.objects.filter(note__episode=row).values_list("added_at", "note_id")
    yield from (Happened(when, SessionEvent.NOTE_ADDED_TO, id=key) for when, key in added)


def _contacts(row: Episode, viewer: Actor, record: UUID | None) -> Iterator[Happened]:
    found = ContactEvent.objects.filter(episode=row, voided_at=None)
    if viewer.id != record:
        found = found.filter(recorded_by=viewer.account)
    for when, who, why in found.values_list("happened_at", "initiator", "purpose"):
        yield Happened(when, SessionEvent.CONTACT, who, title=why)


def _away(row: Episode, viewer: Actor, record: UUID | None, at: datetime) -> Iterator[Happened]:
    whose = Q(therapist=record) | Q(therapist=None)
    blocks = blocks_within(viewer).filter(
        whose, kind=BlockKind.HOLIDAY, end__gt=row.opened_at, start__lte=row.closed_at or at
    )
    for start, end in blocks.values_list("start", "end"):
        yield Happened(start, SessionEvent.AWAY, until=end)
