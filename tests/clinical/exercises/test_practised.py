"""Tasks between sessions, the share tried out, and goals that moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.episodes.goal_change import goal_change, is_due_again, is_more_than_chance
from rapport.clinical.exercises.practised import WINDOW, Agreed, practised
from rapport.clinical.exercises.tasks import TaskState, share_done
from rapport.clinical.kernel.errors import OutOfRange

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
shares = st.none() | st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
tasks = st.lists(
    st.builds(
        Agreed,
        due_on=st.dates(TODAY - 60 * DAY, TODAY + 60 * DAY),
        state=st.sampled_from(TaskState),
        reviewed=shares,
    ),
    max_size=12,
)


@given(tasks)
def test_the_number_lies_between_its_bounds_and_says_what_it_counts(agreed: list[Agreed]) -> None:
    card = practised(agreed, TODAY)
    inputs = dict(card.inputs)
    assert card.n is not None
    assert inputs["due in 4 weeks"] == card.n + card.missing
    assert (card.value is None) == bool(card.reason)
    if isinstance(card.value, float):
        assert 0 <= card.value <= 1
        low = inputs.get("if none of those was done", card.value)
        high = inputs.get("if all of those were", card.value)
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert low - 1e-9 <= card.value <= high + 1e-9


@given(tasks)
def test_what_is_not_due_or_was_put_down_does_not_count(agreed: list[Agreed]) -> None:
    others = [
        Agreed(TODAY + DAY, TaskState.NOT_DONE),
        Agreed(TODAY - WINDOW, TaskState.NOT_DONE),
        Agreed(TODAY, TaskState.STOPPED),
    ]
    assert practised([*agreed, *others], TODAY) == practised(agreed, TODAY)


def test_unknown_is_not_zero() -> None:
    card = practised([Agreed(TODAY, TaskState.DONE), Agreed(TODAY, TaskState.AGREED)], TODAY)
    assert (card.value, card.n, card.missing) == (1.0, 1, 1)
    assert dict(card.inputs)["if none of those was done"] == 0.5
    assert practised([], TODAY).reason == "nothing_due"
    assert practised([Agreed(TODAY, TaskState.CHANGED)], TODAY).reason == "nothing_said_yet"


def test_the_card_of_what_was_tried_says_all_it_counts() -> None:
    first_day = TODAY - WINDOW + DAY
    agreed = [
        Agreed(TODAY, TaskState.DONE), Agreed(first_day, TaskState.PARTLY), Agreed(TODAY, TaskState.NOT_DONE),
        Agreed(TODAY, TaskState.AGREED), Agreed(TODAY, TaskState.CHANGED, 0.75),
    ]  # fmt: skip
    card = practised(agreed, TODAY)
    assert (card.name, card.value, card.unit) == ("Tried out of what was agreed", 2.25 / 4, "share")
    assert (card.n, card.missing, card.reason, card.version) == (4, 1, "", "practised/1")
    assert card.inputs == (
        ("shares added up", 2.25), ("due in 4 weeks", 5), ("not said yet", 1),
        ("if none of those was done", 2.25 / 5), ("if all of those were", 3.25 / 5),
    )  # fmt: skip
    assert card.formula == "sum of the shares done / tasks due in the last 4 weeks of which it is known"
    assert card.source == "House rule: done is 1, partly a half, not done 0, or the share agreed in the review"
    assert len(practised(agreed[:3], TODAY).inputs) == 3
    assert practised([], TODAY).inputs == (("shares added up", 0), ("due in 4 weeks", 0), ("not said yet", 0))


def test_the_review_has_the_last_word() -> None:
    assert share_done(TaskState.DONE, 0.25) == 0.25
    assert share_done(TaskState.NOT_DONE, 0.0) == 0.0
    assert practised([Agreed(TODAY, TaskState.CHANGED, 1.0)], TODAY).value == 1.0


def test_no_word_of_blame_stands_on_the_card() -> None:
    card = practised([Agreed(TODAY, TaskState.NOT_DONE)], TODAY)
    said = f"{card.name} {card.formula} {card.not_meaning} {card.source}".lower()
    assert not [word for word in ("complian", "homework", "adheren", "resist", "fail") if word in said]
    assert (card.evidence, card.verified) == ("C", True)


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_goal_moves_as_far_back_as_forth(first: int, last: int) -> None:
    there, back = goal_change(first, last).value, goal_change(last, first).value
    assert isinstance(there, int)
    assert isinstance(back, int)
    assert there == -back
    assert is_more_than_chance(there) == is_more_than_chance(back) == (abs(there) >= 3)


def test_the_card_of_a_goal_says_where_its_threshold_comes_from() -> None:
    """Edbrooke-Childs et al. 2015: 2.45 points, proposed for young people."""
    card = goal_change(3, 6)
    assert ("proposed as reliable from", 2.45) in card.inputs
    assert "young people" in card.not_meaning
    assert not card.verified
    with pytest.raises(OutOfRange):
        goal_change(3, 11)


def test_a_goal_is_asked_for_again_after_four_weeks() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert [is_due_again(at - timedelta(days=days), at) for days in (27, 28, 29)] == [False, False, True]
    assert is_due_again(None, at)
