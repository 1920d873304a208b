"""Referrals: the inbox, sorted by who needs something, and each one opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from rapport.clinical.episodes.referral import ReferralOutcome, ReferralSource
from rapport.practice.clients.models import SafeContactVersion
from rapport.practice.clients.queries import names
from rapport.practice.episodes.choices import (
    InboxRow,
    Missing,
    Need,
    OutcomeFacts,
    ReferralDetails,
    ReferralFacts,
    Urgency,
)
from rapport.practice.episodes.models import ProblemList, Referral, ReferralDecision
from rapport.practice.episodes.queries.assessments import Opened
from rapport.practice.episodes.rules import care_of, carers_in_order, days_waiting, hidden
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing

REFERRAL_WORDS = "episodes.referral.words"
OUTCOME_WORDS = "episodes.referral.outcome"
UNDECIDED = Q(outcome=None) | Q(outcome=ReferralOutcome.WAITING)
LATELY_DECIDED = 20
ORDER = tuple(Need)


def referral_inbox(*, viewer: Actor, at: datetime) -> tuple[InboxRow, ...]:
    """Referrals that still need a decision, those who need somebody soonest first, then the longest wait.

    A manager sees that and how long somebody waits and for whom, and not one word of why.
    """
    require(viewer, "list", Thing("referral"), at=at)
    zone = practice(viewer=viewer, at=at).zone
    rows = _undecided(viewer, at)
    called = names(viewer=viewer, at=at, client_ids=[row.episode.client_id for row in rows])
    shown = [_inbox_row(row, called, days_waiting(row.received_on, at, zone)) for row in rows]
    return tuple(sorted(shown, key=lambda row: (ORDER.index(row.need), -row.days_waiting, row.client_name.casefold())))


def decided_referrals(*, viewer: Actor, at: datetime) -> tuple[InboxRow, ...]:
    """The referrals decided last, newest first."""
    require(viewer, "list", Thing("referral"), at=at)
    zone = practice(viewer=viewer, at=at).zone
    decided = _listed(viewer, at).exclude(UNDECIDED).order_by("-recorded_at")
    rows = list(decided[:LATELY_DECIDED])
    called = names(viewer=viewer, at=at, client_ids=[row.episode.client_id for row in rows])
    return tuple(_inbox_row(row, called, days_waiting(row.received_on, at, zone)) for row in rows)


def referral(*, viewer: Actor, at: datetime, referral_id: UUID) -> ReferralFacts:
    """One referral, with the client's words; for those who care."""
    row = _listed(viewer, at).filter(id=referral_id, readable=True).first()
    if row is None:
        raise hidden(viewer, "read", Thing("referral", id=referral_id), at)
    client_id = row.episode.client_id
    require(viewer, "read", Thing("referral", id=row.id, client=client_id), at=at)
    trail.reading(actor=viewer, kind="referral", at=at, client=client_id, object_id=row.id)
    called = names(viewer=viewer, at=at, client_ids=[client_id])
    return ReferralFacts(
        id=row.id,
        episode_id=row.episode_id,
        client_id=client_id,
        client_name=called.get(client_id, ""),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        days_waiting=days_waiting(row.received_on, at, practice(viewer=viewer, at=at).zone),
        consents_to_refer=row.consented_at is not None,
        details=_details(row),
        outcomes=_outcomes(row),
        missing=_missing(row, _words(row)),
    )


def referral_of(*, viewer: Actor, at: datetime, episode_id: UUID) -> ReferralFacts | None:
    """The referral an episode began with; None where it began otherwise."""
    row = _listed(viewer, at).filter(episode_id=episode_id, readable=True).first()
    return referral(viewer=viewer, at=at, referral_id=row.id) if row else None


@prepared
def _undecided(viewer: Actor, at: datetime) -> QuerySet[Any]:
    return _listed(viewer, at).filter(UNDECIDED, episode__closed_at=None)


def _listed(viewer: Actor, at: datetime) -> QuerySet[Any]:
    """Referrals the viewer may know of: those in care, and for a manager that the others exist."""
    in_care = care_of(viewer, at).values("client")
    cares = carers_in_order(episode=OuterRef("episode"))
    decided = ReferralDecision.objects.filter(referral=OuterRef("pk")).order_by("-number")
    rows = Referral.objects.select_related("episode").annotate(
        outcome=Subquery(decided.values("outcome")[:1]),
        therapist=Subquery(cares.values("account_id")[:1], output_field=UUIDField()),
        readable=Exists(care_of(viewer, at).filter(client=OuterRef("episode__client"))),
        reachable=Exists(SafeContactVersion.objects.filter(client=OuterRef("episode__client"))),
        has_problems=Exists(ProblemList.objects.filter(episode=OuterRef("episode"))),
    )
    return rows if Role.MANAGER in viewer.roles else rows.filter(episode__client__in=in_care)


def _words(row: Referral) -> dict[str, str]:
    words: dict[str, str] = keys.unseal_data(
        keys.client(row.episode.client_id), REFERRAL_WORDS, row.id, row.words_sealed
    )
    return words


def _details(row: Referral) -> ReferralDetails:
    words = _words(row)
    return ReferralDetails(
        received_on=row.received_on,
        source=ReferralSource(words["source"]),
        urgency=Urgency(words["urgency"]),
        referrer=words["referrer"],
        reason=words["reason"],
        consents_to_refer=row.consented_at is not None,
        problems=Opened(row.episode).problems(),
    )


def _outcomes(row: Referral) -> tuple[OutcomeFacts, ...]:
    drawer = keys.client(row.episode.client_id)
    found = []
    for each in row.decisions.order_by("number"):
        words = keys.unseal_data(drawer, OUTCOME_WORDS, each.id, each.words_sealed)
        found.append(OutcomeFacts(each.at, each.by, ReferralOutcome(each.outcome), words["reason"], words["where"]))
    return tuple(found)


def _missing(row: Any, words: dict[str, str] | None) -> tuple[Missing, ...]:
    """What is still lacking; what only the words tell is left out for whoever may not read them."""
    lacks = {
        Missing.SAFE_CONTACT: not row.reachable,
        Missing.CONSENT_TO_REFER: words is not None
        and row.consented_at is None
        and words["source"] != ReferralSource.SELF,
        Missing.REASON: words is not None and not words["reason"],
        Missing.PROBLEMS: words is not None and not row.has_problems,
    }
    return tuple(missing for missing in Missing if lacks[missing])


def _need(row: Any, urgency: Urgency | None) -> Need:
    holds = {
        Need.STATED_URGENT: urgency is Urgency.URGENT,
        Need.MAY_NOT_BE_WRITTEN_TO: not row.reachable,
        Need.STATED_SOON: urgency is Urgency.SOON,
        Need.NOT_DECIDED: row.outcome is None,
        Need.WAITING: True,
    }
    return next(need for need in Need if holds[need])


def _inbox_row(row: Any, called: dict[UUID, str], waiting: int) -> InboxRow:
    words = _words(row) if row.readable else None
    urgency = Urgency(words["urgency"]) if words else None
    received: date = row.received_on
    return InboxRow(
        referral_id=row.id,
        episode_id=row.episode_id,
        client_id=row.episode.client_id,
        client_name=called.get(row.episode.client_id, ""),
        therapist_id=row.therapist,
        received_on=received,
        days_waiting=waiting,
        outcome=ReferralOutcome(row.outcome) if row.outcome else None,
        need=_need(row, urgency),
        missing=_missing(row, words),
        readable=words is not None,
        source=ReferralSource(words["source"]) if words else None,
        urgency=urgency,
    )
