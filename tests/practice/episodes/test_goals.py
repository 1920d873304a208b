"""Goals in the client's words, rated over time by client or therapist."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.episodes.actions import add_goal, close_episode, mark_goal, rate_goal
from rapport.practice.episodes.actions.goals import TooManyGoals
from rapport.practice.episodes.choices import GoalMark, RatedBy
from rapport.practice.episodes.models import Goal, GoalRating
from rapport.practice.episodes.queries import goal_series
from rapport.practice.episodes.rules import EpisodeOver, EpisodeRefused
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound

WORDS = "Take the bus to my sister's"
LATER = AT + timedelta(days=14)


def test_client_and_therapist_rate_the_same_goal() -> None:
    mara = a_therapist()
    course = a_course(mara)
    client = client_account(course)
    goal = add_goal(actor=client, at=AT, episode_id=course.episode, words_of_client=f" {WORDS} ", value=1)
    rate_goal(actor=mara, at=LATER, goal_id=goal, value=4)
    (series,) = goal_series(viewer=client, at=LATER, episode_id=course.episode)
    assert series.words == WORDS
    assert [(point.at, point.value, point.by) for point in series.points] == [
        (AT, 1, RatedBy.CLIENT),
        (LATER, 4, RatedBy.THERAPIST),
    ]
    assert AuditEvent.objects.filter(object_id=goal, action="rate").count() == 2
    assert WORDS.encode() not in bytes(Goal.objects.get().words_sealed)


def test_three_at_a_time_and_room_is_made() -> None:
    mara = a_therapist()
    course = a_course(mara)
    goals = [
        add_goal(actor=mara, at=AT + timedelta(minutes=n), episode_id=course.episode, words_of_client=f"Goal {n}")
        for n in range(3)
    ]
    with pytest.raises(TooManyGoals):
        add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client="A fourth")
    mark_goal(actor=mara, at=LATER, goal_id=goals[0], mark=GoalMark.REACHED)
    add_goal(actor=mara, at=LATER, episode_id=course.episode, words_of_client="A fourth")
    found = goal_series(viewer=mara, at=LATER, episode_id=course.episode)
    assert [goal.words for goal in found] == ["Goal 1", "Goal 2", "A fourth", "Goal 0"]
    assert found[-1].mark is GoalMark.REACHED
    with pytest.raises(EpisodeRefused):
        rate_goal(actor=mara, at=LATER, goal_id=goals[0], value=10)


@pytest.mark.parametrize("value", [-1, 11, True, 4.5])
def test_a_rating_is_a_whole_number_from_0_to_10(value: int) -> None:
    mara = a_therapist()
    course = a_course(mara)
    with pytest.raises(EpisodeRefused):
        add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client=WORDS, value=value)
    assert not Goal.objects.exists()
    assert not GoalRating.objects.exists()


@pytest.mark.parametrize("words", ["", "  \n", "x" * 301, "a\x00b"])
def test_a_goal_has_words(words: str) -> None:
    mara = a_therapist()
    with pytest.raises(EpisodeRefused):
        add_goal(actor=mara, at=AT, episode_id=a_course(mara).episode, words_of_client=words)


def test_a_stranger_sees_and_changes_nothing() -> None:
    mara = a_therapist()
    course = a_course(mara)
    goal = add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client=WORDS)
    for who in (a_therapist("Ivo Brandt"), client_account(a_course(mara, "Zoe Hart"))):
        with pytest.raises(NotFound):
            goal_series(viewer=who, at=AT, episode_id=course.episode)
        for unknown in (goal, uuid4()):
            with pytest.raises(NotFound):
                rate_goal(actor=who, at=AT, goal_id=unknown, value=5)
            with pytest.raises(NotFound):
                mark_goal(actor=who, at=AT, goal_id=unknown, mark=GoalMark.REACHED)
    with pytest.raises(Forbidden):
        goal_series(viewer=a_manager(), at=AT, episode_id=course.episode)


def test_what_is_over_is_not_rated_any_more() -> None:
    mara = a_therapist()
    course = a_course(mara)
    goal = add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client=WORDS)
    close_episode(actor=mara, at=AT, episode_id=course.episode)
    with pytest.raises(EpisodeOver):
        rate_goal(actor=mara, at=AT, goal_id=goal, value=5)


def test_three_goals_cost_as_much_as_one() -> None:
    mara = a_therapist()
    course = a_course(mara)
    counts = []
    for more in (1, 2):
        for number in range(more):
            add_goal(actor=mara, at=AT, episode_id=course.episode, words_of_client=f"Goal {number}", value=3)
        with CaptureQueriesContext(connection) as queries:
            goal_series(viewer=mara, at=AT, episode_id=course.episode)
        counts.append(len(queries))
    assert counts[0] == counts[1]
