"""Letters at the desk: from a draft of the record to the day they leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.correspondence import DOCTOR, a_letter, agrees_to_sharing
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.correspondence import actions
from rapport.practice.correspondence.choices import LetterKind, SentBy
from rapport.practice.correspondence.models import CaseLetter
from rapport.practice.endings import actions as endings
from rapport.practice.foundation import clock
from rapport.practice.sessions.actions import record_missed


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def desk(course: Course) -> Browser:
    return signed_in(course.therapist)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def fresh(course: Course, kind: str) -> str:
    return f"/desk/episodes/{course.episode}/letters/new/{kind}/"


def of(letter: UUID, what: str = "") -> str:
    return f"/desk/case-letters/{letter}/{what}"


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_kind_begins_with_a_draft(desk: Browser, course: Course, kind: LetterKind) -> None:
    page = body(desk.get(fresh(course, kind)))
    assert "Dear" in page
    assert ('name="to"' in page) == kind.is_about_client
    assert not CaseLetter.objects.exists()
    form = {"to": DOCTOR, "text": "Dear you.", "version": "0", "key": str(uuid4())}
    led = {desk.post(fresh(course, kind), form)["Location"] for _ in range(2)}
    assert led == {of(CaseLetter.objects.get().id)}


def test_a_wrong_form_loses_nothing(desk: Browser, course: Course) -> None:
    form = {"to": "", "text": "She sleeps badly.", "version": "0", "key": str(uuid4())}
    answer = desk.post(fresh(course, "doctor"), form)
    assert answer.status_code == 422
    assert "She sleeps badly." in body(answer)
    assert form["key"] in body(answer)
    long = desk.post(fresh(course, "to_client"), {**form, "text": "z" * 20_001})
    assert (long.status_code, "z" * 20_001 in body(long)) == (422, True)
    assert not CaseLetter.objects.exists()


def test_two_windows_show_both_texts_and_the_next_save_wins(desk: Browser, course: Course) -> None:
    letter = a_letter(course, text="First")
    assert desk.post(of(letter), {"text": "Second", "version": "1"}).status_code == 303
    both = desk.post(of(letter), {"text": "Another second", "version": "1"})
    page = body(both)
    assert both.status_code == 422
    assert "Another second" in page
    assert ">Second<" in page
    assert 'name="version" value="2"' in page
    assert desk.post(of(letter), {"text": "Another second", "version": "2"}).status_code == 303


def test_from_showing_to_sending(desk: Browser, course: Course) -> None:
    agrees_to_sharing(course, at=clock.now())
    letter = a_letter(course, LetterKind.DOCTOR)
    early = desk.post(of(letter, "send/"), {"how": "post"}, follow=True)
    assert "The client reads this letter first" in body(early)
    assert "It lies in the portal" in body(desk.post(of(letter, "show/"), follow=True))
    unsaid = desk.post(of(letter, "together/"), {"said": ""}, follow=True)
    assert "Write down what the client said of it." in body(unsaid)
    desk.post(of(letter, "together/"), {"said": "Read aloud, she nodded"})
    assert "Choose how it leaves." in body(desk.post(of(letter, "send/"), {"how": "pigeon"}, follow=True))
    sent = body(desk.post(of(letter, "send/"), {"how": "post"}, follow=True))
    assert "Recorded as sent" in sent
    assert "<textarea" not in sent
    assert desk.get(of(letter, "letter.pdf")).content.startswith(b"%PDF")
    assert desk.post(of(letter), {"text": "New", "to": DOCTOR, "version": "1"}).status_code == 422


def test_two_missed_hours_lead_to_the_draft(desk: Browser, course: Course) -> None:
    for days in (14, 7):
        hour = an_hour(course, clock.now() - timedelta(days=days))
        record_missed(actor=course.therapist, at=clock.now() - timedelta(days=days, hours=-2), session_id=hour)
    assert fresh(course, "review") in body(desk.get(f"/desk/episodes/{course.episode}/sessions/"))
    assert fresh(course, "review") in body(desk.get("/desk/"))


def test_putting_aside(desk: Browser, course: Course) -> None:
    letter = a_letter(course)
    assert "goes nowhere" in body(desk.post(of(letter, "aside/"), follow=True))
    assert "put aside" in body(desk.get(f"/desk/episodes/{course.episode}/letters/"))


def test_the_letter_at_the_end_stands_among_them(desk: Browser, course: Course) -> None:
    where = f"/desk/episodes/{course.episode}/letters/"
    assert "No letter yet" in body(desk.get(where))
    endings.write_letter(actor=course.therapist, at=clock.now(), episode_id=course.episode, text="Goodbye.")
    page = body(desk.get(where))
    assert "No letter yet" not in page
    assert "being written" in page


def test_strangers_and_managers(desk: Browser, course: Course) -> None:
    letter = a_letter(course)
    stranger, manager = signed_in(a_therapist("Ida Other")), signed_in(a_manager())
    reading = [
        f"/desk/episodes/{course.episode}/letters/",
        fresh(course, "review"),
        of(letter),
        of(letter, "letter.pdf"),
    ]
    for address in reading:
        assert stranger.get(address).status_code == 404, address
        assert manager.get(address).status_code == 403, address
    for doing in ("show/", "together/", "send/", "aside/"):
        assert stranger.post(of(letter, doing), {"how": "portal"}).status_code == 404, doing
        assert desk.post(of(uuid4(), doing), {"how": "portal"}).status_code == 404, doing
    assert desk.get(fresh(course, "telegram")).status_code == 404
    assert CaseLetter.objects.get().sent_at is None


def test_more_letters_are_no_more_statements(desk: Browser, course: Course) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            desk.get(f"/desk/episodes/{course.episode}/letters/")
        return len(caught)

    a_letter(course)
    asked()
    one = asked()
    for _ in range(2):
        actions.send_letter(actor=course.therapist, at=clock.now(), letter_id=a_letter(course), how=SentBy.BY_HAND)
    assert asked() == one
