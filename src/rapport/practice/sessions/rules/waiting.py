"""Which times have become free, and whose wishes and offers a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from rapport.clinical.sessions.states import Place, SessionState
from rapport.clinical.sessions.waiting import FreeTime, Wish, WishedTime
from rapport.practice.episodes.rules import NO_ACCOUNT, care_of
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.choices import Freed, StepKind
from rapport.practice.sessions.models import SessionStep, SlotOffer, TherapySession, TimeBlock, WaitingWish
from rapport.practice.sessions.rules.moments import TAKES_TIME

AHEAD = timedelta(days=28)
FELL_OUT = {SessionState.CANCELLED: Freed.CANCELLED, SessionState.RESCHEDULED: Freed.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class FreedTime:
    """A time of one therapist that was held and is free now. `step_id` is the step that held it."""

    step_id: UUID
    session_id: UUID
    episode_id: UUID
    freed: Freed
    time: FreeTime
    room_id: UUID | None


def wish_of(row: WaitingWish) -> Wish:
    """A wish as the clinical floor reads it; its hours were fetched with it."""
    times = tuple(WishedTime(each.weekday, each.start, each.end) for each in row.hours.all())
    return Wish(row.since, row.minutes, times, Place(row.place) if row.place else None, row.at_short_notice)


def wishes_within(actor: Actor, at: datetime) -> QuerySet[WaitingWish]:
    """The standing wishes of clients in this person's care."""
    rows = WaitingWish.objects.select_related("episode").prefetch_related("hours")
    return rows.filter(ended_at=None, episode__client__in=care_of(actor, at).values("client"))


def offers_within(actor: Actor, at: datetime) -> QuerySet[SlotOffer]:
    """Offers to clients in this person's care, and a client's own."""
    own = Q(wish__episode__client_id=actor.client_id or NO_ACCOUNT)
    in_care = Q(wish__episode__client__in=care_of(actor, at).values("client"))
    return SlotOffer.objects.select_related("wish__episode").filter(own | in_care)


def freed_times(actor: Actor, at: datetime, *, session_id: UUID | None = None) -> tuple[FreedTime, ...]:
    """The coming times of this therapist that a cancellation, a day left out or a move has freed, in order."""
    return _still_free(actor, _given_up(actor, at, at + AHEAD, session_id))


def freed_time(actor: Actor, at: datetime, step_id: UUID) -> FreedTime | None:
    """One of them, if it is still free."""
    return next(iter(_still_free(actor, list(_gave_up(actor, at, at + AHEAD).filter(id=step_id)))), None)


@prepared
def _given_up(actor: Actor, at: datetime, until: datetime, session_id: UUID | None) -> QuerySet[SessionStep]:
    held = _gave_up(actor, at, until)
    return held if session_id is None else held.filter(session_id=session_id)


def _gave_up(actor: Actor, at: datetime, until: datetime) -> QuerySet[SessionStep]:
    rows = SessionStep.objects.select_related("session").filter(
        session__therapist_id=actor.id or NO_ACCOUNT,
        kind__in=(StepKind.BOOKED, StepKind.MOVED),
        starts_at__gt=at,
        starts_at__lt=until,
    )
    elsewhere = ~Q(session__planned_start=F("starts_at"), session__planned_end=F("ends_at"))
    return rows.filter(Q(session__state__in=list(FELL_OUT)) | elsewhere).order_by("starts_at", "-seq")


def _still_free(actor: Actor, steps: list[SessionStep]) -> tuple[FreedTime, ...]:
    """Without those that are taken again, lie in time kept free, or come twice."""
    if not steps:
        return ()
    first, last = min(step.starts_at for step in steps if step.starts_at), max(s.ends_at for s in steps if s.ends_at)
    own = Q(therapist_id=actor.id)
    taken = list(
        TherapySession.objects.filter(own, state__in=TAKES_TIME, planned_start__lt=last, planned_end__gt=first)
        .values_list("planned_start", "planned_end")
        .union(
            TimeBlock.objects.filter(
                own | Q(therapist=None), voided_at=None, start__lt=last, end__gt=first
            ).values_list("start", "end"),
            all=True,
        )
    )
    zone = practice_zone()
    found: dict[tuple[datetime, datetime], FreedTime] = {}
    for step in steps:
        start, end = step.starts_at, step.ends_at
        if start is None or end is None or any(begins < end and ends > start for begins, ends in taken):
            continue
        session = step.session
        how = FELL_OUT.get(SessionState(session.state), Freed.MOVED)
        time = FreeTime(start.astimezone(zone), end.astimezone(zone), Place(session.place))
        free = FreedTime(step.id, session.id, session.episode_id, how, time, session.room_id)
        found.setdefault((start, end), free)
    return tuple(found.values())
