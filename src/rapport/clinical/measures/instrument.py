"""What an instrument is: wording, answers, scales, bands, cut-off, change values, codes, licence. Data, never code.

Recall window and answer anchors are part of its identity: another window is another instrument (another ``id``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.safety.answers import SafetyRule


@dataclass(frozen=True, slots=True)
class Code:
    """A LOINC code; ``verified`` is False until it was looked up: a wrong code validates and still lies."""

    code: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person can choose."""

    value: int
    label: str
    loinc: Code | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. An item that belongs to no scale is asked and kept but never scored."""

    key: str
    text: str
    options: tuple[Option, ...]
    loinc: Code | None = None

    @property
    def values(self) -> frozenset[int]:
        return frozenset(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Scale:
    """A sum of items times ``multiplier``; up to ``max_missing`` unanswered items are filled by the person's mean."""

    key: str
    items: tuple[str, ...]
    low: float
    high: float
    multiplier: float
    max_missing: int


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of the total with the population it was published for."""

    low: float
    high: float
    code: str
    label: str
    population: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CutOff:
    """From this value on (in the direction of worse, the value included) a score is in the clinical range."""

    value: float
    population: str
    source: str
    verified: bool


class ChangeKind(StrEnum):
    """RELIABLE is beyond measurement error; IMPORTANT is what people notice. They are different questions."""

    RELIABLE = "reliable"
    IMPORTANT = "important"


class ChangeRule(StrEnum):
    """Where a change value comes from."""

    NHS = "nhs"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class ChangeValue:
    """A published amount of change in points."""

    kind: ChangeKind
    rule: ChangeRule
    value: float
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Instrument:
    """A measure as its owner published it. ``total_only``: the wording may not ship, only totals are entered."""

    id: str
    version: str
    language: str
    title: str
    short_title: str
    concept: str
    tier: int
    licence: str
    attribution: str
    source: str
    wording_checked: bool
    validated: bool
    total_only: bool
    recall_window: str
    stem: str
    low_label: str
    high_label: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    direction: Direction
    bands: tuple[Band, ...]
    cut_off: CutOff | None
    change: tuple[ChangeValue, ...]
    norms: Norms
    loinc_panel: Code | None
    loinc_total: Code | None
    safety_rules: tuple[SafetyRule, ...]
    pack: str | None = None

    @property
    def total(self) -> Scale:
        """The scale of the total score."""
        return next(scale for scale in self.scales if scale.key == "total")

    @property
    def low(self) -> float:
        return self.total.low

    @property
    def high(self) -> float:
        return self.total.high

    def item(self, key: str) -> Item | None:
        """The item with this key, if there is one."""
        return next((item for item in self.items if item.key == key), None)

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that enter any scale, in order."""
        scored = {key for scale in self.scales for key in scale.items}
        return tuple(item for item in self.items if item.key in scored)

    def change_value(self, kind: ChangeKind, rule: ChangeRule | None = None) -> ChangeValue | None:
        """The first published change of this kind (and rule)."""
        return next((c for c in self.change if c.kind is kind and (rule is None or c.rule is rule)), None)


def wording_hash(stem: str, items: tuple[Item, ...]) -> str:
    """sha256 over everything a person reads: the stem, each item, each answer; one line each, UTF-8."""
    lines = [stem]
    for item in items:
        lines.append(item.text)
        lines.extend(f"{option.value}={option.label}" for option in item.options)
    return sha256("\n".join(lines).encode()).hexdigest()
