"""What of the diary and the notes a person can reach: relationships, as SQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.security.policy.actor import Actor, Role
from rapport.practice.sessions.models import ProgressNote, TherapySession


def appointments_within(actor: Actor, at: datetime) -> QuerySet[TherapySession]:
    """Sessions whose time and place this person may know: a manager all, a therapist in care, a client their own."""
    sessions = TherapySession.objects.select_related("episode", "room")
    return sessions if Role.MANAGER in actor.roles else sessions.filter(_own_or_in_care(actor, at, "episode__"))


def hours_within(
    actor: Actor, therapist_id: UUID | None, room_id: UUID | None, *, in_rooms: bool
) -> QuerySet[TherapySession]:
    """The hours of one diary, or of all that this person may see."""
    rows = TherapySession.objects.all()
    if room_id is not None:
        return rows.filter(room_id=room_id)
    if in_rooms:
        return rows.filter(room_id__isnull=False)
    if Role.MANAGER not in actor.roles:
        return rows.filter(therapist_id=actor.account) if therapist_id in {None, actor.account} else rows.none()
    return rows if therapist_id is None else rows.filter(therapist_id=therapist_id)


def sessions_in_care(actor: Actor, at: datetime) -> QuerySet[TherapySession]:
    """Sessions of clients this person cares for."""
    in_care = care_of(actor, at).values("client")
    return TherapySession.objects.select_related("episode", "room").filter(episode__client__in=in_care)


def episodes_within(actor: Actor, at: datetime) -> QuerySet[Episode]:
    """Episodes in which this person may book."""
    return Episode.objects.all() if Role.MANAGER in actor.roles else Episode.objects.filter(_own_or_in_care(actor, at))


def _own_or_in_care(actor: Actor, at: datetime, prefix: str = "") -> Q:
    own = Q(**{f"{prefix}client": actor.client_id}) if actor.client_id else Q(pk__in=[])
    return own | Q(**{f"{prefix}client__in": care_of(actor, at).values("client")})


def notes_within(actor: Actor, at: datetime) -> QuerySet[ProgressNote]:
    """Notes of clients in care: one's own, and the signed ones of others."""
    readable = Q(author_id=actor.id) | Q(signed_at__isnull=False)
    in_care = care_of(actor, at).values("client")
    return ProgressNote.objects.select_related("session", "episode").filter(readable, episode__client__in=in_care)
