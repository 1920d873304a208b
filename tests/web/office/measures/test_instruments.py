"""The shelf of instruments, and a pack whose terms are read before it is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.measures.fhir.resources import ORDINAL
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.practice.measures.actions import add_instrument
from rapport.practice.measures.models import InstalledPack, LocalInstrument
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import Actor

SHELF, PACK = reverse("office:instruments"), reverse("office:pack", args=["who5"])


@pytest.fixture
def manager() -> Actor:
    a_practice()
    return a_manager()


@pytest.fixture
def office(manager: Actor) -> Browser:
    return signed_in(manager)


def test_the_shelf_says_whose_each_instrument_is(office: Browser) -> None:
    page = office.get(SHELF).content.decode()
    assert "Patient Health Questionnaire (PHQ-9)" in page
    assert "No permission required to reproduce" in page
    assert "Kroenke, Spitzer" in page
    assert "1 · free to use and pass on" in page
    assert "3 · its wording may not be passed on" in page
    assert f'href="{reverse("office:wording", args=["k6"])}"' in page
    assert reverse("office:wording", args=["isi"]) not in page
    assert "its papers are typed in by their numbers" in page
    assert reverse("office:wording", args=["phq9"]) not in page
    assert "not yet checked against the original" in page
    assert 'aria-current="page"' in page.split("Instruments</", 1)[0].rsplit("<a", 1)[1]


def test_a_pack_is_installed_after_its_terms_were_read(office: Browser, manager: Actor) -> None:
    assert f'href="{PACK}"' in office.get(SHELF).content.decode()
    assert "NonCommercial-ShareAlike 3.0 IGO" in office.get(PACK).content.decode()
    refused = office.post(PACK, {})
    assert refused.status_code == 422
    assert "Read the terms first" in refused.content.decode()
    assert not InstalledPack.objects.exists()
    for _twice in range(2):
        assert office.post(PACK, {"read": "on"}).status_code == 303
    assert InstalledPack.objects.get().installed_by == manager.account
    assert AuditEvent.objects.filter(action="install", object_type="instrument", actor=manager.id).exists()
    page = office.get(SHELF).content.decode()
    assert "2 · terms of its own" in page
    assert f'href="{PACK}">Read' not in page
    assert "has accepted these terms" in office.get(PACK).content.decode()


def test_an_own_measure_stands_on_the_shelf(office: Browser, manager: Actor) -> None:
    add_instrument(actor=manager, at=AT, measure=CustomMeasure("sleep", "Sleep", Norms(0, 10, Direction.LOWER)))
    assert "4 · totals only" in office.get(SHELF).content.decode()


def test_a_pack_that_did_not_come_along_does_not_exist(office: Browser) -> None:
    assert office.get(reverse("office:pack", args=["nothing"])).status_code == 404
    assert office.post(reverse("office:pack", args=["nothing"]), {"read": "on"}).status_code == 404


def test_a_client_has_no_shelf() -> None:
    client = signed_in(client_account(a_course(a_therapist())))
    assert client.get(SHELF).status_code == client.post(PACK, {"read": "on"}).status_code == 403


FORM = reverse("office:bring_form")
QUESTIONNAIRE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "title": "Evening scale",
    "item": [
        {
            "linkId": "a",
            "type": "choice",
            "text": "Rested this evening?",
            "answerOption": [
                {"valueCoding": {"display": said, "extension": [{"url": ORDINAL, "valueDecimal": value}]}}
                for value, said in enumerate(("no", "a bit", "yes"))
            ],
        }
    ],
}


def sent(form: object, **more: str) -> dict[str, object]:
    file = SimpleUploadedFile("form.json", json.dumps(form).encode())
    return {"file": file, "direction": "higher", "licence": "written by us", "attest": "on", **more}


def marked(form: object, **more: str) -> dict[str, object]:
    hidden = {"questionnaire": json.dumps(form), "direction": "higher", "licence": "written by us", "attest": "True"}
    return {**hidden, "looked": "on", **more}


def two_questions(first: str, **more: object) -> dict[str, object]:
    (one,) = QUESTIONNAIRE["item"]
    return {**QUESTIONNAIRE, "item": [one | {"text": first} | more, one | {"linkId": "b"}]}


def test_somebody_says_which_questions_need_a_person(office: Browser) -> None:
    form = two_questions("Did you think of hurting yourself?")
    page = office.post(FORM, sent(form)).content.decode()
    assert "nobody needs to look" in page
    assert "from “a bit” (1) on" in page
    assert page.count('<option value="1" selected') == 1  # the first question, proposed by its words
    unread = office.post(FORM, {key: value for key, value in marked(form).items() if key != "looked"})
    assert unread.status_code == 422
    assert "no alert comes from one that is not marked" in unread.content.decode()
    assert not LocalInstrument.objects.exists()
    assert office.post(FORM, marked(form, **{"look-1": "1", "look-2": "2"})).status_code == 303
    rules = instrument_named(LocalInstrument.objects.get().key).safety_rules
    assert [(rule.item, rule.at_least) for rule in rules] == [("1", 1), ("2", 2)]


def test_a_question_known_by_its_code_cannot_be_left_to_nobody(office: Browser) -> None:
    code = [{"system": "http://loinc.org", "code": "44260-8"}]
    form = two_questions("How often?", code=code)
    said = {**marked(form), "direction": "lower"}
    for least in ("", "2"):
        assert office.post(FORM, said | {"look-1": least}).status_code == 422
    assert not LocalInstrument.objects.exists()
    assert office.post(FORM, said | {"look-1": "0"}).status_code == 303
    assert instrument_named(LocalInstrument.objects.get().key).safety_rules[0].at_least == 0


def test_what_was_changed_on_the_way_is_refused(office: Browser) -> None:
    for changed in ({"questionnaire": "{}"}, {"direction": "up"}):
        assert office.post(FORM, marked(QUESTIONNAIRE) | changed).status_code == 404
    without = {key: value for key, value in marked(QUESTIONNAIRE).items() if key != "attest"}
    assert office.post(FORM, without).status_code == 422
    assert not LocalInstrument.objects.exists()


def test_a_fhir_form_is_taken_with_its_attestation(office: Browser, manager: Actor) -> None:
    assert office.get(FORM).status_code == 200
    without = sent(QUESTIONNAIRE)
    del without["attest"]
    refused = office.post(FORM, without)
    assert refused.status_code == 422
    assert "Without this the wording cannot be used here" in refused.content.decode()
    assert "Rested this evening?" in office.post(FORM, sent(QUESTIONNAIRE)).content.decode()
    assert not LocalInstrument.objects.exists()
    assert office.post(FORM, marked(QUESTIONNAIRE)).status_code == 303
    row = LocalInstrument.objects.get()
    assert (row.key, row.licence, row.added_by, row.high) == (
        "own.evening_scale",
        "written by us",
        manager.account,
        2.0,
    )
    assert AuditEvent.objects.filter(action="import", object_type="instrument", actor=manager.id).count() == 1
    assert "Evening scale" in office.get(SHELF).content.decode()
    assert instrument_named(row.key).safety_rules == ()
    again = office.post(FORM, marked(QUESTIONNAIRE))
    assert again.status_code == 422
    assert "on the shelf already" in again.content.decode()


def test_a_form_that_does_not_fit_is_named_by_its_place(office: Browser) -> None:
    form = {**QUESTIONNAIRE, "item": [{"linkId": "a", "type": "open-choice", "text": "Anything else?"}]}
    page = office.post(FORM, sent(form))
    assert page.status_code == 422
    assert "item[0].type" in page.content.decode()
    assert not LocalInstrument.objects.exists()


def test_licensed_wording_is_put_onto_a_skeleton(office: Browser, manager: Actor) -> None:
    address = reverse("office:wording", args=["k6"])
    typed = {
        "stem": "Invented for this test",
        "items": "\n".join(f"Invented question {n}" for n in range(1, 7)),
        "answers": "never\nrarely\nat times\noften\nalways",
        "licence": "Letter of the owner, 2026",
    }
    assert office.post(address, typed).status_code == 422
    few = office.post(address, {**typed, "attest": "on", "items": "One"})
    assert few.status_code == 422
    assert "Give 6, one a line" in few.content.decode()
    assert office.post(address, {**typed, "attest": "on"}).status_code == 303
    assert AuditEvent.objects.filter(action="attest", object_type="instrument", actor=manager.id).count() == 1
    k6 = instrument_named("k6")
    assert (k6.can_be_asked, k6.items[5].text, k6.cut_off is not None) == (True, "Invented question 6", True)
    assert office.get(address).status_code == 404


def test_only_a_skeleton_takes_wording(office: Browser) -> None:
    for name in ("phq9", "hrsd", "isi", "nothing"):
        assert office.get(reverse("office:wording", args=[name])).status_code == 404


def test_a_client_brings_no_form() -> None:
    client = signed_in(client_account(a_course(a_therapist())))
    assert client.get(FORM).status_code == client.post(FORM, sent(QUESTIONNAIRE)).status_code == 403
