"""Four own-worded questions after an hour, 0–10, and what in the answers is worth asking about (a house rule, grade C).

The four numbers are not a scale: nothing adds them up, there is no cut-off and no norm. An answer is compared with the
median of the same client's own answers before it, and with nobody else's. Domain: alliance feedback of every session.

A full house of tens is common and says little (a ceiling, or politeness); low early and rising is how trust often
begins. Both are said, and neither is an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import OutOfRange

LOW, HIGH = 0, 10
BEFORE = 3  # how many earlier answers the median is taken of
DROP = 2  # points below the median
ENOUGH = 7  # below this, whatever it was before
FLAT = 3  # hours of nothing but tens
RULE = "worth_asking/1"


class Slider(StrEnum):
    """What is asked after an hour."""

    HEARD = "heard"
    MATTERED = "mattered"
    FITTED = "fitted"
    OVERALL = "overall"


class Why(StrEnum):
    """What brought a question up."""

    DROP = "drop"
    LOW = "low"
    COMMENT = "comment"


Values = Mapping[Slider, int | None]


@dataclass(frozen=True, slots=True)
class HourSaid:
    """What was said after one hour. A slider that is missing or None was skipped; skipped is not zero."""

    values: Values
    comment: bool = False

    @property
    def known(self) -> dict[Slider, int]:
        return {slider: value for slider in Slider if (value := self.values.get(slider)) is not None}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to ask. `usual` is the client's own median before; `rising` says that the answer lies above it."""

    why: Why
    slider: Slider | None = None
    value: int | None = None
    usual: float | None = None
    rising: bool = False


@dataclass(frozen=True, slots=True)
class WorthAsking:
    """Why to ask after the last hour, with a card for each slider; `flat_tens`: lately every answer was a ten."""

    reasons: tuple[Reason, ...]
    cards: tuple[NumberCard, ...]
    flat_tens: bool = False


def check_slider(value: int) -> int:
    """A whole number from 0 to 10.

    >>> check_slider(7)
    7
    """
    if isinstance(value, bool) or not isinstance(value, int) or not LOW <= value <= HIGH:
        raise OutOfRange("value", "The slider goes from 0 to 10 in whole steps.", "Give a whole number or nothing.")
    return value


def usual(hours: Sequence[HourSaid], slider: Slider) -> float | None:
    """The median of the last three answers to one question; of fewer where there are fewer, None without any.

    >>> usual([HourSaid({Slider.HEARD: value}) for value in (2, 9, 7, 8)], Slider.HEARD)
    8
    """
    answers = [value for hour in hours if (value := hour.values.get(slider)) is not None]
    return median(answers[-BEFORE:]) if answers else None


def worth_asking(hours: Sequence[HourSaid]) -> WorthAsking:
    """What of the last of these hours (oldest first) is worth asking about.

    A drop: value ≤ median of the client's own last three answers − 2. Low: value < 7. A comment: always.

    >>> before = [HourSaid({Slider.HEARD: value}) for value in (8, 9, 8)]
    >>> worth_asking([*before, HourSaid({Slider.HEARD: 6})]).reasons[0]
    Reason(why=<Why.DROP: 'drop'>, slider=<Slider.HEARD: 'heard'>, value=6, usual=8, rising=False)
    >>> worth_asking([*before, HourSaid({Slider.HEARD: 7})]).reasons
    ()
    """
    if not hours:
        return WorthAsking((), ())
    last, before = hours[-1], hours[:-1]
    reasons: list[Reason] = []
    cards: list[NumberCard] = []
    for slider, value in last.known.items():
        check_slider(value)
        own = usual(before, slider)
        cards.append(_card(slider, value, own, before))
        if own is not None and value <= own - DROP:
            reasons.append(Reason(Why.DROP, slider, value, own))
        elif value < ENOUGH:
            reasons.append(Reason(Why.LOW, slider, value, own, rising=own is not None and value > own))
    if last.comment:
        reasons.append(Reason(Why.COMMENT))
    return WorthAsking(tuple(reasons), tuple(cards), _flat_tens(hours))


def _flat_tens(hours: Sequence[HourSaid]) -> bool:
    answered = [set(hour.known.values()) for hour in hours if hour.known][-FLAT:]
    return len(answered) == FLAT and all(values == {HIGH} for values in answered)


def _card(slider: Slider, value: int, own: float | None, before: Sequence[HourSaid]) -> NumberCard:
    answers = [hour.values.get(slider) for hour in before]
    known = [answer for answer in answers if answer is not None]
    return NumberCard(
        name=f"slider_{slider}",
        value=None if own is None else value - own,
        unit="points",
        formula="last answer − median of the client's own last three before it",
        version=RULE,
        inputs=(("last", value), ("usual", own)),
        n=len(known[-BEFORE:]),
        missing=len(answers) - len(known),
        source="House rule on own, unvalidated 0–10 questions",
        evidence="C",
        not_meaning="It measures neither the therapist nor the therapy; it only says what to ask about.",
        verified=True,
        reason="" if own is not None else "no_answer_before",
    )
