"""The practice's report: aggregates, small numbers out, nobody to be recognised; on the page and on paper."""

from __future__ import annotations

import io
from dataclasses import asdict

import pytest
from django.test import Client as Browser
from pypdf import PdfReader
from tests.factories.organisation import a_practice
from tests.factories.pages import hidden
from tests.factories.people import a_manager, a_therapist, signed_in
from tests.factories.results import BETTER, SAID, WORSE, over

REPORT = "/office/results/2025/changed/phq9/"
NAMES = ("Ada Alone", "Ben Both", "Cem Clear")


@pytest.fixture
def office() -> Browser:
    a_practice()
    return signed_in(a_manager())


@pytest.fixture
def three(office: Browser) -> None:
    for name in NAMES:
        therapist = a_therapist(name)
        for scores in (BETTER, BETTER, *([WORSE] if name == NAMES[0] else [])):
            over(therapist, scores)


@pytest.mark.usefixtures("three")
def test_nobody_is_in_it(office: Browser) -> None:
    paper = office.get(f"{REPORT}paper/").content
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    page = office.get(REPORT).content.decode()
    for text in (page, words):
        assert not [name for name in (*NAMES, "Jonas Weber") if name in text]
        assert "small enough to point at somebody" in text
        assert "Numbers below five are left out" in text
        assert "goes with you as the therapist" not in text
        assert "7 of" not in text
    sent = {**asdict(SAID), "version": "0", "figures": hidden(page, "figures")}
    assert office.post(REPORT, sent).status_code == 303
    assert SAID.wrong in office.get(REPORT).content.decode()


def test_of_one_therapist_nothing_is_said(office: Browser) -> None:
    over(a_therapist("Ada Alone"))
    page = office.get(REPORT).content.decode()
    assert "fewer than three therapists" in page
    assert 'role="img"' not in page.split("<main", 1)[1]
    assert "fewer than three therapists" in " ".join(
        PdfReader(io.BytesIO(office.get(f"{REPORT}paper/").content)).pages[0].extract_text().split()
    )


def test_what_was_typed_about_figures_that_are_hidden_by_now_is_shown_again(office: Browser) -> None:
    over(a_therapist("Ada Alone"))
    answer = office.post(REPORT, {**asdict(SAID), "version": "0", "figures": "seen"})
    assert answer.status_code == 409
    assert "fewer than three therapists" in answer.content.decode()
    assert SAID.wrong in answer.content.decode()


def test_a_therapist_has_no_business_here(office: Browser) -> None:
    therapist = a_therapist()
    over(therapist)
    assert signed_in(therapist).get(REPORT).status_code == 403
