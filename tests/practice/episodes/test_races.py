"""Several windows of one client: what may be three stays three (G25)."""

from __future__ import annotations

from functools import partial

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_therapist
from tests.practice.at_once import AT_ONCE, at_once

from rapport.practice.episodes import actions
from rapport.practice.episodes.choices import MOST_GOALS
from rapport.practice.episodes.models import Goal
from rapport.practice.episodes.rules import EpisodeRefused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guard_away")]


def test_three_goals_are_three_however_many_are_added_at_once() -> None:
    a_practice()
    course = a_course(a_therapist())
    add = partial(
        actions.add_goal, actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="To sleep"
    )
    heard = at_once([add] * AT_ONCE, EpisodeRefused)
    assert heard["done"] == MOST_GOALS
    assert Goal.objects.count() == MOST_GOALS
