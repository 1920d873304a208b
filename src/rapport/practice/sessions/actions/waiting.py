"""Waiting for a time, and being offered one that has become free. The first to accept has it."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from rapport.clinical.sessions.states import Place, SessionState
from rapport.clinical.sessions.waiting import WishedTime, fit
from rapport.practice.clients.queries import zones
from rapport.practice.episodes.rules import care_of, check_open, find_episode
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.post.actions import queue
from rapport.practice.security.accounts.queries import language_to
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Role, Thing
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.choices import OfferState, OfferWay
from rapport.practice.sessions.models import SessionStep, SlotOffer, TherapySession, WaitingWish, WishedHours
from rapport.practice.sessions.models.waiting import WISH_LABEL
from rapport.practice.sessions.rules import (
    DiaryRefusal,
    StateMoved,
    freed_time,
    offers_within,
    wish_of,
    wishes_within,
)
from rapport.practice.sessions.rules.telling import when_words


class TimeGone(DiaryRefusal):
    """Somebody else has the time, or it is no longer free."""


class DoesNotFit(DiaryRefusal):
    """The time does not fit what this person waits for."""


@action
def wish_for_time(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    minutes: int,
    times: tuple[WishedTime, ...] = (),
    place: Place | None = None,
    at_short_notice: bool = False,
    words: str = "",
) -> UUID:
    """Put somebody on the waiting list, or change what they wish; since when they wait stays."""
    episode = find_episode(actor, at, episode_id, "waiting", "edit")
    check_open(episode)
    before = WaitingWish.objects.select_for_update(no_key=True).filter(episode=episode, ended_at=None).first()
    if before:
        _end(actor, at, before)
    wish = WaitingWish(
        id=uuid.uuid4(),
        episode=episode,
        since=before.since if before else at,
        minutes=minutes,
        place=place or "",
        at_short_notice=at_short_notice,
        created_at=at,
        created_by=actor.account,
    )
    if words.strip():
        wish.words_sealed = keys.seal(keys.client(episode.client_id), WISH_LABEL, wish.id, words.strip())
    wish.save(force_insert=True)
    WishedHours.objects.bulk_create(
        WishedHours(wish=wish, weekday=each.weekday, start=each.start, end=each.end) for each in times
    )
    _record(actor, at, "wish", wish.id, episode.client_id)
    return wish.id


@action
def end_wish(*, actor: Actor, at: datetime, wish_id: UUID) -> None:
    """Take somebody off the waiting list; offers that stand open are withdrawn."""
    wish = _wish(actor, at, wish_id)
    _end(actor, at, wish)
    _record(actor, at, "end_wish", wish.id, wish.episode.client_id)


@action
def offer_time(*, actor: Actor, at: datetime, step_id: UUID, wish_id: UUID, way: OfferWay) -> UUID:
    """Offer a freed time to somebody: by mail with a link, or noted that one has telephoned."""
    wish = _wish(actor, at, wish_id)
    free = freed_time(actor, at, step_id)
    if free is None:
        raise not_found(actor, "create", Thing("slot_offer", id=step_id), at=at)
    found = fit(wish_of(wish), free.time, at)
    if not found.fits or found.start is None or found.end is None:
        raise DoesNotFit("This time does not fit.")
    if known := SlotOffer.objects.filter(wish=wish, freed_id=step_id, state=OfferState.OPEN).first():
        return known.id
    token = secrets.token_urlsafe(32)
    offer = SlotOffer.objects.create(
        wish=wish,
        freed_id=step_id,
        therapist_id=actor.account,
        start=found.start,
        end=found.end,
        place=free.time.place,
        room_id=free.room_id,
        way=way,
        token_hash=_hash(token) if way is OfferWay.MAIL else None,
        state=OfferState.OPEN,
        offered_at=at,
        offered_by=actor.account,
    )
    if way is OfferWay.MAIL:
        client_id, here = wish.episode.client_id, practice_zone()
        own = zones(viewer=actor, at=at, client_ids=[client_id])[client_id]
        link = settings.INSTALLATION.origin.rstrip("/") + reverse("entrance:free_time", args=[token])
        with override(language_to(client_id=client_id)):
            params = {"when": when_words(found.start, own, here), "link": link}
        queue(
            actor=actor, at=at, kind="slot_offer", client_id=client_id, account_id=None, params=params,
            dedupe=f"slot_offer {offer.id}",
        )  # fmt: skip
    _record(actor, at, "offer", offer.id, wish.episode.client_id, way)
    return offer.id


@action
def accept_offer(*, actor: Actor, at: datetime, offer_id: UUID) -> UUID:
    """Take an offered time: the client themselves, or their therapist who heard it on the telephone."""
    return _accept(actor, at, _offer(actor, at, offer_id))


@action
def accept_offer_by_link(*, actor: Actor, at: datetime, token: str) -> UUID:
    """Take an offered time by the link of its mail."""
    return _accept(actor, at, _offer_behind(actor, at, token))


@action
def decline_offer(*, actor: Actor, at: datetime, offer_id: UUID) -> None:
    """No, thank you. Somebody goes on waiting."""
    _settle(actor, at, _offer(actor, at, offer_id), OfferState.DECLINED)


@action
def decline_offer_by_link(*, actor: Actor, at: datetime, token: str) -> None:
    """No, thank you, by the link of the mail."""
    _settle(actor, at, _offer_behind(actor, at, token), OfferState.DECLINED)


@action
def withdraw_offer(*, actor: Actor, at: datetime, offer_id: UUID) -> None:
    """Take an offer back before it is answered."""
    offer = _offer(actor, at, offer_id, "create")
    _settle(actor, at, offer, OfferState.WITHDRAWN)


def _accept(actor: Actor, at: datetime, offer: SlotOffer) -> UUID:
    if offer.state == OfferState.TAKEN and offer.session_id:
        return offer.session_id
    if offer.state == OfferState.WITHDRAWN:
        raise StateMoved("The offer was taken back.")
    if offer.state != OfferState.OPEN or offer.start <= at or not _still_cares(offer, at):
        raise TimeGone("This time is no longer free.")
    session = TherapySession(
        id=uuid.uuid4(),
        episode=offer.wish.episode,
        client_id=offer.wish.episode.client_id,
        therapist_id=offer.therapist_id,
        planned_start=offer.start,
        planned_end=offer.end,
        place=offer.place,
        room_id=offer.room_id,
        state=SessionState.PLANNED,
        created_at=at,
    )
    check_open(offer.wish.episode)
    try:
        with transaction.atomic():
            Scribe(actor, at).place(session, "")
            offer.state, offer.answered_at, offer.session = OfferState.TAKEN, at, session
            offer.save()
    except (DiaryRefusal, IntegrityError) as problem:
        raise TimeGone("This time is no longer free.") from problem
    SlotOffer.objects.filter(freed_id=offer.freed_id, state=OfferState.OPEN).update(
        state=OfferState.GONE, answered_at=at
    )
    _end(actor, at, offer.wish)
    _record(actor, at, "accept", offer.id, offer.wish.episode.client_id, offer.way)
    return session.id


def _still_cares(offer: SlotOffer, at: datetime) -> bool:
    """Whether the hour would still be with somebody who cares for this client: they may have changed hands since."""
    therapist = Actor(offer.therapist_id, frozenset({Role.THERAPIST}))
    return care_of(therapist, at).filter(client=offer.wish.episode.client_id, account__disabled_at=None).exists()


def _settle(actor: Actor, at: datetime, offer: SlotOffer, state: OfferState) -> None:
    if offer.state == state:
        return
    if offer.state != OfferState.OPEN:
        raise StateMoved("The offer was answered already.")
    offer.state, offer.answered_at = state, at
    offer.save()
    _record(actor, at, str(state), offer.id, offer.wish.episode.client_id, offer.way)


def _end(actor: Actor, at: datetime, wish: WaitingWish) -> None:
    wish.ended_at, wish.ended_by = at, actor.id or wish.episode.client_id
    wish.save()
    wish.offers.filter(state=OfferState.OPEN).update(state=OfferState.WITHDRAWN, answered_at=at)


def _wish(actor: Actor, at: datetime, wish_id: UUID) -> WaitingWish:
    wish = wishes_within(actor, at).select_for_update(of=("self",), no_key=True).filter(id=wish_id).first()
    if wish is None:
        raise not_found(actor, "edit", Thing("waiting", id=wish_id), at=at)
    require(actor, "edit", Thing("waiting", id=wish_id, client=wish.episode.client_id), at=at)
    return wish


def _offer(actor: Actor, at: datetime, offer_id: UUID, doing: str = "answer") -> SlotOffer:
    offer = _held(offers_within(actor, at), id=offer_id)
    if offer is None:
        raise not_found(actor, doing, Thing("slot_offer", id=offer_id), at=at)
    require(actor, doing, Thing("slot_offer", id=offer_id, client=offer.wish.episode.client_id), at=at)
    return offer


def _offer_behind(actor: Actor, at: datetime, token: str) -> SlotOffer:
    require(actor, "read", Thing("public"), at=at)
    rows = SlotOffer.objects.select_related("wish__episode")
    offer = _held(rows, token_hash=_hash(token), start__gt=at, wish__episode__client__erased_at=None)
    if offer is None:
        raise not_found(actor, "answer", Thing("slot_offer"), at=at)
    return offer


def _held(rows: QuerySet[SlotOffer], **which: object) -> SlotOffer | None:
    """An offer, held. What freed its time is held first: whoever takes the time closes the offers of all the others,
    and these must not each hold their own and wait for the next."""
    freed = rows.filter(**which).values_list("freed_id", flat=True).first()
    if freed is None:
        return None
    SessionStep.objects.select_for_update(no_key=True).filter(id=freed).first()
    return rows.select_for_update(of=("self",), no_key=True).filter(**which).first()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _record(actor: Actor, at: datetime, what: str, thing: UUID, client: UUID, reason: str = "") -> None:
    trail.record(
        actor=actor, action=what, object_type="waiting", object_id=thing, client=client, at=at, reason=reason
    )  # fmt: skip
