"""What can be agreed in a contract, and how far a goal has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rapport.clinical.episodes.contract import MissedCharge, Terms
from rapport.clinical.episodes.goal_change import goal_change, is_due_again, is_more_than_chance
from rapport.clinical.kernel.errors import OutOfRange


@pytest.mark.parametrize(
    ("field", "lowest", "highest", "step"),
    [
        ("length_minutes", 1, 240, 1),
        ("per_week", Decimal("0.25"), Decimal(5), Decimal("0.01")),
        ("notice_hours", 0, 720, 1),
        ("part", Decimal(0), Decimal(1), Decimal("0.01")),
    ],
)
def test_terms_are_agreed_within_their_limits(field: str, lowest: Any, highest: Any, step: Any) -> None:
    for value in (lowest, highest):
        assert getattr(Terms(**{field: value}), field) == value
    for value in (lowest - step, highest + step):
        with pytest.raises(OutOfRange) as refused:
            Terms(**{field: value})
        assert refused.value.field == field


def test_a_fee_may_be_nothing_and_never_less() -> None:
    assert Terms(fee=Decimal(0)).fee == 0
    with pytest.raises(OutOfRange) as refused:
        Terms(fee=Decimal("-0.01"))
    assert refused.value.field == "fee"


def test_what_is_usual_and_how_far_apart_hours_lie() -> None:
    assert Terms() == Terms(50, Decimal(1), Decimal(0), 48, MissedCharge.FULL, Decimal("0.5"))
    assert [Terms(per_week=Decimal(n)).days_between for n in ("2", "0.5")] == [Decimal("3.5"), Decimal(14)]


def test_a_goal_has_come_as_far_as_its_ratings_say() -> None:
    """Edbrooke-Childs et al. 2015: 2.45 points, found with young people."""
    card = goal_change(7, 3)
    assert (card.value, card.unit, card.n, card.evidence, card.verified) == (-4, "points", 2, "B", False)
    assert card.inputs == (("first", 7), ("last", 3), ("proposed as reliable from", 2.45))
    assert card.source == "Edbrooke-Childs et al. 2015: 2.45 points, from young people"
    assert "adults" in card.not_meaning
    assert [is_more_than_chance(change) for change in (2.44, 2.45, -2.45, -2.44)] == [False, True, True, False]


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 5, "first"), (11, 5, "first"), (5, -1, "last"),
                                                      (5, 11, "last")])  # fmt: skip
def test_a_goal_is_rated_from_nought_to_ten(first: int, last: int, field: str) -> None:
    assert goal_change(0, 10).value == 10
    with pytest.raises(OutOfRange) as refused:
        goal_change(first, last)
    assert refused.value.field == field


def test_a_goal_is_rated_again_after_more_than_four_weeks() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert is_due_again(None, now)
    assert not is_due_again(now - timedelta(weeks=4), now)
    assert is_due_again(now - timedelta(weeks=4, seconds=1), now)
