"""What every refusal and every number card of the ground floor must say, held in whichever test one comes up.

A page puts a refusal beside its field and a console prints it: one without its field, or without a sentence that says
what helps, leaves a person helpless. A card is shown with its number: without its name, unit, formula, version and what
it does not mean, the number is read for more than it is.
"""

import re
from collections.abc import Iterator

import pytest

from rapport.clinical.kernel.cards import EvidenceGrade, NumberCard
from rapport.clinical.kernel.errors import ClinicalError

FIELD = re.compile(r"[a-z][\w.\[\]/ -]*")
SENTENCE = re.compile(r"(?:[A-Z\d“'\"]|[a-z]+[\d_]\w* is\b).*[a-z].*[.?!]", re.DOTALL)
MEANING = re.compile(r"[A-Z].*[a-z].*[.]")
NAME = re.compile(r"[A-Z].*[a-z\d)]|[A-Z]{2,4}|[a-z]+_[a-z]+")
PHRASE = re.compile(r".*[a-z\d)]|.*\b[A-Z]|.*_[A-Z]")
VERSION = re.compile(r"[a-z\d_]+/\d+")
REASON = re.compile(r"[a-z_]*")
UNITS = {"", "days", "minutes", "points", "SDs of error", "share"}


def whole_refusal(field: str, message: str, remedy: str) -> None:
    assert FIELD.fullmatch(field), f"no field: {field!r}"
    for words in (message, remedy):
        assert SENTENCE.fullmatch(words), f"no sentence: {words!r}"


def whole_card(card: NumberCard) -> None:
    assert card.unit in UNITS
    assert card.evidence in set(EvidenceGrade)
    assert card.n is None or card.n >= 0
    assert card.missing >= 0
    assert card.verified in (True, False)
    assert (card.value is None) == bool(card.reason)
    for shape, words in (
        (NAME, card.name),
        (PHRASE, card.formula),
        (PHRASE, card.source or "none"),
        (MEANING, card.not_meaning),
        (VERSION, card.version),
        (REASON, card.reason),
    ):
        assert shape.fullmatch(words), f"{card.name}: {words!r}"


@pytest.fixture(autouse=True, scope="module")
def refusals_and_cards_are_whole() -> Iterator[None]:
    refuse, settle = ClinicalError.__init__, NumberCard.__post_init__

    def refused(self: ClinicalError, field: str, message: str, remedy: str) -> None:
        whole_refusal(field, message, remedy)
        refuse(self, field, message, remedy)

    def settled(self: NumberCard) -> None:
        settle(self)
        whole_card(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClinicalError, "__init__", refused)
        patch.setattr(NumberCard, "__post_init__", settled)
        yield
