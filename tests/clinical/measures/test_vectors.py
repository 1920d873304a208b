"""Scoring vectors of every instrument that is more than a plain sum."""

from __future__ import annotations

import pytest

from rapport.clinical.measures.criteria import patterns
from rapport.clinical.measures.instrument import ChangeKind, Instrument
from rapport.clinical.measures.registry import available_packs, load_instrument
from rapport.clinical.measures.scoring import band, score
from rapport.clinical.safety.answers import Severity, answers_needing_a_person

PACKS = available_packs()


def get(name: str) -> Instrument:
    return load_instrument(name, packs=PACKS)


def keyed(*values: int | None, prefix: str = "") -> dict[str, int | None]:
    return {f"{prefix}{place}": value for place, value in enumerate(values, 1)}


def met(name: str, answers: dict[str, int | None]) -> dict[str, bool | None]:
    return {one.criterion.code: one.met for one in patterns(get(name), answers)}


ITQ = keyed(2, 0, 0, 2, 2, 0, 2, 0, 0, prefix="P") | keyed(2, 0, 2, 0, 1, 1, 0, 0, 0, prefix="C")


def test_core10_nine_answers_of_two_are_twenty_and_eight_are_none() -> None:
    nine = keyed(*[2] * 9, None)
    assert (score(get("core10"), nine).value, score(get("core10"), nine).prorated) == (20.0, True)
    assert score(get("core10"), keyed(*[2] * 8)).reason == "too_many_missing"


def test_core10_counts_its_two_good_items_the_other_way_round() -> None:
    items = get("core10").items
    assert [option.value for option in items[1].options] == [4, 3, 2, 1, 0]
    assert [option.value for option in items[3].options] == [0, 1, 2, 3, 4]
    assert [option.label for option in items[1].options] == [option.label for option in items[3].options]


def test_itq_shows_ptsd_and_with_self_organisation_complex_ptsd_only() -> None:
    assert met("itq", ITQ) == {"icd11_ptsd": True, "icd11_complex_ptsd": False}
    assert met("itq", ITQ | {"C6": 2, "C8": 2}) == {"icd11_ptsd": False, "icd11_complex_ptsd": True}


def test_itq_is_unknown_while_answers_could_decide_it() -> None:
    assert met("itq", ITQ | {"P4": None})["icd11_ptsd"] is None
    assert met("itq", ITQ | {"C6": None, "C8": None})["icd11_ptsd"] is None


def test_pcl5_counts_clusters_and_their_dsm_rule() -> None:
    pcl5 = get("pcl5")
    answers = keyed(*[0] * 20) | {"1": 2, "6": 3, "8": 2, "9": 4, "15": 2, "20": 2}
    assert [one.value for one in score(pcl5, answers).scales] == [15.0, 2.0, 3.0, 6.0, 4.0]
    assert met("pcl5", answers) == {"dsm5_pattern": True}
    assert met("pcl5", answers | {"20": 1}) == {"dsm5_pattern": False}


def test_pcl5_knows_nothing_of_five_and_ten_points() -> None:
    values = {one.kind: one.value for one in get("pcl5").change}
    assert values == {ChangeKind.RELIABLE: 18, ChangeKind.IMPORTANT: 12}
    assert get("pcl5").bands == ()


def test_pswq_turns_five_items() -> None:
    pswq = get("pswq")
    assert score(pswq, keyed(*[5] * 16)).value == 11 * 5 + 5 * 1
    assert score(pswq, keyed(*[1] * 16)).value == 11 * 1 + 5 * 5


def test_phq15_leaves_out_what_does_not_apply() -> None:
    phq15 = get("phq15")
    scored = score(phq15, keyed(*[1] * 15) | {"4": None})
    assert (scored.value, scored.prorated, scored.n_missing) == (14.0, False, 0)
    assert score(phq15, keyed(*[1] * 15)).value == 15.0
    assert met("phq15", keyed(*[0] * 15) | {"1": 2, "2": 2, "3": 2}) == {"three_or_more_a_lot": True}


def test_wsas_without_work_is_a_sum_of_four() -> None:
    wsas = get("wsas")
    assert score(wsas, keyed(None, 8, 8, 8, 8)).value == 32.0
    assert score(wsas, keyed(8, 8, 8, 8, 8)).value == 40.0


def test_k10_counts_from_one_and_dass21_doubles() -> None:
    assert score(get("k10"), keyed(*[1] * 10)).value == 10.0
    scales = {one.key: one.value for one in score(get("dass21"), keyed(*[1] * 21)).scales}
    assert scales == {"total": 42.0, "depression": 14.0, "anxiety": 14.0, "stress": 14.0}


def test_dast10_turns_its_third_question_and_audit_its_last_two_count_double() -> None:
    assert score(get("dast10"), keyed(*[0] * 10)).value == 1.0
    assert score(get("audit"), keyed(*[4] * 10)).value == 40.0


def test_phq4_has_two_halves() -> None:
    scales = {one.key: one.value for one in score(get("phq4"), keyed(3, 3, 0, 1)).scales}
    assert scales == {"total": 7.0, "anxiety": 6.0, "depression": 1.0}


@pytest.mark.parametrize(
    ("name", "answers", "severity"),
    [
        ("phq9", {"9": 1}, Severity.ACT_TODAY),
        ("core10", {"6": 1}, Severity.ACT_TODAY),
        ("epds", {"10": 1}, Severity.ACT_TODAY),
        ("cssrs", {"1": 1}, Severity.ACT_TODAY),
        *(("asq", {str(item): 1}, Severity.ACT_TODAY) for item in range(1, 5)),
        ("asq", {"5": 1}, Severity.ACT_NOW),
    ],
)
def test_every_answer_about_suicide_needs_a_person(name: str, answers: dict[str, int], severity: Severity) -> None:
    (needs,) = answers_needing_a_person(get(name), answers)
    assert needs.severity is severity
    assert answers_needing_a_person(get(name), dict.fromkeys(answers, 0)) == ()


def test_every_safety_question_has_a_rule_and_every_pattern_a_source() -> None:
    for name in ("asq", "cssrs"):
        asked = get(name)
        assert {rule.item for rule in asked.safety_rules} == {item.key for item in asked.items}
    for name in ("itq", "pcl5", "phq15", "asq"):
        assert all(one.source for one in get(name).criteria)


def test_the_question_about_right_now_follows_a_yes() -> None:
    now = get("asq").items[4]
    assert not now.follows({"1": 0, "2": 0, "3": 0, "4": 0})
    assert now.follows({"1": 0, "2": 1})


def test_bands_are_hidden_from_children() -> None:
    assert band(get("phq9"), 12, age=11) is None
    shown = band(get("phq9"), 12, age=40)
    assert shown is not None
    assert shown.code == "moderate"
