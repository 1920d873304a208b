"""What happened to a course itself, as dates and codes. Whoever shows them records the reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID

from rapport.practice.episodes.choices import EpisodeEvent, Happened
from rapport.practice.episodes.models import (
    Acceptance,
    CareRelationship,
    ContractVersion,
    Episode,
    Goal,
    GoalRating,
    NeedDecisionVersion,
    Referral,
    ReferralDecision,
    StateChange,
)
from rapport.practice.episodes.rules import find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.actor import Actor

NOON = time(12)
STATES_SHOWN = ("active", "paused", "ending", "follow_up", "closed")


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Referral, decisions, agreement, states, who cared, goals: for whoever cares for the client."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    return (*_beginning(row), *_agreement(row), *_standing(row), *_goals(row))


_referrals = prepared(lambda course: Referral.objects.filter(episode=course).values_list("id", "received_on"))
_decisions = prepared(
    lambda course: ReferralDecision.objects.filter(referral__episode=course).values_list("at", "outcome", "referral_id")
)
_needs = prepared(lambda course: NeedDecisionVersion.objects.filter(episode=course).values_list("at", flat=True))
_offers = prepared(lambda course: ContractVersion.objects.filter(episode=course).values_list("offered_at", "number"))
_agreements = prepared(
    lambda course: Acceptance.objects.filter(contract__episode=course).values_list("at", "how", "contract__number")
)
_states = prepared(
    lambda course: StateChange.objects.filter(episode=course, state__in=STATES_SHOWN).values_list("at", "state")
)
_care = prepared(
    lambda course: CareRelationship.objects.filter(episode=course).values_list("account_id", "started_at", "ended_at")
)
_goals_added = prepared(lambda course: Goal.objects.filter(episode=course).values_list("added_at", "id"))
_ratings = prepared(
    lambda course: GoalRating.objects.filter(goal__episode=course).values_list("at", "rated_by", "goal_id")
)


def _beginning(row: Episode) -> Iterator[Happened]:
    zone = practice_zone()
    for key, received in _referrals(row.id):
        noon = datetime.combine(received, NOON, zone)
        yield Happened(noon, EpisodeEvent.REFERRED, id=key, only_a_day=True)
    yield from (Happened(when, EpisodeEvent.REFERRAL_DECIDED, code, key) for when, code, key in _decisions(row.id))
    yield from (Happened(when, EpisodeEvent.NEED_DECIDED) for when in _needs(row.id))


def _agreement(row: Episode) -> Iterator[Happened]:
    yield from (Happened(when, EpisodeEvent.OFFERED, number=number) for when, number in _offers(row.id))
    yield from (Happened(when, EpisodeEvent.AGREED, how, number=number) for when, how, number in _agreements(row.id))


def _standing(row: Episode) -> Iterator[Happened]:
    yield from (Happened(when, EpisodeEvent.STATE, state) for when, state in _states(row.id))
    for account, began, ended in _care(row.id):
        yield Happened(began, EpisodeEvent.CARE_BEGAN, id=account)
        if ended is not None:
            yield Happened(ended, EpisodeEvent.CARE_ENDED, id=account)


def _goals(row: Episode) -> Iterator[Happened]:
    yield from (Happened(when, EpisodeEvent.GOAL_ADDED, id=key) for when, key in _goals_added(row.id))
    yield from (Happened(when, EpisodeEvent.GOAL_RATED, who, key) for when, who, key in _ratings(row.id))
