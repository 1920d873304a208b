"""Scoring vectors, missing answers, answers that do not exist."""

import math

import pytest

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.measures.scoring import BadAnswer, ScaleScore, Scored, band, in_clinical_range, score, score_total

PHQ9, GAD7 = load_instrument("phq9"), load_instrument("gad7")
WHO5 = load_instrument("who5", packs={"who5"})


def all_of(value: int, items: int) -> dict[str, int | None]:
    return {str(item): value for item in range(1, items + 1)}


def test_phq9_all_ones_is_nine_mild_and_below_caseness() -> None:
    scored = score(PHQ9, all_of(1, 9))
    assert (scored.value, scored.prorated, scored.n_missing, scored.method) == (9.0, False, 0, "sum/1")
    found = band(PHQ9, scored.value)
    assert found is not None
    assert found.code == "mild"
    assert in_clinical_range(PHQ9, 9.0) is False
    assert in_clinical_range(PHQ9, 10.0) is True


def test_phq9_all_threes_is_twenty_seven() -> None:
    assert score(PHQ9, all_of(3, 9)).value == 27.0


def test_phq9_item_nine_alone() -> None:
    assert score(PHQ9, all_of(0, 9) | {"9": 1}).value == 1.0


def test_the_difficulty_question_is_never_scored() -> None:
    assert score(PHQ9, all_of(1, 9) | {"difficulty": 3}).value == 9.0
    assert score(PHQ9, {"difficulty": 3}).reason == "nothing_answered"


def test_who5_raw_nine_is_thirty_six_and_higher_is_better() -> None:
    assert score(WHO5, {"1": 2, "2": 2, "3": 2, "4": 2, "5": 1}).value == 36.0
    assert in_clinical_range(WHO5, 36.0) is True
    assert in_clinical_range(WHO5, 52.0) is False


@pytest.mark.parametrize(("instrument", "items", "expected"), [(PHQ9, 9, 18.0), (GAD7, 7, 14.0)])
def test_one_missing_answer_is_replaced_and_flagged(instrument: Instrument, items: int, expected: float) -> None:
    scored = score(instrument, all_of(2, items) | {"3": None})
    assert (scored.value, scored.prorated, scored.n_missing) == (expected, True, 1)


def test_a_prorated_score_is_not_rounded() -> None:
    assert score(PHQ9, all_of(1, 8) | {"1": 2}).value == pytest.approx(9 * 9 / 8)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (all_of(1, 7), ScaleScore("total", 7.0, "", False, 7, 0)),
        (all_of(1, 6), ScaleScore("total", 7.0, "", True, 7, 1)),
        (all_of(1, 5), ScaleScore("total", None, "too_many_missing", False, 7, 2)),
        ({}, ScaleScore("total", None, "nothing_answered", False, 7, 7)),
    ],
)
def test_a_score_says_how_many_were_asked_and_how_many_left_open(
    answers: dict[str, int | None], expected: ScaleScore
) -> None:
    """None of it may be guessed from another: a score with a missing answer is an estimate and shown as one."""
    assert score(GAD7, answers) == Scored("gad7", GAD7.version, "sum/1", (expected,))


@pytest.mark.parametrize("instrument", [PHQ9, GAD7])
def test_two_missing_answers_give_no_score_and_a_reason(instrument: Instrument) -> None:
    scored = score(instrument, all_of(1, 7) | {"1": None, "2": None})
    assert (scored.value, scored.prorated) == (None, False)
    assert scored.reason == "too_many_missing"


def test_who5_forgives_no_missing_answer() -> None:
    assert score(WHO5, all_of(3, 4)).reason == "too_many_missing"


@pytest.mark.parametrize("answer", [-1, 4, 1.5, True, "1"])
def test_an_answer_that_does_not_exist_names_its_item(answer: int) -> None:
    with pytest.raises(BadAnswer) as refused:
        score(PHQ9, all_of(1, 9) | {"4": answer})
    assert refused.value.item == "4"
    assert "0, 1, 2, 3" in refused.value.remedy


def test_an_unknown_item_is_named() -> None:
    with pytest.raises(BadAnswer) as refused:
        score(PHQ9, {"10": 1})
    assert refused.value.item == "10"


def test_a_total_only_instrument_takes_totals_in_range_and_no_answers() -> None:
    hrsd = load_instrument("hrsd")
    assert score_total(hrsd, 24) == Scored(
        "hrsd", hrsd.version, "total_entered/1", (ScaleScore("total", 24.0, "", False, 0, 0),)
    )
    assert [score_total(hrsd, end).value for end in (0, 52)] == [0.0, 52.0]
    for beyond in (-1, 53, math.nan):
        with pytest.raises(OutOfRange):
            score_total(hrsd, beyond)
    with pytest.raises(ClinicalError):
        score(hrsd, {})


@pytest.mark.parametrize(
    ("instrument", "value", "code"),
    [
        (PHQ9, 0, "minimal"), (PHQ9, 4, "minimal"), (PHQ9, 5, "mild"), (PHQ9, 9, "mild"), (PHQ9, 10, "moderate"),
        (PHQ9, 14, "moderate"), (PHQ9, 15, "moderately_severe"), (PHQ9, 19, "moderately_severe"),
        (PHQ9, 20, "severe"), (PHQ9, 27, "severe"),
        (GAD7, 4, "minimal"), (GAD7, 5, "mild"), (GAD7, 10, "moderate"), (GAD7, 15, "severe"), (GAD7, 21, "severe"),
    ],
)  # fmt: skip
def test_bands_begin_at_the_published_points(instrument: Instrument, value: int, code: str) -> None:
    """Kroenke, Spitzer & Williams 2001 (PHQ-9: 5, 10, 15, 20); Spitzer et al. 2006 (GAD-7: 5, 10, 15)."""
    found = band(instrument, value)
    assert found is not None
    assert found.code == code


def test_no_band_without_a_score_or_bands() -> None:
    assert band(PHQ9, None) is None
    assert band(load_instrument("wellbeing_slider"), 5) is None
    assert in_clinical_range(load_instrument("wellbeing_slider"), 5) is None


def test_a_prorated_score_between_two_bands_stays_in_the_lower() -> None:
    found = band(PHQ9, 4.5)
    assert found is not None
    assert found.code == "minimal"


def test_band_refuses_what_the_scale_does_not_have() -> None:
    with pytest.raises(OutOfRange):
        band(PHQ9, 28)
