"""One practice in files, with a therapist, a client, a form and a note: the ground on which every campaign works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from rapport.config.environment import Installation, read_installation
from rapport.config.operations import installation as installations

if TYPE_CHECKING:
    from tests.factories.people import Course

    from rapport.practice.security.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Ground:
    """Who works, on what, and where it is kept."""

    installation: Installation
    therapist: Actor
    client: Actor
    course: Course
    form: UUID
    note: UUID

    @property
    def backups(self) -> Path:
        return self.installation.data.parent / "backups"


def activate(data: Path) -> None:
    """Set Django up, once, for every child to come."""
    installations.activate(read_installation(data))


def bring_up(data: Path) -> Ground:
    """Bring an empty installation up as serving does, and fill it."""
    installations.prepare()
    from tests.factories.measures import a_form
    from tests.factories.organisation import a_practice
    from tests.factories.people import a_course, a_therapist, client_account
    from tests.factories.sessions import a_note, an_hour

    from rapport.practice.security.keys import renewal

    renewal.BATCH = 3  # many transactions in a small practice
    a_practice()
    therapist = a_therapist()
    course = a_course(therapist)
    client = client_account(course)
    note = a_note(course, an_hour(course))
    return Ground(read_installation(data), therapist, client, course, a_form(course, client), note)


def close_connections() -> None:
    """A connection does not survive a fork."""
    from django.db import connections

    for connection in connections.all():
        connection.close()
