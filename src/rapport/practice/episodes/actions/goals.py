"""Goals in the client's words; client and therapist may add and rate them."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.choices import MOST_GOALS, GoalMark, RatedBy
from rapport.practice.episodes.models import Episode, Goal, GoalRating
from rapport.practice.episodes.queries.goals import GOAL_WORDS, RATING
from rapport.practice.episodes.rules import (
    LINE,
    EpisodeRefused,
    check_open,
    check_scale,
    find_episode,
    hidden,
    visible_episodes,
    words,
)
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Role, Thing


class TooManyGoals(EpisodeRefused):
    """Three goals at a time are enough to work on."""


@action
def add_goal(*, actor: Actor, at: datetime, episode_id: UUID, words_of_client: str, value: int | None = None) -> UUID:
    """Add a goal, with its first rating if there is one."""
    course = Course(find_episode(actor, at, episode_id, "goal", "edit"), actor, at)
    check_open(course.episode)
    text = words("words", words_of_client, longest=LINE, required=True)
    Episode.objects.select_for_update(no_key=True).get(id=episode_id)  # of several at once, each counts the one before
    if course.episode.goals.filter(mark="").count() >= MOST_GOALS:
        raise TooManyGoals("words", _("There are three goals already. Set one aside to add another."))
    goal_id = uuid.uuid4()
    goal = Goal.objects.create(
        id=goal_id,
        episode=course.episode,
        added_at=at,
        added_by=actor.account,
        words_sealed=keys.seal(course.drawer, GOAL_WORDS, goal_id, text),
    )
    course.record("create", "goal", goal_id)
    if value is not None:
        _rate(course, goal, value)
    return goal_id


@action
def rate_goal(*, actor: Actor, at: datetime, goal_id: UUID, value: int) -> None:
    """Say how near a goal is now, 0 not at all to 10 fully reached. Earlier ratings stay."""
    course, goal = _find(actor, at, goal_id)
    _rate(course, goal, value)


@action
def mark_goal(*, actor: Actor, at: datetime, goal_id: UUID, mark: GoalMark) -> None:
    """A goal was reached, or is set aside: it makes room for another, its course stays."""
    course, goal = _find(actor, at, goal_id)
    Goal.objects.filter(id=goal.id).update(mark=mark, marked_at=at, marked_by=actor.account)
    course.record("mark", "goal", goal.id, reason=str(mark))


def _find(actor: Actor, at: datetime, goal_id: UUID) -> tuple[Course, Goal]:
    """An active goal of a client in care, or of one's own."""
    rows = Goal.objects.select_related("episode").filter(episode__in=visible_episodes(actor, at))
    goal = rows.select_for_update(of=("self",), no_key=True).filter(id=goal_id).first()
    if goal is None:
        raise hidden(actor, "edit", Thing("goal", id=goal_id), at)
    require(actor, "edit", Thing("goal", id=goal.id, client=goal.episode.client_id), at=at)
    check_open(goal.episode)
    if goal.mark:
        raise EpisodeRefused("goal", _("This goal is finished. Add it again to go on with it."))
    return Course(goal.episode, actor, at), goal


def _rate(course: Course, goal: Goal, value: int) -> None:
    row_id = uuid.uuid4()
    GoalRating.objects.create(
        id=row_id,
        goal=goal,
        at=course.at,
        by=course.actor.account,
        rated_by=RatedBy.CLIENT if Role.CLIENT in course.actor.roles else RatedBy.THERAPIST,
        value_sealed=keys.seal_data(course.drawer, RATING, row_id, check_scale("value", value)),
    )
    course.record("rate", "goal", goal.id)
