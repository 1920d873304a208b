"""Whoever acts, and what they act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

STEP_UP_LASTS = timedelta(minutes=5)


class Role(StrEnum):
    """What a person is to the practice. Roles grant functions; relationships grant clients."""

    MANAGER = "manager"
    THERAPIST = "therapist"
    CLIENT = "client"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person (or the worker, or nobody), as of this request."""

    id: UUID | None
    roles: frozenset[Role]
    client_id: UUID | None = None
    name: str = ""
    session: str = ""
    stepped_up_at: datetime | None = None

    @property
    def account(self) -> UUID:
        """The account's id, where only a signed-in person can be."""
        if self.id is None:
            raise PermissionError("Nobody is signed in.")
        return self.id

    def known_by(self, account: UUID | None, client: UUID | None) -> Actor:
        """The same roles with these ids and nothing else: what of a person may shape a question to the database."""
        return Actor(account, self.roles, client)

    def is_stepped_up(self, at: datetime) -> bool:
        """Whether the person proved who they are within the last five minutes."""
        return self.stepped_up_at is not None and timedelta() <= at - self.stepped_up_at <= STEP_UP_LASTS


NOBODY = Actor(None, frozenset({Role.NOBODY}))
SYSTEM = Actor(None, frozenset({Role.SYSTEM}), name="Rapport")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on: a resource of the permission matrix and the facts its conditions ask for."""

    resource: str
    id: UUID | None = None
    client: UUID | None = None
    author: UUID | None = None
    released: bool = False
