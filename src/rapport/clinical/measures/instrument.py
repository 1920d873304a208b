"""What an instrument is: wording, answers, scales, bands, cut-off, change values, codes, licence. Data, never code.

Recall window and answer anchors are part of its identity: another window is another instrument (another ``id``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.safety.answers import SafetyRule

ADULT = 18


@dataclass(frozen=True, slots=True)
class Code:
    """A LOINC code; ``verified`` is False until it was looked up: a wrong code validates and still lies."""

    code: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person can choose; without a label where the wording may not ship."""

    value: int
    label: str
    loinc: Code | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. An item that belongs to no scale is asked and kept but never scored.

    ``optional`` does not apply to everybody: left open it counts nothing and is not missing. ``asked_after`` is asked
    only when one of these items was answered above its lowest. ``link_id`` is its name in a FHIR form.
    """

    key: str
    text: str
    options: tuple[Option, ...]
    loinc: Code | None = None
    optional: bool = False
    asked_after: tuple[str, ...] = ()
    link_id: str = ""

    @property
    def values(self) -> frozenset[int]:
        return frozenset(option.value for option in self.options)

    def follows(self, answers: Mapping[str, int | None]) -> bool:
        """Whether it is asked after these answers."""
        return not self.asked_after or any((answers.get(key) or 0) > 0 for key in self.asked_after)

    def is_for_a_person(self, answers: Mapping[str, int | None]) -> bool:
        """Whether it is worth asking in person if it was left open.

        Where the question before it was refused the form does not go on as if the answer had been yes: a person asks.
        """
        return self.follows(answers) or any(answers.get(key) is None for key in self.asked_after)


@dataclass(frozen=True, slots=True)
class Scale:
    """A sum of items times ``multiplier``; up to ``max_missing`` unanswered items are filled by the person's mean.

    An item in ``turned`` is worded the other way round and counts lowest + highest − answer.
    """

    key: str
    items: tuple[str, ...]
    low: float
    high: float
    multiplier: float
    max_missing: int
    turned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """``count`` of these items answered with ``at_least``."""

    items: tuple[str, ...]
    at_least: int
    count: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A published pattern of answers: every group must be there, and none of the patterns it ``excludes``."""

    code: str
    label: str
    groups: tuple[Group, ...]
    unless: tuple[str, ...]
    source: str
    verified: bool
    or_refused: bool = False  # a question the person would not answer counts as well


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of the total with the population and the ages it was published for."""

    low: float
    high: float
    code: str
    label: str
    population: str
    source: str
    verified: bool
    from_age: int = ADULT
    to_age: int | None = None

    def fits_age(self, age: int | None) -> bool:
        """Whether it was published for people of this age; an unknown age is taken for an adult's."""
        return _within(age, self.from_age, self.to_age)


@dataclass(frozen=True, slots=True)
class CutOff:
    """From this value on (in the direction of worse, the value included) a score is in the clinical range."""

    value: float
    population: str
    source: str
    verified: bool
    from_age: int = ADULT
    to_age: int | None = None

    def fits_age(self, age: int | None) -> bool:
        """Whether it was published for people of this age; an unknown age is taken for an adult's."""
        return _within(age, self.from_age, self.to_age)


def _within(age: int | None, low: int, high: int | None) -> bool:
    return age is None or (low <= age and (high is None or age <= high))


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
    """A measure as its owner published it.

    ``total_only``: nothing but totals are known. A skeleton has items without their wording: it is scored from a paper,
    and asked only where the practice brings the text it holds a licence for. ``nc_interpretation`` is what the owner
    says "non-commercial" means; ``compared_with`` says against what the wording was compared so far. ``answers_differ``
    where the answers of one question read otherwise than those of the next, though their numbers may be the same.
    """

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
    criteria: tuple[Criterion, ...] = ()
    nc_interpretation: str = ""
    compared_with: str = ""
    answers_differ: bool = False

    @property
    def takes_wording(self) -> bool:
        """Whether a practice may bring its text: one common row of answers must say what every question offers."""
        return self.is_skeleton and not self.answers_differ

    @property
    def is_skeleton(self) -> bool:
        """Items to score, no words to ask."""
        return bool(self.items) and not any(item.text for item in self.items)

    @property
    def can_be_asked(self) -> bool:
        """Whether its questions are here to be read by a person."""
        return bool(self.items) and not self.is_skeleton

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

    def bands_for(self, ages: Collection[int | None]) -> tuple[Band, ...]:
        """The bands that were published for people of all these ages."""
        return tuple(band for band in self.bands if all(map(band.fits_age, ages)))

    def cut_off_for(self, ages: Collection[int | None]) -> CutOff | None:
        """The cut-off, if it was published for people of all these ages."""
        return self.cut_off if self.cut_off is not None and all(map(self.cut_off.fits_age, ages)) else None

    def norms_fit(self, ages: Collection[int | None]) -> bool:
        """Whether a cut-off, published or computed from its norms, holds at these ages.

        Norms without ages of their own are those of adults; those a practice brought are taken as it brought them.
        """
        if self.cut_off is not None:
            return self.cut_off_for(ages) is not None
        return self.concept == "own" or all(_within(age, ADULT, None) for age in ages)

    def judged_at(self, ages: Collection[int | None]) -> Instrument:
        """The measure as it can be judged at these ages: without norms that were published for others.

        >>> from rapport.clinical.measures.registry import load_instrument
        >>> load_instrument("phq9").judged_at([12]).cut_off is None
        True
        """
        if self.norms_fit(ages):
            return self
        plain = Norms(self.low, self.high, self.direction)
        return replace(self, bands=self.bands_for(ages), cut_off=None, change=(), norms=plain)

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
