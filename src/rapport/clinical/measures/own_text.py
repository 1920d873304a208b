"""The wording a practice holds a licence for, put onto the skeleton of its instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument, Option

LONGEST = 1000


class WordingDoesNotFit(ClinicalError):
    """The text that was brought has another shape than the instrument."""

    code = "wording_does_not_fit"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person reads. ``answers`` are the common ones, in the order of their numbers."""

    stem: str
    items: tuple[str, ...]
    answers: tuple[str, ...]


def with_wording(skeleton: Instrument, wording: Wording) -> Instrument:
    """The instrument as this practice may ask it.

    Every question gets the same answers: an instrument whose answers differ from question to question is refused.

    >>> from rapport.clinical.measures.registry import load_instrument
    >>> k6 = with_wording(load_instrument("k6"), Wording("Stem", tuple("abcdef"), tuple("01234")))
    >>> k6.can_be_asked, k6.items[5].text
    (True, 'f')
    """
    if not skeleton.is_skeleton:
        raise WordingDoesNotFit("instrument", "This instrument needs no wording.", "Choose one that has none yet.")
    if skeleton.answers_differ:
        raise WordingDoesNotFit(
            "answers", "Its answers read otherwise from question to question.", "Type its papers in by their numbers."
        )
    values = _values(skeleton.items[0].options)
    _check("items", wording.items, len(skeleton.items))
    _check("answers", wording.answers, len(values))
    _check("stem", [wording.stem or "-"], 1)
    common = tuple(Option(value, label) for value, label in zip(values, wording.answers, strict=True))
    return replace(
        skeleton,
        stem=wording.stem,
        items=tuple(
            replace(item, text=text, options=common) for item, text in zip(skeleton.items, wording.items, strict=True)
        ),
    )


def _values(options: Sequence[Option]) -> tuple[int, ...]:
    return tuple(option.value for option in options)


def _check(field: str, lines: Sequence[str], wanted: int) -> None:
    if len(lines) != wanted:
        raise WordingDoesNotFit(field, f"There are {len(lines)} lines.", f"Give {wanted}, one a line.")
    if any(not line.strip() or len(line) > LONGEST for line in lines):
        raise WordingDoesNotFit(field, "A line is empty or too long.", f"Give at most {LONGEST} characters a line.")
