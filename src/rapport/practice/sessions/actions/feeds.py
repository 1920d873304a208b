"""The calendar on a therapist's telephone: its secret address, and being read."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Max

from rapport.clinical.sessions.states import SessionState
from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import care_of
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.sessions.choices import FeedTitles
from rapport.practice.sessions.models import CalendarFeed, TherapySession

BEFORE, AHEAD = timedelta(days=28), timedelta(days=366)
A_MINUTE = timedelta(minutes=1)
READINGS_A_MINUTE = 30
NAMESPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
IS_OFF = (SessionState.CANCELLED, SessionState.RESCHEDULED)


class ReadTooOften(Exception):
    """A program asks for the calendar again and again."""

    seconds = 60


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One hour as a calendar program may know it: when, and nothing of whom but initials where they were chosen."""

    uid: UUID
    start: datetime
    end: datetime
    initials: str
    sequence: int
    changed_at: datetime
    is_off: bool


@action
def make_feed(*, actor: Actor, at: datetime, titles: FeedTitles) -> str:
    """A new secret address; the one before leads nowhere from now on. It is shown once, only a hash is kept."""
    require(actor, "edit", Thing("calendar_feed"), at=at)
    _revoke(actor, at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        id=uuid.uuid4(), therapist_id=actor.account, token_hash=_hash(token), titles=titles, made_at=at
    )
    trail.record(actor=actor, action="make", object_type="calendar_feed", object_id=feed.id, at=at, reason=titles)
    return token


@action
def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """The address leads nowhere from now on."""
    require(actor, "edit", Thing("calendar_feed"), at=at)
    for feed_id in _revoke(actor, at):
        trail.record(actor=actor, action="revoke", object_type="calendar_feed", object_id=feed_id, at=at)


@action
def read_feed(*, actor: Actor, at: datetime, token: str) -> tuple[FeedEntry, ...] | None:
    """The hours behind a secret address, counted; None where it leads nowhere."""
    require(actor, "read", Thing("public"), at=at)
    feed = (
        CalendarFeed.objects.select_for_update(of=("self",), no_key=True)
        .filter(token_hash=_hash(token), revoked_at=None, therapist__disabled_at=None)
        .filter(therapist__role_grants__role=Role.THERAPIST, therapist__role_grants__ended_at=None)
        .first()
    )
    if feed is None:
        return None
    _count(feed, at)
    return _entries(feed, at)


def _revoke(actor: Actor, at: datetime) -> list[UUID]:
    standing = CalendarFeed.objects.filter(therapist_id=actor.account, revoked_at=None)
    ids = list(standing.values_list("id", flat=True))
    standing.update(revoked_at=at)
    return ids


def _count(feed: CalendarFeed, at: datetime) -> None:
    is_new = feed.minute_began_at is None or at - feed.minute_began_at >= A_MINUTE
    if not is_new and feed.in_this_minute >= READINGS_A_MINUTE:
        raise ReadTooOften
    CalendarFeed.objects.filter(id=feed.id).update(
        readings=F("readings") + 1,
        last_read_at=at,
        minute_began_at=at if is_new else feed.minute_began_at,
        in_this_minute=1 if is_new else F("in_this_minute") + 1,
    )


def _entries(feed: CalendarFeed, at: datetime) -> tuple[FeedEntry, ...]:
    owner = Actor(feed.therapist_id, frozenset({Role.THERAPIST}))
    rows = list(
        TherapySession.objects.filter(
            therapist_id=feed.therapist_id,
            episode__client__in=care_of(owner, at).values("client"),
            planned_start__gte=at - BEFORE,
            planned_start__lt=at + AHEAD,
        )
        .annotate(changed_at=Max("steps__recorded_at"))
        .select_related("episode")
        .order_by("planned_start", "id")
    )
    called: dict[UUID, str] = {}
    if feed.titles == FeedTitles.INITIALS:
        called = names(viewer=owner, at=at, client_ids=[row.episode.client_id for row in rows])
    return tuple(
        FeedEntry(
            uuid.uuid5(NAMESPACE, str(row.id)),
            row.planned_start,
            row.planned_end,
            _initials(called.get(row.episode.client_id, "")),
            row.version - 1,
            row.changed_at or row.created_at,
            row.state in IS_OFF,
        )
        for row in rows
    )


def _initials(name: str) -> str:
    return "".join(f"{part[0].upper()}." for part in name.split()[:3] if part[0].isalpha())


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
