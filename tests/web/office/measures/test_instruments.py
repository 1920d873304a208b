"""The shelf of instruments, and a pack whose terms are read before it is there."""

from __future__ import annotations

import json

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
    assert f'href="{reverse("office:wording", args=["isi"])}"' in page
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
QUESTIONNAIRE = {
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


def test_a_fhir_form_is_taken_with_its_attestation(office: Browser, manager: Actor) -> None:
    assert office.get(FORM).status_code == 200
    without = sent(QUESTIONNAIRE)
    del without["attest"]
    refused = office.post(FORM, without)
    assert refused.status_code == 422
    assert "Without this the wording cannot be used here" in refused.content.decode()
    assert office.post(FORM, sent(QUESTIONNAIRE)).status_code == 303
    row = LocalInstrument.objects.get()
    assert (row.key, row.licence, row.added_by, row.high) == (
        "own.evening_scale",
        "written by us",
        manager.account,
        2.0,
    )
    assert AuditEvent.objects.filter(action="import", object_type="instrument", actor=manager.id).count() == 1
    assert "Evening scale" in office.get(SHELF).content.decode()
    again = office.post(FORM, sent(QUESTIONNAIRE))
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
    for name in ("phq9", "hrsd", "nothing"):
        assert office.get(reverse("office:wording", args=[name])).status_code == 404


def test_a_client_brings_no_form() -> None:
    client = signed_in(client_account(a_course(a_therapist())))
    assert client.get(FORM).status_code == client.post(FORM, sent(QUESTIONNAIRE)).status_code == 403
