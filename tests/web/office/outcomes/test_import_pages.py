"""The import, page by page, with files as people have them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.clients.models import Client
from rapport.practice.security.policy.actor import Actor

RIESBY = Path(__file__).parents[3] / "clinical" / "reference" / "riesby.csv"
HAMILTON = {
    "measure": "new", "title": "Hamilton", "low": "0", "high": "52", "direction": "lower", "reliability": "0.80",
    "functional_mean": "8", "functional_sd": "8",
}  # fmt: skip


def uploaded(browser: Browser, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile("scores.csv", content, "text/csv")
    return browser.post(reverse("office:import"), {"file": file})


def chosen(therapist: Actor, **other: str) -> dict[str, str]:
    given = {
        "therapist": str(therapist.account), "client": "id", "week": "week", "start": "2026-01-05", "order": "iso",
        "score": "phq9", "measure": "phq9",
    }  # fmt: skip
    return {**given, **other}


def test_riesby_from_the_upload_to_the_caseload_page() -> None:
    mara = a_therapist()
    browser = signed_in(mara)
    columns = uploaded(browser, RIESBY.read_bytes()).headers["Location"]
    assert "375 rows" in browser.get(columns).content.decode() or "396 rows" in browser.get(columns).content.decode()
    plan = chosen(mara, score="hamd", **HAMILTON)
    preview = browser.post(columns, plan)
    assert preview.status_code == 200
    assert b"66" in preview.content
    assert not Client.objects.exists()
    done = browser.post(columns + "now/", plan)
    assert done.headers["Location"] == reverse("desk:caseload")
    page = browser.get(reverse("desk:caseload")).content.decode()
    assert "40 recovered, 9 improved, 14 unchanged, 3 deteriorated" in page
    assert "cut-off c 17.73" in page
    assert "reliability 0.80" in page
    assert "people without the problem 8 (8)" in page
    again = uploaded(browser, RIESBY.read_bytes()).headers["Location"]
    assert b"Nothing is new" in browser.post(again, plan).content


def test_a_manager_imports_for_a_chosen_therapist() -> None:
    ruth, mara = a_manager(), a_therapist()
    browser = signed_in(ruth)
    columns = uploaded(browser, b"id,week,phq9\nA,0,17\n").headers["Location"]
    assert "Mara Okonjo" in browser.get(columns).content.decode()
    done = browser.post(columns + "now/", chosen(mara), follow=True)
    assert "1 new clients, 1 scores" in done.content.decode()
    assert Client.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"id,week,phq9\n", "The file is empty."),
        (b"\xff\xfei\x00d\x00", "not UTF-8"),
        (b"id,week,phq9\nJ\xf6rg,0,5\n", "not UTF-8"),
        (b"id,week,phq9\nA\x00,0,5\n", "NUL"),
        (b'id,week,phq9\n"A,0,5\n', "quotation mark"),
        (b"id,week,week\nA,0,5\n", "same name"),
        (b"id,week,phq9\nA,0\n", "2 cells"),
        (b"id,week,phq9\n" + b"A,0,5\n" * 5_001, "more than 5,000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(content: bytes, words: str) -> None:
    answer = uploaded(signed_in(a_therapist()), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"=1+1,0,5", "formula"),
        (b"@SUM(A1),0,5", "formula"),
        (b"A,0,=1+1", "formula"),
        (b"A,0,28", "from 0 to 27"),
        (b"A,0,many", "not a score"),
        (b"A,soon,5", "not a week"),
        (b"A,9999,5", "not a week"),
        (b"A,500,5", "not come yet"),
        (b",0,5", "whose row"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(row: bytes, words: str) -> None:
    mara = a_therapist()
    browser = signed_in(mara)
    columns = uploaded(browser, b"id,week,phq9\nB,0,5\n" + row + b"\n").headers["Location"]
    preview = browser.post(columns, chosen(mara))
    assert preview.status_code == 422
    assert words in preview.content.decode()
    assert ">3</td>" in preview.content.decode()
    browser.post(columns + "now/", chosen(mara))
    assert not Client.objects.exists()


def test_what_was_chosen_is_not_lost_when_something_is_missing() -> None:
    mara = a_therapist()
    browser = signed_in(mara)
    columns = uploaded(browser, b"id,week,phq9\nA,0,17\n").headers["Location"]
    answer = browser.post(columns, chosen(mara, start="", measure="new", title="My own scale"))
    assert answer.status_code == 422
    assert "My own scale" in answer.content.decode()
    assert "Say on which day week 0 began." in answer.content.decode()


def test_an_upload_of_somebody_else_is_not_there() -> None:
    columns = uploaded(signed_in(a_therapist()), b"id,week,phq9\nA,0,17\n").headers["Location"]
    ben = a_therapist("Ben Stone")
    assert signed_in(ben).get(columns).status_code == 404
    assert signed_in(ben).post(columns + "now/", chosen(ben)).status_code == 404


def test_a_client_imports_nothing() -> None:
    browser = signed_in(client_account(a_course(a_therapist())))
    assert browser.get(reverse("office:import")).status_code == 403


def test_dropping_the_file() -> None:
    browser = signed_in(a_therapist())
    columns = uploaded(browser, b"id,week,phq9\nA,0,17\n").headers["Location"]
    browser.post(reverse("office:import_discard"))
    assert browser.get(columns).status_code == 404
