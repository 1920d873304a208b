"""Which answers of a form need a person: by LOINC, by marks, by what the owner of a screen says of refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from rapport.clinical.measures.criteria import patterns
from rapport.clinical.measures.fhir import (
    BadResource,
    is_known,
    proposed,
    read_questionnaire,
    with_marks,
    write_questionnaire,
)
from rapport.clinical.measures.fhir.danger import NEEDS_A_PERSON
from rapport.clinical.measures.fhir.resources import LOINC, ORDINAL
from rapport.clinical.measures.instrument import ChangeKind, Criterion, Group, Instrument
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.safety.answers import NeedsPerson, SafetyRule, Severity, answers_needing_a_person

ASQ, PHQ9 = load_instrument("asq"), load_instrument("phq9")


def option(value: int, label: str, code: str = "") -> dict[str, Any]:
    coded = {"system": LOINC, "code": code} if code else {}
    return {"valueCoding": {"display": label, "extension": [{"url": ORDINAL, "valueDecimal": value}], **coded}}


def form(*options: dict[str, Any], **entry: Any) -> str:
    item = {"linkId": "q", "type": "choice", "text": "How often?", "answerOption": list(options), **entry}
    return json.dumps({"resourceType": "Questionnaire", "title": "Own", "item": [item]})


def read(raw: str, direction: Direction = Direction.LOWER) -> Instrument:
    return read_questionnaire(raw, id="own.x", direction=direction, licence="").instrument


FROM_ZERO = (option(0, "never"), option(1, "at times"), option(2, "often"))
CODED: dict[str, Any] = {"code": [{"system": LOINC, "code": "44260-8"}]}


def least(raw: str, direction: Direction = Direction.LOWER) -> int | None:
    return next((rule.at_least for rule in read(raw, direction).safety_rules), None)


def test_item_nine_is_itself_under_whatever_title_it_comes() -> None:
    brought = read(json.dumps(write_questionnaire(PHQ9)))
    assert brought.safety_rules == PHQ9.safety_rules
    assert [is_known(item) for item in brought.items] == [False] * 8 + [True, False]
    assert least(form(*FROM_ZERO, **CODED)) == 1
    assert least(form(*FROM_ZERO, linkId="/44260-8")) == 1
    assert least(form(*FROM_ZERO, code=[{"system": LOINC, "code": "44250-9"}])) is None


def test_a_form_that_counts_otherwise_alerts_early_and_never_late() -> None:
    assert least(form(option(1, "never"), option(2, "at times"), **CODED)) == 2
    assert least(form(*FROM_ZERO, **CODED), Direction.HIGHER) == 0
    backwards = form(option(0, "Nearly every day", "LA6571-9"), option(3, "Not at all", "LA6568-5"), **CODED)
    assert least(backwards) == 0
    assert (
        least(form(option(0, "Not at all", "LA6568-5"), option(3, "Daily", "LA6571-9"), **CODED), Direction.HIGHER) == 3
    )


def test_marks_are_kept_in_the_form_and_read_from_it() -> None:
    marked = with_marks(form(*FROM_ZERO), {"q": 2})
    assert read(marked).safety_rules == (SafetyRule("1", 2, Severity.ACT_TODAY, "own_question_1"),)
    assert least(with_marks(marked, {"q": 1})) == 1
    assert read(with_marks(marked, {})).safety_rules == ()
    (needs,) = answers_needing_a_person(read(marked), {"1": 2})
    assert (needs.instrument, needs.severity) == ("own.x", Severity.ACT_TODAY)


def test_a_mark_makes_a_known_question_more_careful_and_never_less() -> None:
    assert least(with_marks(form(*FROM_ZERO, **CODED), {"q": 2})) == 1
    assert least(with_marks(form(*FROM_ZERO, **CODED), {"q": 0})) == 0


@pytest.mark.parametrize("marks", [{"q": 7}, {"elsewhere": 1}])
def test_a_mark_that_fits_nothing_is_refused(marks: dict[str, int]) -> None:
    with pytest.raises(BadResource):
        read(with_marks(form(*FROM_ZERO), marks))
    with pytest.raises(BadResource):
        read(form(*FROM_ZERO, extension=[{"url": NEEDS_A_PERSON, "valueInteger": "1"}]))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I thought of killing myself", 1),
        ("Did you hurt yourself on purpose?", 1),
        ("I would be better off dead", 1),
        ("How well did you sleep?", None),
        ("I enjoyed my skills", None),
    ],
)
def test_words_propose_a_mark(words: str, expected: int | None) -> None:
    assert proposed(read(form(*FROM_ZERO, text=words)).items[0]) == expected


@pytest.mark.parametrize("item", ["1", "2", "3", "4"])
def test_refusing_a_question_of_the_asq_is_a_positive_screen(item: str) -> None:
    refused = dict.fromkeys("1234", 0) | {item: None}
    assert answers_needing_a_person(ASQ, refused) == (
        NeedsPerson("asq", "1", item, None, Severity.ACT_TODAY, f"asq_question{item}_refused"),
    )
    assert [one.met for one in patterns(ASQ, refused)] == [True]


def test_a_refusal_is_no_yes_and_a_person_asks_the_fifth_question() -> None:
    fifth = ASQ.items[4]
    refused = {"1": None, "2": 0, "3": 0, "4": 0}
    assert not fifth.follows(refused)
    assert fifth.is_for_a_person(refused)
    assert not fifth.is_for_a_person(dict.fromkeys("1234", 0))
    assert fifth.follows({"1": 1, "2": 0, "3": 0, "4": 0})


def test_refusing_elsewhere_raises_nothing_by_itself() -> None:
    assert answers_needing_a_person(PHQ9, {"9": None}) == ()
    assert answers_needing_a_person(ASQ, {}) == ()


def test_a_pattern_that_wants_two_is_not_shown_by_one_refusal() -> None:
    two = Criterion("two", "Two", (Group(("1", "2", "3"), 1, 2),), (), "", True, or_refused=True)
    asked = replace(ASQ, criteria=(two,))
    assert [one.met for one in patterns(asked, {"1": None, "2": 0, "3": 0})] == [None]
    assert [one.met for one in patterns(asked, {"1": None, "2": 1, "3": 0})] == [True]


def test_a_pattern_gives_way_to_one_that_itself_gives_way() -> None:
    def one(code: str, item: str, *unless: str) -> Criterion:
        return Criterion(code, code, (Group((item,), 1, 1),), unless, "", True)

    chain = replace(ASQ, criteria=(one("a", "1", "b"), one("b", "2", "c"), one("c", "3")))
    assert [each.met for each in patterns(chain, {"1": 1, "2": 1, "3": 1})] == [True, False, True]
    assert [each.met for each in patterns(chain, {"1": 1, "2": 1, "3": 0})] == [False, True, False]


def test_bands_and_cut_offs_hold_for_the_ages_they_were_published_for() -> None:
    assert PHQ9.bands_for({17}) == ()
    assert PHQ9.cut_off_for({17, 18}) is None
    assert PHQ9.bands_for({18, None}) == PHQ9.bands
    assert PHQ9.cut_off_for({30}) == PHQ9.cut_off
    assert ASQ.cut_off_for({14}) == ASQ.cut_off
    assert ASQ.cut_off_for({7}) is None
    assert [load_instrument("phq15").norms_fit({age}) for age in (17, 18)] == [False, True]


def test_what_was_published_for_children_ends_with_their_last_year() -> None:
    young = replace(PHQ9.bands[0], from_age=12, to_age=17)
    assert [young.fits_age(age) for age in (11, 12, 17, 18, None)] == [False, True, True, False, True]
    cut = replace(PHQ9.cut_off, from_age=12, to_age=17) if PHQ9.cut_off else None
    assert cut is not None
    assert [cut.fits_age(age) for age in (11, 12, 17, 18)] == [False, True, True, False]


def test_at_other_ages_a_form_is_counted_and_not_judged() -> None:
    child = PHQ9.judged_at([12])
    assert child == replace(PHQ9, bands=(), cut_off=None, change=(), norms=Norms(PHQ9.low, PHQ9.high, PHQ9.direction))
    assert PHQ9.judged_at([18]) is PHQ9
    bands = tuple(replace(one, from_age=10) for one in PHQ9.bands)
    assert replace(PHQ9, bands=bands).judged_at([12]).bands == bands
    own = replace(PHQ9, cut_off=None, concept="own")
    assert own.norms_fit([12])
    assert not replace(own, concept="depression").norms_fit([12])


def test_what_is_not_scored_and_what_was_never_published_is_nothing() -> None:
    assert [item.key for item in PHQ9.scored_items] == [str(number) for number in range(1, 10)]
    assert load_instrument("wellbeing_slider").change_value(ChangeKind.RELIABLE) is None
