"""The practice in which a history happens, and how it is read at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.faults.history.checks import Alert, Answered, Final, Hour, Note

CLIENTS, NOTES, SLOTS = 4, 8, 12
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """Who is there, and what they share."""

    founded: datetime
    manager: Any
    therapist: Any
    other: Any
    clients: tuple[Any, ...]  # their accounts
    courses: tuple[Any, ...]
    forms: tuple[UUID, ...]

    @property
    def slots(self) -> list[datetime]:
        """Hours that overlap each other, so that they are fought for."""
        return [self.founded + 30 * DAY + number * 30 * MINUTE for number in range(SLOTS)]


def lay() -> Ground:
    """Two therapists, a manager, four clients with a form each, and notes to write in."""
    from tests.factories.measures import a_form
    from tests.factories.organisation import a_practice
    from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

    a_practice()
    therapist, other, manager = a_therapist("Mara Okonjo"), a_therapist("Tess Both"), a_manager()
    courses = tuple(a_course(therapist, f"Client {number}", at=AT - 4000 * DAY) for number in range(CLIENTS))
    clients = tuple(client_account(course, f"Client {number}") for number, course in enumerate(courses))
    forms = tuple(a_form(course, client) for course, client in zip(courses, clients, strict=True))
    ground = Ground(AT, manager, therapist, other, clients, courses, forms)
    for number in range(NOTES):
        a_new_note(ground, number)
    return ground


def a_new_note(ground: Ground, number: int) -> UUID:
    """A held hour of long ago with an empty note."""
    from tests.factories.sessions import a_held_hour, a_note

    course = ground.courses[number % CLIENTS]
    start = ground.founded - timedelta(hours=1 + number)
    return a_note(course, a_held_hour(course, start), at=ground.founded)


def read_final(ground: Ground) -> Final:
    """The record as everybody left it."""
    from rapport.practice.episodes.models import CareRelationship
    from rapport.practice.security.audit.models import AuditEvent
    from rapport.practice.sessions.models import ContactEvent, NoteAddendum, TherapySession

    events = Counter(
        (kind, str(thing), name)
        for kind, thing, name in AuditEvent.objects.filter(decision="allow").values_list(
            "object_type", "object_id", "action"
        )
    )
    booked_here = TherapySession.objects.filter(planned_start__gt=ground.founded + DAY)
    return Final(
        notes=_notes(ground),
        hours={
            str(row.id): Hour(
                str(row.therapist_id), str(row.client_id), _minutes(row.planned_start), _minutes(row.planned_end),
                row.state != "cancelled",
            )
            for row in booked_here
        },
        answers=_answers(),
        alerts=_alerts(),
        addenda=frozenset(str(one) for one in NoteAddendum.objects.values_list("id", flat=True)),
        contacts={str(row.id): row.voided_at is not None for row in ContactEvent.objects.all()},
        cares={
            str(row.id): row.ended_at is not None
            for row in CareRelationship.objects.filter(
                account_id=ground.other.account, episode__in=[course.episode for course in ground.courses]
            )
        },
        erased=_erased(),
        events=events,
    )  # fmt: skip


def _minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _notes(ground: Ground) -> dict[str, Note]:
    from rapport.practice.sessions import queries
    from rapport.practice.sessions.models import ProgressNote

    late, found = ground.founded + 40 * DAY, {}
    for note_id in ProgressNote.objects.values_list("id", flat=True):
        facts = queries.note(viewer=ground.therapist, at=late, note_id=note_id)
        text = facts.sections.get("text", "")
        found[str(note_id)] = Note(facts.version, text, facts.text_hash, facts.state == "signed", facts.is_intact)
    return found


def _answers() -> dict[str, Answered]:
    from rapport.practice.measures.models import Answer
    from rapport.practice.measures.rules.record import value_of

    rows = Answer.objects.filter(item="9").select_related("administration", "led_to")
    return {
        str(row.id): Answered(
            bool(value_of(row, row.administration.client_id)),
            str(row.led_to.alert_id) if hasattr(row, "led_to") else None,
        )
        for row in rows
    }


def _alerts() -> dict[str, Alert]:
    from rapport.practice.safety.models import Alert as Row

    return {str(row.id): Alert(row.times, row.owner_id is not None) for row in Row.objects.all()}


def _erased() -> dict[str, bool]:
    """Clients who were erased, and whether their name still opens."""
    from rapport.practice.clients.models import Client
    from rapport.practice.clients.rules.record import name_of
    from rapport.practice.security.keys.api import KeyDestroyed

    found = {}
    for row in Client.objects.exclude(erased_at=None):
        try:
            found[str(row.id)] = bool(name_of(row))
        except KeyDestroyed:
            found[str(row.id)] = False
    return found
