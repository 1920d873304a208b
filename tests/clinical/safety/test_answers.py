"""Which answers need a person."""

import pytest

from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.safety.answers import Severity, answers_needing_a_person, missing_safety_item

PHQ9 = load_instrument("phq9")


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_nine_above_zero_needs_a_person(answer: int) -> None:
    (found,) = answers_needing_a_person(PHQ9, {"9": answer})
    assert (found.instrument, found.item, found.answer) == ("phq9", "9", answer)
    assert found.severity is Severity.ACT_TODAY
    assert found.code == "phq9_item9_answered_above_zero"


def test_every_answer_above_zero_is_treated_alike() -> None:
    """No risk level is made up from the size of the answer."""
    assert len({answers_needing_a_person(PHQ9, {"9": answer})[0].severity for answer in (1, 2, 3)}) == 1


def test_no_other_answer_raises_anything() -> None:
    assert answers_needing_a_person(PHQ9, {str(item): 3 for item in range(1, 9)} | {"9": 0}) == ()
    assert answers_needing_a_person(PHQ9, {}) == ()
    assert answers_needing_a_person(load_instrument("gad7"), {"1": 3}) == ()


def test_a_skipped_safety_item_is_known() -> None:
    assert missing_safety_item(PHQ9, {"1": 0}) == ("9",)
    assert missing_safety_item(PHQ9, {"9": 0}) == ()


def test_a_question_left_open_hides_no_answer_after_it() -> None:
    """An unfinished form alerts like a finished one: the ASQ left open at its first questions, a yes at the fourth."""
    (found,) = answers_needing_a_person(load_instrument("asq"), {"4": 1})
    assert found.item == "4"
