"""How freely somebody could speak, in their own eyes: feelings, behaviour, state of mind, 0–10 each.

Own wording, not validated, no norms (grade C). The only comparison is with one's own answers before; it is said in
words without praise or blame, and nothing is counted in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median

from rapport.clinical.alliance.sliders import BEFORE, check_slider

NOTICEABLE = 2  # points from one's own median


class Freely(StrEnum):
    """What one could speak about, or could not."""

    FEELINGS = "feelings"
    BEHAVIOUR = "behaviour"
    MIND = "mind"


class Compared(StrEnum):
    """The last answer beside one's own earlier ones."""

    NOTHING = "nothing"
    FIRST = "first"
    MORE = "more"
    LESS = "less"
    SIMILAR = "similar"


def compared(answers: Sequence[int | None]) -> Compared:
    """The last answer against the median of the three before it; within two points it is similar.

    >>> compared([5, 5, 6, 8]).value, compared([5, None, 6]).value, compared([None]).value
    ('more', 'similar', 'nothing')
    """
    known = [check_slider(answer) for answer in answers if answer is not None]
    if not known:
        return Compared.NOTHING
    if len(known) == 1:
        return Compared.FIRST
    difference = known[-1] - median(known[:-1][-BEFORE:])
    if abs(difference) < NOTICEABLE:
        return Compared.SIMILAR
    return Compared.MORE if difference > 0 else Compared.LESS
