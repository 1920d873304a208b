"""What an interpreter changes: everything is said twice, so an hour holds less or takes longer.

House rule, from interpreters' own advice: plan half as much again (grade C).
"""

from __future__ import annotations

PACE = 1.5


def paced_minutes(minutes: int) -> int:
    """How long an hour takes with an interpreter for what it holds without one.

    >>> paced_minutes(50)
    75
    """
    return round(minutes * PACE)
