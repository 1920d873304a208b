"""What the client wants, and how near it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from rapport.practice.episodes.choices import GoalMark, GoalPoint, GoalSeries, RatedBy
from rapport.practice.episodes.models import Goal, GoalRating
from rapport.practice.episodes.rules import find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor

GOAL_WORDS = "episodes.goal.words"
RATING = "episodes.goal.rating"


def goal_series(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[GoalSeries, ...]:
    """The goals of an episode with every rating, the active ones first, each group in the order it was added."""
    row = find_episode(viewer, at, episode_id, "goal", "read")
    trail.reading(actor=viewer, kind="goal", at=at, client=row.client_id, object_id=row.id)
    drawer = keys.client(row.client_id)
    found = [
        GoalSeries(
            id=goal.id,
            episode_id=row.id,
            words=keys.unseal(drawer, GOAL_WORDS, goal.id, goal.words_sealed),
            added_at=goal.added_at,
            mark=GoalMark(goal.mark) if goal.mark else None,
            points=tuple(
                GoalPoint(each.at, keys.unseal_data(drawer, RATING, each.id, each.value_sealed), RatedBy(each.rated_by))
                for each in goal.rated
            ),
        )
        for goal in _goals(row.id)
    ]
    return tuple(sorted(found, key=lambda goal: not goal.is_active))


@prepared
def _goals(episode_id: UUID) -> QuerySet[Any]:
    ratings = Prefetch("ratings", queryset=GoalRating.objects.order_by("at"), to_attr="rated")
    return Goal.objects.filter(episode=episode_id).order_by("added_at").prefetch_related(ratings)
