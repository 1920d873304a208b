"""Which link still answers for an hour, and as whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from rapport.clinical.sessions.states import SessionState
from rapport.practice.security.accounts.queries import token_hash
from rapport.practice.security.policy.actor import Actor, Role
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import AnswerLink, SessionStep, TherapySession


def live_links(token: str, at: datetime) -> QuerySet[AnswerLink]:
    """The link, if it still counts: unused, before the hour, which is still planned for the time it was made for."""
    return AnswerLink.objects.select_related("session__episode").filter(
        token_hash=token_hash(token),
        used_at=None,
        planned_start__gt=at,
        session__planned_start=F("planned_start"),
        session__state=SessionState.PLANNED,
        session__episode__client__erased_at=None,
    )


def holder_of(link: AnswerLink) -> Actor:
    """Whoever holds the link, as far as it goes: the client, without an account."""
    return Actor(None, frozenset({Role.CLIENT}), client_id=link.session.episode.client_id)


def confirmations(sessions: QuerySet[TherapySession]) -> QuerySet[SessionStep]:
    """The steps by which clients said that they come at the time for which the hour is planned now."""
    return SessionStep.objects.filter(
        session__in=sessions, kind=StepKind.CONFIRMED, starts_at=F("session__planned_start")
    )


def says_they_come() -> Exists:
    """Beside each hour of a query: whether its client said that they come at the time it is planned for now."""
    return Exists(
        SessionStep.objects.filter(session=OuterRef("pk"), kind=StepKind.CONFIRMED, starts_at=OuterRef("planned_start"))
    )
