"""FHIR R4B: forms read and written, answers recomputed, whatever does not fit named by its place."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.fhir import (
    BadResource,
    read_questionnaire,
    read_response,
    write_questionnaire,
    write_response,
)
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import load_instrument

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
PHQ9 = load_instrument("phq9")
# The shape of the well-known HL7 example: LOINC links, no numbers on the answers, a total that is not their sum.
ANSWERS = {"44250-9": 1, "44255-8": 2, "44259-0": 1, "44254-1": 3, "44251-7": 1, "44258-2": 1, "44252-5": 1}
CODES = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")


def option(value: object, label: str) -> dict[str, Any]:
    return {"valueCoding": {"display": label, "extension": [{"url": ORDINAL, "valueDecimal": value}]}}


FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "title": "Evening scale",
    "status": "active",
    "copyright": "A clinic",
    "item": [
        {"linkId": "hello", "type": "display", "text": "Welcome"},
        {
            "linkId": "g",
            "type": "group",
            "item": [
                {
                    "linkId": "a",
                    "type": "choice",
                    "text": "Rested?",
                    "answerOption": [option(0, "no"), option(2, "yes")],
                },
                {"linkId": "b", "type": "choice", "text": "Calm?", "answerValueSet": "#yesno"},
            ],
        },
        {"linkId": "sum", "type": "decimal", "readOnly": True, "text": "Total"},
    ],
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "yesno",
            "compose": {
                "include": [
                    {
                        "concept": [
                            {"code": "n", "display": "no", "extension": [{"url": ORDINAL, "valueDecimal": 0}]},
                            {"code": "y", "display": "yes", "extension": [{"url": ORDINAL, "valueDecimal": 1}]},
                        ]
                    }
                ]
            },
        }
    ],
}


def read(form: dict[str, Any]) -> Any:
    return read_questionnaire(json.dumps(form), id="own.evening", direction=Direction.HIGHER, licence="our own")


def hl7_response(total: float | None = 13, **more: Any) -> dict[str, Any]:
    items: list[dict[str, Any]] = [
        {"linkId": f"/{link}", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": CODES[value]}}]}
        for link, value in ANSWERS.items()
    ]
    items += [
        {"linkId": f"/{link}", "answer": [{"valueCoding": {"code": CODES[0]}}]} for link in ("44253-3", "44260-8")
    ]
    items.append({"linkId": "/69722-7", "answer": [{"valueCoding": {"code": "LA6573-5"}}]})
    if total is not None:
        items.append({"linkId": "/44261-6", "answer": [{"valueDecimal": total}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "authored": "2026-02-01",
        "item": items,
        **more,
    }


def test_a_total_of_thirteen_over_answers_that_sum_to_ten_is_flagged() -> None:
    found = read_response(json.dumps(hl7_response()), PHQ9)
    assert (found.scored.value, found.stated, found.disagrees) == (10.0, 13.0, True)
    assert (found.answers["2"], found.answers["difficulty"], found.authored) == (2, 1, "2026-02-01")
    assert not read_response(json.dumps(hl7_response(10)), PHQ9).disagrees
    assert not read_response(json.dumps(hl7_response(None)), PHQ9).disagrees


def test_a_form_becomes_an_instrument_without_norms_or_bands() -> None:
    found = read(FORM)
    scale = found.instrument
    assert [(item.key, item.text, item.link_id) for item in scale.items] == [("1", "Rested?", "a"), ("2", "Calm?", "b")]
    assert [[option.value for option in item.options] for item in scale.items] == [[0, 2], [0, 1]]
    assert (scale.low, scale.high, scale.attribution, found.total_link) == (0, 3, "A clinic", "sum")
    assert (scale.bands, scale.cut_off, scale.norms.reliability, scale.can_be_asked) == ((), None, None, True)
    answer = {"valueCoding": {"extension": [{"url": ORDINAL, "valueDecimal": 2}]}}
    response = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [
            {"linkId": "a", "answer": [answer]},
            {"linkId": "b", "answer": [{"valueInteger": 1}]},
            {"linkId": "sum", "answer": [{"valueQuantity": {"value": 3}}]},
        ],
    }
    assert not read_response(json.dumps(response), scale, found.total_link).disagrees


@pytest.mark.parametrize(
    ("place", "change", "field"),
    [
        ((), {"resourceType": "Patient"}, "resourceType"),
        ((), {"item": {}}, "item"),
        (("item", 2), {"readOnly": False, "text": "Hours of sleep?"}, "item[2].type"),
        ((), {"item": []}, "item"),
        ((), {"title": "", "name": ""}, "name"),
        ((), {"title": "x" * 1001}, "title"),
        (("item", 1, "item", 0), {"type": "string"}, "item[1].item[0].type"),
        (("item", 1, "item", 0), {"linkId": ""}, "item[1].item[0].linkId"),
        (("item", 1, "item", 0), {"linkId": "b"}, "item[1].item[1].linkId"),
        (("item", 1, "item", 0), {"text": ""}, "item[1].item[0].text"),
        (("item", 1, "item", 0), {"enableWhen": [{}]}, "item[1].item[0].enableWhen"),
        (("item", 0), {"enableWhen": [{}]}, "item[0].enableWhen"),
        (("item", 1), {"enableWhen": [{}]}, "item[1].enableWhen"),
        (("item", 1), {"repeats": True}, "item[1].repeats"),
        (("item", 2), {"enableWhen": [{}]}, "item[2].enableWhen"),
        (
            ("item", 1),
            {"extension": [{"url": "http://example.org/StructureDefinition/sdc-questionnaire-enableWhenExpression"}]},
            "item[1].enableWhen",
        ),
        (("item", 1), {"modifierExtension": [{"url": "http://example.org"}]}, "item[1].modifierExtension"),
        ((), {"title": "Even\0ing"}, "title"),
        (("item", 1, "item", 0), {"text": "Rest\ud800ed?"}, "item[1].item[0].text"),
        (
            ("item", 1, "item", 0),
            {"answerOption": [option(0, "no"), option(10**400, "yes")]},
            "item[1].item[0].answerOption[1].extension.valueDecimal",
        ),
        (("item", 1, "item", 0), {"answerOption": [option(0, "no")]}, "item[1].item[0].answerOption"),
        (
            ("item", 1, "item", 0),
            {"answerOption": [option(0, "no"), {"valueCoding": {"display": "yes"}}]},
            "item[1].item[0].answerOption[1].extension",
        ),
        (
            ("item", 1, "item", 0),
            {"answerOption": [option(0, "no"), option(0, "yes")]},
            "item[1].item[0].answerOption[1].extension",
        ),
        (
            ("item", 1, "item", 0),
            {"answerOption": [option(0, "no"), option(1.5, "yes")]},
            "item[1].item[0].answerOption[1].extension.valueDecimal",
        ),
        (
            ("item", 1, "item", 0),
            {"answerOption": [{"valueString": "no"}] * 2},
            "item[1].item[0].answerOption[0].valueCoding",
        ),
        (("item", 1, "item", 1), {"answerValueSet": "http://elsewhere"}, "item[1].item[1].answerValueSet"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(place: tuple[Any, ...], change: dict[str, Any], field: str) -> None:
    form = deepcopy(FORM)
    spot: Any = form
    for step in place:
        spot = spot[step]
    spot.update(change)
    with pytest.raises(BadResource) as refused:
        read(form)
    assert refused.value.field == field
    assert refused.value.remedy


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "-1", "1001", "true", "9" * 5000])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    raw = json.dumps(FORM).replace('"valueDecimal": 2', f'"valueDecimal": {value}')
    assert raw != json.dumps(FORM)
    with pytest.raises(BadResource):
        read_questionnaire(raw, id="x", direction=Direction.LOWER, licence="")


def test_a_bare_number_with_other_words_is_another_question() -> None:
    entry = {"linkId": "1", "text": "Do you sleep well?", "answer": [{"valueInteger": 1}]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [entry]}
    with pytest.raises(BadResource) as refused:
        read_response(json.dumps(response), PHQ9)
    assert refused.value.field == "item[0].text"
    entry["text"] = "little interest, or pleasure in doing things"
    assert read_response(json.dumps(response), PHQ9).answers == {"1": 1}


def test_answers_within_answers_are_read() -> None:
    inner = {"linkId": "/44255-8", "answer": [{"valueInteger": 2}]}
    outer = {"linkId": "/44250-9", "answer": [{"valueInteger": 1, "item": [inner]}]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [outer]}
    assert read_response(json.dumps(response), PHQ9).answers == {"1": 1, "2": 2}


@pytest.mark.parametrize("raw", ["", "<xml/>", "[" * 100_000, "x" * 512_001, "[]"])
def test_what_is_no_bounded_json_is_refused(raw: str) -> None:
    with pytest.raises(BadResource):
        read_questionnaire(raw, id="x", direction=Direction.LOWER, licence="")


def test_groups_too_deep_and_items_too_many_are_refused() -> None:
    deep: dict[str, Any] = {"linkId": "0", "type": "group"}
    for level in range(1, 9):
        deep = {"linkId": str(level), "type": "group", "item": [deep]}
    with pytest.raises(BadResource):
        read(FORM | {"item": [deep]})
    with pytest.raises(BadResource):
        read(FORM | {"item": [{"linkId": str(n), "type": "display"} for n in range(201)]})


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"linkId": "/44250-9", "answer": [{"valueCoding": {"code": "LA6568-5"}}]}, "item[0].linkId"),
        ({"linkId": "/0000-0", "answer": [{"valueString": "x"}]}, "item[0].linkId"),
        ({"linkId": "/44261-6", "answer": [{"valueString": "13"}]}, "item[0].answer"),
        ({"linkId": "/44261-6", "answer": [{"valueInteger": 10**400}]}, "item[0].answer"),
        ({"linkId": "/44260-8", "answer": [{"valueInteger": 10**400}]}, "item[0].answer"),
        ({"linkId": "/44260-8", "answer": [{"valueInteger": 4}]}, "item[0].answer"),
        ({"linkId": "/44260-8", "answer": [{"valueString": "often"}]}, "item[0].answer"),
        ({"linkId": "/44260-8", "answer": [{"valueInteger": 1}, {"valueInteger": 2}]}, "item[0].answer"),
        (
            {
                "linkId": "/44260-8",
                "answer": [{"valueCoding": {"code": "LA6568-5", "extension": [{"url": ORDINAL, "valueDecimal": 3}]}}],
            },
            "item[0].answer",
        ),
    ],
)
def test_a_response_that_does_not_fit_is_named_by_its_place(entry: dict[str, Any], field: str) -> None:
    response = hl7_response(None)
    again = [one for one in response["item"] if one["linkId"] != entry["linkId"] or field.endswith("linkId")]
    place = 0 if not field.endswith("linkId") or entry["linkId"] == "/0000-0" else len(again)
    again.insert(place, entry)
    with pytest.raises(BadResource) as refused:
        read_response(json.dumps(response | {"item": again}), PHQ9)
    assert refused.value.field.split(".", 1)[1] == field.split(".", 1)[1]


def test_a_response_to_something_else_is_refused() -> None:
    with pytest.raises(BadResource):
        read_response(json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", "item": []}), PHQ9)


@pytest.mark.parametrize("name", ["phq9", "gad7", "pcl5", "audit_c", "phq15"])
def test_what_is_written_is_read_again(name: str) -> None:
    instrument = load_instrument(name)
    form = write_questionnaire(instrument)
    again = read_questionnaire(json.dumps(form), id="own.x", direction=instrument.direction, licence="").instrument
    assert [item.text for item in again.items] == [item.text for item in instrument.items]
    assert [item.values for item in again.items] == [item.values for item in instrument.items]
    answers: dict[str, int | None] = {item.key: max(item.values) for item in instrument.items}
    written = write_response(instrument, answers, datetime(2026, 3, 2, tzinfo=UTC))
    found = read_response(json.dumps(written), instrument)
    assert (dict(found.answers), found.disagrees, found.stated) == (answers, False, instrument.high)


def test_codes_are_written_only_where_they_were_looked_up() -> None:
    items = {item["linkId"]: item for item in write_questionnaire(PHQ9)["item"]}
    assert items["9"]["code"] == [{"system": "http://loinc.org", "code": "44260-8"}]
    assert "code" not in items["difficulty"]
    with pytest.raises(ClinicalError):
        write_questionnaire(load_instrument("isi"))


@pytest.mark.parametrize("status", ["in-progress", "stopped", "entered-in-error", "", "Completed"])
def test_only_what_somebody_finished_comes_in(status: str) -> None:
    with pytest.raises(BadResource) as refused:
        read_response(json.dumps(hl7_response() | {"status": status}), PHQ9)
    assert refused.value.field == "status"
    assert "completed" in refused.value.remedy
    assert read_response(json.dumps(hl7_response() | {"status": "amended"}), PHQ9).answers


def test_a_long_version_is_cut_and_two_long_versions_stay_two() -> None:
    long = [read(FORM | {"version": f"2026-11-23T10:00:0{n}+01:00"}).instrument.version for n in (1, 2)]
    assert [len(one) for one in long] == [16, 16]
    assert long[0] != long[1]
    assert long[0].startswith("2026-11~")
    assert read(FORM | {"version": "5.0.0-snapshot-1"}).instrument.version == "5.0.0-snapshot-1"
