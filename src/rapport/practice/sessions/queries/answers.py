"""What clients answered by the link in a message, and where the messages about an hour stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from rapport.clinical.episodes.contract import MissedCharge
from rapport.clinical.sessions.attendance import Attendance, CancelledBy, charge_due, classify_cancellation
from rapport.practice.clients.queries import names, zones
from rapport.practice.episodes.queries import terms
from rapport.practice.episodes.rules import NO_ACCOUNT, clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice
from rapport.practice.post.choices import Held, MessageFacts
from rapport.practice.post.queries import messages_about
from rapport.practice.post.rules import permission
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import StepKind, Telling
from rapport.practice.sessions.models import SessionStep, TherapySession
from rapport.practice.sessions.rules import appointments_within, sessions_in_care
from rapport.practice.sessions.rules.answers import confirmations, holder_of, live_links

TOLD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AppointmentBehind:
    """What whoever holds a link may know: when it is, and whether cancelling now may cost something. Not whose."""

    start: datetime
    zone: ZoneInfo
    confirmed: bool
    notice_hours: int
    costs: bool


@dataclass(frozen=True, slots=True)
class CancelledHour:
    """An hour its client cancelled by the link in a message."""

    session_id: UUID
    client_name: str
    planned_start: datetime
    told_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Messages:
    """Where the messages about an hour stand; if none was written, why a reminder would not leave."""

    sent: tuple[MessageFacts, ...]
    held: Held | None
    reminds: bool


def appointment_behind(*, viewer: Actor, at: datetime, token: str) -> AppointmentBehind | None:
    """The appointment a link answers for, or None: wrong, used, expired and moved are one."""
    link = live_links(token, at).first()
    if link is None:
        return None
    session, holder = link.session, holder_of(link)
    client_id = session.episode.client_id
    require(holder, "answer", Thing("appointment", id=session.id, client=client_id), at=at)
    agreed = terms(viewer=holder, at=at, episode_id=session.episode_id).clinical
    code = classify_cancellation(session.planned_start, at, CancelledBy.CLIENT, agreed)
    return AppointmentBehind(
        start=session.planned_start,
        zone=zones(viewer=viewer, at=at, client_ids=[client_id])[client_id],
        confirmed=confirmations(TherapySession.objects.filter(id=session.id)).exists(),
        notice_hours=agreed.notice_hours,
        costs=code is Attendance.CANCELLED_LATE and charge_due(code, agreed).kind is not MissedCharge.NONE,
    )


def confirmed_hours(*, viewer: Actor, at: datetime, session_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these hours their clients confirmed for the time they are planned for now."""
    require(viewer, "list", Thing("appointment"), at=at)
    return {*_confirmed(viewer, at, {*session_ids})}


@prepared
def _confirmed(viewer: Actor, at: datetime, sessions: Collection[UUID]) -> QuerySet[SessionStep, UUID]:
    rows = appointments_within(viewer, at).filter(id__in=sessions)
    return confirmations(rows).values_list("session_id", flat=True)


def own_hour_confirmed(*, viewer: Actor, at: datetime, session_id: UUID) -> bool:
    """Whether a client said that they come to this hour of their own, at the time it is planned for now."""
    require(viewer, "read", Thing("appointment", client=viewer.client_id), at=at)
    own = TherapySession.objects.filter(id=session_id, episode__client_id=viewer.client_id or NO_ACCOUNT)
    return confirmations(own).exists()


def cancelled_by_link(*, viewer: Actor, at: datetime) -> tuple[CancelledHour, ...]:
    """The viewer's own hours that clients cancelled by themselves, until a day after they would have been."""
    require(viewer, "list", Thing("appointment"), at=at)
    rows = _cancelled(viewer, at, at - TOLD_FOR)
    if not rows:
        return ()
    called = names(viewer=viewer, at=at, client_ids={row.session.episode.client_id for row in rows})
    return tuple(
        CancelledHour(
            session_id=row.session_id,
            client_name=called.get(row.session.episode.client_id, ""),
            planned_start=row.session.planned_start,
            told_at=row.told_at or row.recorded_at,
            late=row.code == Attendance.CANCELLED_LATE,
        )
        for row in rows
    )


def messages_of(*, viewer: Actor, at: datetime, session_id: UUID) -> Messages:
    """Where the messages about one hour stand."""
    row = sessions_in_care(viewer, at).filter(id=session_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("appointment", id=session_id), at=at)
    client_id = row.episode.client_id
    require(viewer, "read", Thing("appointment", id=session_id, client=client_id), at=at)
    trail.reading(actor=viewer, kind="appointment", client=client_id, object_id=session_id, at=at)
    sent = messages_about(viewer=viewer, at=at, about=[session_id]).get(session_id, ())
    held = None if sent else permission(client_id, Telling.REMINDER, at).held
    return Messages(sent, held, practice(viewer=viewer, at=at).reminder_hours is not None)


@prepared
def _cancelled(viewer: Actor, at: datetime, since: datetime) -> QuerySet[SessionStep]:
    steps = SessionStep.objects.filter(
        kind=StepKind.CANCELLED,
        recorded_by=F("session__episode__client_id"),
        session__therapist_id=viewer.account,
        session__planned_start__gte=since,
        session__episode__client__in=clients_in_care(viewer, at),
    )
    return steps.select_related("session__episode").order_by("session__planned_start")
