"""The speaking ladder: seven ways to be in an hour, from sitting quietly to saying what is hard to say here.

The client chooses; no rung is better than another, and no rung is counted. The steps are a house rule made from what
therapists do (grade C), not a measure.
"""

from __future__ import annotations

from enum import StrEnum


class Rung(StrEnum):
    """Today's way of speaking, from the quietest on."""

    QUIET = "quiet"
    NUMBER = "number"
    CARD = "card"
    SENTENCE = "sentence"
    HAPPENED = "happened"
    MEANT = "meant"
    HARD = "hard"


# What a rung brings with it: nothing need be given, and nothing more can be.
CARRIES: dict[Rung, str] = {Rung.NUMBER: "number", Rung.CARD: "cards", Rung.SENTENCE: "words"}
MOST_CARDS = 3
LOWEST, HIGHEST = 0, 10


def kept_of(rung: Rung, *, number: int | None, cards: tuple[str, ...], words: str) -> dict[str, object]:
    """What is kept of what came with a choice: only what this rung carries.

    >>> kept_of(Rung.QUIET, number=4, cards=(), words="never mind")
    {}
    >>> kept_of(Rung.NUMBER, number=4, cards=(), words="never mind")
    {'number': 4}
    """
    given = {"number": number, "cards": list(cards[:MOST_CARDS]), "words": words}
    name = CARRIES.get(rung, "")
    return {name: given[name]} if name and given[name] not in (None, [], "") else {}
