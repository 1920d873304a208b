"""The waiting list, the times that have become free, and whom they fit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.clinical.sessions.states import Place
from rapport.clinical.sessions.waiting import Fit, Wish, in_order
from rapport.practice.clients.queries import names, zones
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.queries import caseload
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import OfferState, OfferWay
from rapport.practice.sessions.models import SlotOffer
from rapport.practice.sessions.models.waiting import WISH_LABEL
from rapport.practice.sessions.rules import FreedTime, freed_times, offers_within, wish_of, wishes_within

WAITS = frozenset({EpisodeState.WAITING, EpisodeState.OFFERED})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits: with a wish, or (without its id) only because their course stands there."""

    episode_id: UUID
    client_id: UUID
    client_name: str
    state: EpisodeState
    since: datetime
    wish_id: UUID | None = None
    wish: Wish | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer of a freed time, as its therapist or its client sees it."""

    id: UUID
    wish_id: UUID
    freed_id: UUID
    client_name: str
    start: datetime
    end: datetime
    place: Place
    way: OfferWay
    state: OfferState
    offered_at: datetime
    session_id: UUID | None
    zone: ZoneInfo | None = None  # the client's own; told to whoever holds the link

    @property
    def minutes(self) -> int:
        return round((self.end - self.start).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class FreedFor:
    """A freed time, whom of those who wait it fits, and to whom it was offered."""

    free: FreedTime
    fits: tuple[tuple[Waiting, Fit], ...]
    offers: tuple[OfferFacts, ...]


def waiting_list(*, viewer: Actor, at: datetime) -> tuple[Waiting, ...]:
    """Everybody in the viewer's care who waits, who has waited longest first."""
    require(viewer, "list", Thing("waiting"), at=at)
    courses = {each.id: each for each in caseload(viewer=viewer, at=at)}
    found = []
    for row in wishes_within(viewer, at):
        course = courses.pop(row.episode_id, None)
        if course is None:
            continue
        drawer = keys.client(course.client_id)
        words = ""
        if row.words_sealed:
            words = keys.unseal_or("", drawer, WISH_LABEL, row.id, row.words_sealed)
        trail.reading(actor=viewer, kind="waiting", client=course.client_id, at=at)
        found.append(
            Waiting(
                course.id, course.client_id, course.client_name, course.state, row.since, row.id, wish_of(row), words
            )
        )
    found += [
        Waiting(each.id, each.client_id, each.client_name, each.state, each.state_since)
        for each in courses.values()
        if each.state in WAITS
    ]
    return tuple(sorted(found, key=lambda each: (each.since, str(each.episode_id))))


def freed(*, viewer: Actor, at: datetime, session_id: UUID | None = None) -> tuple[FreedFor, ...]:
    """The times of the next four weeks that have become free (or those of one hour), each with whom it fits."""
    require(viewer, "list", Thing("waiting"), at=at)
    times = freed_times(viewer, at, session_id=session_id)
    if not times:
        return ()
    waiting: dict[UUID | None, Waiting] = {
        each.wish_id: each for each in waiting_list(viewer=viewer, at=at) if each.wish_id and each.wish
    }
    offers = offers_of(viewer=viewer, at=at, step_ids=[each.step_id for each in times])
    return tuple(_freed_for(each, waiting, offers, at) for each in times)


def offers_of(*, viewer: Actor, at: datetime, step_ids: list[UUID]) -> tuple[OfferFacts, ...]:
    """The offers of some freed times to clients in the viewer's care, first to last."""
    require(viewer, "list", Thing("waiting"), at=at)
    rows = list(offers_within(viewer, at).filter(freed__in=step_ids).order_by("offered_at", "id"))
    called = names(viewer=viewer, at=at, client_ids=[row.wish.episode.client_id for row in rows]) if rows else {}
    return tuple(_offer(row, called.get(row.wish.episode.client_id, "")) for row in rows)


def own_offers(*, viewer: Actor, at: datetime) -> tuple[OfferFacts, ...]:
    """The times a client is offered and can still take."""
    require(viewer, "read", Thing("appointment", client=viewer.client_id), at=at)
    if viewer.client_id is None:
        return ()
    rows = SlotOffer.objects.filter(wish__episode__client_id=viewer.client_id, state=OfferState.OPEN, start__gt=at)
    return tuple(_offer(row, "") for row in rows.order_by("start"))


def offer_behind(*, viewer: Actor, at: datetime, token: str) -> OfferFacts | None:
    """The offer a link leads to until its time comes, for whoever holds it; nothing about whose it is."""
    require(viewer, "read", Thing("public"), at=at)
    rows = SlotOffer.objects.select_related("wish__episode").filter(wish__episode__client__erased_at=None, start__gt=at)
    row = rows.filter(token_hash=hashlib.sha256(token.encode()).digest()).first()
    if row is None:
        return None
    client_id = row.wish.episode.client_id
    return replace(_offer(row, ""), zone=zones(viewer=viewer, at=at, client_ids=[client_id])[client_id])


def _freed_for(
    free: FreedTime, waiting: dict[UUID | None, Waiting], offers: tuple[OfferFacts, ...], at: datetime
) -> FreedFor:
    wishes: dict[object, Wish] = {
        key: each.wish for key, each in waiting.items() if each.wish and each.episode_id != free.episode_id
    }
    fitting = tuple((waiting[key], found) for key, found in in_order(wishes, free.time, at) if isinstance(key, UUID))
    return FreedFor(free, fitting, tuple(each for each in offers if each.freed_id == free.step_id))


def _offer(row: SlotOffer, name: str) -> OfferFacts:
    return OfferFacts(
        row.id, row.wish_id, row.freed_id, name, row.start, row.end, Place(row.place), OfferWay(row.way),
        OfferState(row.state), row.offered_at, row.session_id,
    )  # fmt: skip
