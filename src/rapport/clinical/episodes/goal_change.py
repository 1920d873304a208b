"""How far a goal has come between two ratings, 0 to 10.

A change of 2.45 points was proposed as reliable by Edbrooke-Childs, Jacob, Law, Deighton and Wolpert (2015),
*Interpreting standardized and idiographic outcome measures in CAMHS*, Child and Adolescent Mental Health 20(3),
142-148. It comes from young people in child and adolescent services; nobody has shown that it holds for adults.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange

RELIABLE_POINTS = 2.45
RATE_AGAIN_AFTER = timedelta(weeks=4)
HIGHEST = 10


def is_more_than_chance(change: float) -> bool:
    """Whether a change reaches the proposed 2.45 points, in either direction.

    >>> [is_more_than_chance(change) for change in (2, 3, -3)]
    [False, True, True]
    """
    return abs(change) >= RELIABLE_POINTS


def goal_change(first: int, last: int) -> NumberCard:
    """Last rating minus the first, with its card. Positive is nearer to the goal.

    >>> goal_change(3, 6).value
    3
    """
    for name, value in (("first", first), ("last", last)):
        if not 0 <= value <= HIGHEST:
            raise OutOfRange(name, "A goal is rated from 0 to 10.", "Give 0 to 10.")
    return NumberCard(
        name="Nearer to the goal",
        value=last - first,
        unit="points",
        formula="last rating − first rating",
        version="goal_change/1",
        inputs=(("first", first), ("last", last), ("proposed as reliable from", RELIABLE_POINTS)),
        n=2,
        source="Edbrooke-Childs et al. 2015: 2.45 points, from young people",
        evidence="B",
        not_meaning="Not that therapy caused it. The 2.45 points were found with young people, not with adults.",
        verified=False,
    )


def is_due_again(last_rated_at: datetime | None, at: datetime) -> bool:
    """Whether a goal was never rated, or more than four weeks ago.

    >>> from datetime import UTC
    >>> is_due_again(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    True
    """
    return last_rated_at is None or at - last_rated_at > RATE_AGAIN_AFTER
