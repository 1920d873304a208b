"""Feeling cards: words to point at when none come by themselves."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Card:
    """A feeling in a word, and what it may be like."""

    key: str
    words: str
    like: str


@dataclass(frozen=True, slots=True)
class Family:
    """Cards that lie together."""

    words: str
    cards: tuple[Card, ...]


@functools.cache
def families() -> tuple[Family, ...]:
    """All cards, in their families."""
    text = (files("rapport.clinical.speaking") / "data" / "feelings.toml").read_text(encoding="utf-8")
    return tuple(
        Family(family["words"], tuple(Card(key, words, like) for key, (words, like) in family["cards"].items()))
        for family in tomllib.loads(text)["family"]
    )


@functools.cache
def cards() -> dict[str, Card]:
    """Every card by its key.

    >>> cards()["numb"].words
    'numb'
    """
    return {card.key: card for family in families() for card in family.cards}
