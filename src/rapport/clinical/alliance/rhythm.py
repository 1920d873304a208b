"""When one of the longer alliance forms is suggested: after sessions 3, 6 and 10, then after every sixth.

A house rhythm (grade C). It suggests; nobody is reminded.
"""

from __future__ import annotations

from itertools import count

FIRST = (3, 6, 10)
EVERY = 6


def is_asked(session: int) -> bool:
    """Whether the rhythm asks after the session with this number.

    >>> [number for number in range(1, 24) if is_asked(number)]
    [3, 6, 10, 16, 22]
    """
    return session in FIRST or (session > FIRST[-1] and (session - FIRST[-1]) % EVERY == 0)


def next_asked(held: int) -> int:
    """The number of the next session after which the rhythm asks, when so many have been held.

    >>> next_asked(0), next_asked(6), next_asked(10)
    (3, 10, 16)
    """
    return next(number for number in count(held + 1) if is_asked(number))


def is_due(held: int, asked_after: int | None) -> bool:
    """Whether a time of the rhythm has passed since the form was last answered (after which session, None: never).

    >>> is_due(2, None), is_due(3, None), is_due(5, 3), is_due(6, 3)
    (False, True, False, True)
    """
    return any(is_asked(number) for number in range((asked_after or 0) + 1, held + 1))
