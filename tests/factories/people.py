"""Therapists, managers and clients."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.test import Client as Browser

from rapport.practice.clients.models import Client
from rapport.practice.clients.queries import NAME_LABEL
from rapport.practice.episodes.actions.steps import Course as StepsOf
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import CareRelationship, Episode
from rapport.practice.foundation import clock
from rapport.practice.security.accounts.actions import open_account, open_sign_in
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOUNDER = Actor(UUID(int=1), frozenset({Role.MANAGER}), name="Founder")


def staff(name: str, *roles: Role, at: datetime = AT) -> Actor:
    """Somebody who works here, with an account."""
    email = f"{name.lower().replace(' ', '.')}.{uuid.uuid4().hex[:6]}@practice.example"
    account = open_account(actor=FOUNDER, at=at, email=email, name=name, roles=frozenset(roles))
    return Actor(account, frozenset(roles), name=name, stepped_up_at=at)


def a_therapist(name: str = "Mara Okonjo") -> Actor:
    return staff(name, Role.THERAPIST)


def a_manager(name: str = "Ruth Lind") -> Actor:
    return staff(name, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Course:
    """A client in care: the ids a test needs."""

    client: UUID
    episode: UUID
    therapist: Actor


def a_course(therapist: Actor, name: str = "Jonas Weber", at: datetime = AT) -> Course:
    """A client with an open episode, in therapy already, in this therapist's care."""
    client_id = uuid.uuid4()
    keys.create_compartment("client", client_id)
    client = Client.objects.create(
        id=client_id,
        name_sealed=keys.seal(keys.client(client_id), NAME_LABEL, client_id, name),
        created_at=at,
        created_by=therapist.account,
    )
    episode = Episode.objects.create(client=client, opened_at=at)
    CareRelationship.objects.create(
        account_id=therapist.account, client=client, episode=episode, started_at=at, granted_by=therapist.account
    )
    StepsOf(episode, therapist, at).write_state(EpisodeState.ACTIVE, "", number=1)
    return Course(client_id, episode.id, therapist)


def client_account(course: Course, name: str = "Jonas Weber", at: datetime = AT) -> Actor:
    """The client's own account in the portal."""
    account = open_account(
        actor=course.therapist,
        at=at,
        email=f"client.{uuid.uuid4().hex[:8]}@mail.example",
        name=name,
        roles=frozenset({Role.CLIENT}),
        client_id=course.client,
    )
    return Actor(account, frozenset({Role.CLIENT}), client_id=course.client, name=name)


def signed_in(actor: Actor) -> Browser:
    """A browser in which this person signed in just now."""
    browser = Browser()
    token = open_sign_in(actor=actor, at=clock.now(), account_id=actor.account, second_factor="totp")
    browser.cookies[settings.SESSION_COOKIE_NAME] = token
    return browser
