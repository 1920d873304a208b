"""Forms a practice brought: their answers need a person as those of bundled ones do."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.factories.measures import a_form, a_score
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account

from rapport.clinical.measures.fhir import BadResource, write_questionnaire
from rapport.clinical.measures.fhir.resources import ORDINAL
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import load_instrument
from rapport.practice.measures.actions import answer_item, bring_response, enter_paper, import_form
from rapport.practice.measures.models import Administration, AnswerAlert, LocalInstrument
from rapport.practice.measures.queries import answer_in_words, safety_balance
from rapport.practice.safety.models import Alert
from rapport.practice.safety.queries import alert
from rapport.practice.security.policy.actor import SYSTEM

DAY = date(2026, 2, 24)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def brought(course: Course, form: dict[str, Any], **marks: int) -> str:
    return import_form(
        actor=course.therapist,
        at=AT,
        raw=json.dumps(form),
        direction=Direction.LOWER,
        licence="public",
        needs_person=marks,
    )


def own(**more: Any) -> dict[str, Any]:
    def option(value: int) -> dict[str, Any]:
        return {"valueCoding": {"display": f"{value} times", "extension": [{"url": ORDINAL, "valueDecimal": value}]}}

    items = [
        {"linkId": link, "type": "choice", "text": f"Question {link}", "answerOption": [option(n) for n in range(4)]}
        for link in ("a", "b")
    ]
    return {"resourceType": "Questionnaire", "title": "Evening scale", "item": items, **more}


def test_a_phq9_brought_as_an_own_form_alerts_on_item_nine(course: Course) -> None:
    key = brought(course, write_questionnaire(load_instrument("phq9")))
    client = client_account(course)
    form = a_form(course, client, key)
    assert answer_item(actor=client, at=AT, administration_id=form, item="1", value=3).alert_id is None
    raised = answer_item(actor=client, at=AT, administration_id=form, item="9", value=1).alert_id
    assert raised is not None
    assert Alert.objects.get().severity == "act_today"
    evidence = alert(viewer=course.therapist, at=AT, alert_id=raised).evidence
    said = answer_in_words(viewer=course.therapist, at=AT, evidence=evidence)
    assert said is not None
    assert said.answer == "Several days"


def test_what_was_marked_alerts_from_the_answer_that_was_said(course: Course) -> None:
    key = brought(course, own(), b=2)
    for value, alerts in ((1, 0), (2, 1)):
        enter_paper(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=key, answered_on=DAY,
            answers={"1": 3, "2": value},
        )  # fmt: skip
        assert Alert.objects.count() == alerts


def test_the_balance_counts_own_forms(course: Course) -> None:
    key = brought(course, own(), b=1)
    a_score(course, client_account(course), 0, 1, instrument_id=key)
    balance = safety_balance(viewer=SYSTEM, at=AT)
    assert (balance.positive, balance.without_alert) == (1, 0)
    AnswerAlert.objects.get().delete()
    assert safety_balance(viewer=SYSTEM, at=AT).without_alert == 1


def test_a_mark_that_fits_no_question_keeps_nothing(course: Course) -> None:
    for marks in ({"c": 1}, {"a": 9}):
        with pytest.raises(BadResource):
            brought(course, own(), **marks)
    assert not LocalInstrument.objects.exists()


def test_a_long_version_fits_into_the_record(course: Course) -> None:
    key = brought(course, own(version="2026-11-23T10:00:00.123456+01:00"))
    a_score(course, client_account(course), 0, 1, instrument_id=key)
    row, kept = Administration.objects.get(), LocalInstrument.objects.get()
    assert row.version == kept.version
    assert len(row.version) == 16


def test_the_same_file_twice_is_one_form(course: Course) -> None:
    key = brought(course, own(), b=1)

    def take(value: int, day: date = DAY) -> object:
        items = [{"linkId": link, "answer": [{"valueInteger": value}]} for link in ("a", "b")]
        raw = json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", "item": items})
        return bring_response(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=key, answered_on=day, raw=raw
        )

    assert take(1) == take(1)
    assert (Administration.objects.count(), Alert.objects.count()) == (1, 1)
    others = {take(2), take(1, date(2026, 2, 25)), take(1)}
    assert (len(others), Administration.objects.count()) == (3, 3)
