"""What happened to a course itself, as dates and codes. Whoever shows them records the reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID

from rapport.practice.episodes.choices import EpisodeEvent, Happened
from rapport.practice.episodes.models import (
    Acceptance,
    ContractVersion,
    Episode,
    Goal,
    GoalRating,
    NeedDecisionVersion,
    Referral,
    ReferralDecision,
)
from rapport.practice.episodes.rules import find_episode
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.actor import Actor

NOON = time(12)
STATES_SHOWN = ("active", "paused", "ending", "follow_up", "closed")


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """Referral, decisions, agreement, states, who cared, goals: for whoever cares for the client."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    return (*_beginning(row), *_agreement(row), *_standing(row), *_goals(row))


def _beginning(row: Episode) -> Iterator[Happened]:
    zone = practice_zone()
    for key, received in Referral.objects.filter(episode=row).values_list("id", "received_on"):
        noon = datetime.combine(received, NOON, zone)
        yield Happened(noon, EpisodeEvent.REFERRED, id=key, only_a_day=True)
    decided = ReferralDecision.objects.filter(referral__episode=row).values_list("at", "outcome", "referral_id")
    yield from (Happened(when, EpisodeEvent.REFERRAL_DECIDED, code, key) for when, code, key in decided)
    needs = NeedDecisionVersion.objects.filter(episode=row).values_list("at", flat=True)
    yield from (Happened(when, EpisodeEvent.NEED_DECIDED) for when in needs)


def _agreement(row: Episode) -> Iterator[Happened]:
    offered = ContractVersion.objects.filter(episode=row).values_list("offered_at", "number")
    yield from (Happened(when, EpisodeEvent.OFFERED, number=number) for when, number in offered)
    agreed = Acceptance.objects.filter(contract__episode=row).values_list("at", "how", "contract__number")
    yield from (Happened(when, EpisodeEvent.AGREED, how, number=number) for when, how, number in agreed)


def _standing(row: Episode) -> Iterator[Happened]:
    states = row.states.filter(state__in=STATES_SHOWN).values_list("at", "state")
    yield from (Happened(when, EpisodeEvent.STATE, state) for when, state in states)
    for account, began, ended in row.care.values_list("account_id", "started_at", "ended_at"):
        yield Happened(began, EpisodeEvent.CARE_BEGAN, id=account)
        if ended is not None:
            yield Happened(ended, EpisodeEvent.CARE_ENDED, id=account)


def _goals(row: Episode) -> Iterator[Happened]:
    added = Goal.objects.filter(episode=row).values_list("added_at", "id")
    yield from (Happened(when, EpisodeEvent.GOAL_ADDED, id=key) for when, key in added)
    rated = GoalRating.objects.filter(goal__episode=row).values_list("at", "rated_by", "goal_id")
    yield from (Happened(when, EpisodeEvent.GOAL_RATED, who, key) for when, who, key in rated)
