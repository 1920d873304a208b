"""Number cards: no number without what it is, from what, and what it does not mean.

``name``, ``unit``, ``formula`` and ``not_meaning`` are English message ids: a page translates them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Evidence = Literal["A", "B", "C"]


class EvidenceGrade(StrEnum):
    """A validated, B published but bound to its context, C house rule and not a validated figure."""

    VALIDATED = "A"
    PUBLISHED = "B"
    HOUSE_RULE = "C"


Input = tuple[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class NumberCard:
    """What stands behind one figure.

    ``verified`` is False while any published value it rests on was not yet checked against its paper.
    ``reason`` is a code and says why ``value`` is None; unknown is never zero.

    >>> NumberCard("Change", -6.0, "points", "last − first", "change/1", (("first", 16), ("last", 10))).value
    -6.0
    """

    name: str
    value: float | int | str | None
    unit: str
    formula: str
    version: str
    inputs: tuple[Input, ...] = ()
    n: int | None = None
    missing: int = 0
    interval: tuple[float, float] | None = None
    source: str = ""
    evidence: Evidence = "C"
    not_meaning: str = ""
    verified: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError(f"{self.name}: an unknown value needs a reason")
