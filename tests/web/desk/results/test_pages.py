"""A therapist's own report: pictures and words, conclusions that are kept or refused with a better sentence, a PDF."""

from __future__ import annotations

import io
from dataclasses import asdict

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.factories.organisation import a_practice
from tests.factories.pages import hidden
from tests.factories.people import a_manager, a_therapist, signed_in
from tests.factories.results import BETTER, SAID, WORSE, over

from rapport.practice.outcomes.models import ServiceReport
from rapport.practice.security.policy.actor import Actor

REPORT = "/desk/results/2025/changed/phq9/"


@pytest.fixture
def mara() -> Actor:
    a_practice()
    return a_therapist()


@pytest.fixture
def desk(mara: Actor) -> Browser:
    over(mara, BETTER)
    over(mara, WORSE)
    return signed_in(mara)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def seen(desk: Browser) -> dict[str, str]:
    """What the page was opened on."""
    page = desk.get(REPORT).content.decode()
    return {name: hidden(page, name) for name in ("version", "figures")}


def test_from_the_rail_to_a_report_in_words_and_pictures(desk: Browser) -> None:
    assert desk.get("/desk/results/").headers["Location"] == "/desk/results/all/changed/phq9/"
    chosen = desk.get("/desk/results/", {"period": "2025", "question": "left_early", "reading": "phq9"})
    assert chosen.headers["Location"] == "/desk/results/2025/left_early/phq9/"
    page = desk.get(REPORT).content.decode()
    assert "A rate of so few is mostly chance: it is shown from ten courses on." in page
    assert "Improved reliably: 1 of 2." in page
    assert "Not shown. It takes ten therapists with ten closed courses each" in page
    assert page.count(">Not shown yet</h2>") == 1, "What waits for more people is said once"
    assert ">When people leave</h2>" not in page
    assert "England’s national rates may not stand beside these" in page
    assert page.count('role="img"') >= 2
    assert 'data-autosave="/desk/typing/"' in page
    with CaptureQueriesContext(connection) as two:
        desk.get(REPORT)
    return_to = len(two)
    over(a_therapist("Ida"))
    with CaptureQueriesContext(connection) as again:
        desk.get(REPORT)
    assert len(again) == return_to


def test_what_is_typed_comes_back_until_it_is_kept(desk: Browser) -> None:
    typed = {"client_tab": "3f0b7a52-7d0c-4c39-9c3e-0f6f2f6d9a11", "client_seq": "1", "typed_at": REPORT}
    assert desk.post("/desk/typing/", {**typed, "answer": "Half a sentence"}).status_code == 200
    assert "Half a sentence</textarea>" in desk.get(REPORT).content.decode()
    sent = desk.post(REPORT, {**typed, "client_seq": "2", **asdict(SAID), **seen(desk)})
    assert (sent.status_code, sent.headers["Location"]) == (303, REPORT)
    page = desk.get(REPORT).content.decode()
    assert "Half a sentence" not in page
    assert "Seven of ten clients improved reliably" in page


def test_a_word_the_figures_cannot_bear_is_refused_and_nothing_is_lost(desk: Browser) -> None:
    said = asdict(SAID) | {
        "answer": "Our therapy works.",
        "changes": "Nothing, it caused recovery.",
        "limits": "One.",
        "wrong": "",
    }
    answer = desk.post(REPORT, {**said, "version": "0"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“works” says more than figures without a comparison can bear." in page
    assert "“caused” says more" in page
    assert "Name at least three limits, one on each line." in page
    assert "Our therapy works.</textarea>" in page
    assert SAID.uncertainty in page
    assert "a report without it is half a report" in page
    assert not ServiceReport.objects.exists()


def test_other_conclusions_saved_meanwhile_stand_beside_one_s_own(desk: Browser) -> None:
    opened = seen(desk)
    desk.post(REPORT, {**asdict(SAID), **opened})
    typed = asdict(SAID) | {"answer": "One of two improved."}
    both = desk.post(REPORT, {**typed, **opened})
    page = both.content.decode()
    assert both.status_code == 409
    assert "Other conclusions were saved meanwhile" in page
    assert "The figures changed while you wrote" not in page
    assert "One of two improved.</textarea>" in page
    assert page.count("Kept meanwhile") == 1
    assert f'<div class="text">{SAID.answer}' in page
    assert (
        desk.post(REPORT, {**typed, "version": hidden(page, "version"), "figures": opened["figures"]}).status_code
        == 303
    )
    assert ServiceReport.objects.count() == 2


def test_figures_that_changed_while_somebody_wrote_are_shown_before_anything_is_kept(
    desk: Browser, mara: Actor
) -> None:
    opened = seen(desk)
    over(mara, BETTER)
    moved = desk.post(REPORT, {**asdict(SAID), **opened})
    page = moved.content.decode()
    assert moved.status_code == 409
    assert "The figures changed while you wrote" in page
    assert "Improved reliably: 2 of 3." in page
    assert SAID.wrong in page
    assert "Kept meanwhile" not in page
    assert not ServiceReport.objects.exists()
    again = {name: hidden(page, name) for name in ("version", "figures")}
    assert desk.post(REPORT, {**asdict(SAID), **again}).status_code == 303
    assert "drawn from other figures" not in desk.get(REPORT).content.decode()


def test_the_paper_says_the_same(desk: Browser) -> None:
    answer = desk.get(f"{REPORT}paper/")
    assert answer["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    for said in ("Did clients change?", "1 January 2025 to 31 December 2025", "Referred in the period", "100 %",
                 "Nobody has drawn a conclusion yet"):  # fmt: skip
        assert said in words
    desk.post(REPORT, {**asdict(SAID), **seen(desk)})
    assert SAID.wrong in words_of(desk.get(f"{REPORT}paper/").content)


@pytest.mark.parametrize(
    "place", ["1990/changed/phq9", "2025/why/phq9", "2025/changed/nhs", "2025-04-07/changed/phq9", "all/changed/a b"]
)
def test_what_cannot_be_asked_leads_nowhere(desk: Browser, place: str) -> None:
    assert desk.get(f"/desk/results/{place}/").status_code == 404
    assert desk.get("/desk/results/", {"period": "a/b"}).status_code == 404


def test_the_office_has_no_business_here(mara: Actor) -> None:
    over(mara)
    assert signed_in(a_manager()).get(REPORT).status_code == 403


def test_before_anything_was_measured(mara: Actor) -> None:
    desk = signed_in(mara)
    page = desk.get("/desk/results/", follow=True).content.decode()
    assert "Nothing was measured yet" in page
    assert "<textarea" not in page
