"""The shelf of instruments, and a pack whose terms are read before it is there."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.practice.measures.actions import add_instrument
from rapport.practice.measures.models import InstalledPack
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
    assert "3 · totals only" in page
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
    assert "2 · content pack" in page
    assert "Content packs" not in page
    assert "has accepted these terms" in office.get(PACK).content.decode()


def test_an_own_measure_stands_on_the_shelf(office: Browser, manager: Actor) -> None:
    add_instrument(actor=manager, at=AT, measure=CustomMeasure("sleep", "Sleep", Norms(0, 10, Direction.LOWER)))
    assert "4 · your own" in office.get(SHELF).content.decode()


def test_a_pack_that_did_not_come_along_does_not_exist(office: Browser) -> None:
    assert office.get(reverse("office:pack", args=["nothing"])).status_code == 404
    assert office.post(reverse("office:pack", args=["nothing"]), {"read": "on"}).status_code == 404


def test_a_client_has_no_shelf() -> None:
    client = signed_in(client_account(a_course(a_therapist())))
    assert client.get(SHELF).status_code == client.post(PACK, {"read": "on"}).status_code == 403
