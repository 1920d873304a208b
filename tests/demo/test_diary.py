"""Whatever day and hour the demo is built, today has hours and nobody is in two places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from rapport.demo.courses import SCALES, scores
from rapport.demo.diary import Diary, Plan
from rapport.demo.forms import ITEMS, spread
from rapport.demo.frame import agreement
from rapport.demo.stage import Client, Stage, chance_of
from rapport.demo.texts import clients
from rapport.practice.security.policy.actor import NOBODY

LONDON = ZoneInfo("Europe/London")
SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)
MOMENTS = [SUNDAY + timedelta(days=day, hours=hour, minutes=17) for day in range(7) for hour in (0, 5, 9, 13, 18, 23)]


def _plans(at: datetime) -> list[tuple[str, Plan]]:
    stage = Stage(at, LONDON, 1)
    diary = Diary(stage)
    return [
        (
            one["therapist"],
            diary.plan(Client(one, n, NOBODY, chance_of(1, n)), agreement(one["agreement"]).length_minutes),
        )
        for n, one in enumerate(clients(), start=1)
        if one.get("course", {}).get("sessions")
    ]


def _starts(plan: Plan) -> list[datetime]:
    return [
        plan.moved[1] if plan.moved and plan.moved[0] == day else datetime.combine(day, plan.wall, LONDON)
        for day in plan.days
    ]


@pytest.mark.parametrize("at", MOMENTS, ids=lambda at: f"{at:%a %H}")
def test_today_has_hours_and_nobody_is_in_two_places(at: datetime) -> None:
    today = at.astimezone(LONDON).date()
    plans = _plans(at)
    for therapist in ("mara", "tomasz", "leila"):
        hours = sorted((s, s + p.length) for who, p in plans if who == therapist for s in _starts(p))
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(hours))
        assert sum(start.date() == today for start, _ in hours) >= 3
        assert any(abs(start - at) <= timedelta(minutes=30) for start, _ in hours)


@pytest.mark.parametrize("instrument", list(ITEMS))
def test_courses_are_drawn_and_have_their_shape(instrument: str) -> None:
    scale = SCALES[instrument]
    for shape in ("recovers", "improves", "unchanged", "worsens", "healthy"):
        course = scores(instrument, shape, 9, seed=5)
        assert course == scores(instrument, shape, 9, seed=5)
        assert len(course) == 9
        if shape == "worsens":
            assert scale.better(course) <= -scale.change
        if shape == "healthy":
            assert all(scale.is_well(score) for score in course)


@pytest.mark.parametrize("instrument", list(ITEMS))
def test_answers_add_up_to_their_score(instrument: str) -> None:
    items, highest, weight = ITEMS[instrument]
    answers = spread(chance_of(1, 1), instrument, 12 * weight, 0)
    assert len(answers) == items
    assert sum(value or 0 for value in answers.values()) == 12
    assert all(0 <= (value or 0) <= highest for value in answers.values())
