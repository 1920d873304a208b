"""A therapist's typing is kept under both keys, found by its author alone, and gone once it was saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from tests.factories.correspondence import a_letter
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour

from rapport.clinical.alliance.ruptures import RuptureKind
from rapport.practice.alliance.actions import note_rupture
from rapport.practice.foundation import clock
from rapport.practice.unsent.models import UnsentTyping

SAVE = {"client_tab": str(UUID(int=3)), "client_seq": "1", "version": "1", "text": "Half a sentence"}


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


def test_a_letter_s_typing_comes_back_with_the_version_it_began_from(course: Course, desk: Browser) -> None:
    keep, place = f"/desk/clients/{course.client}/typing/", f"/desk/case-letters/{a_letter(course)}/"
    assert f'data-autosave="{keep}"' in body(desk.get(place))
    assert desk.post(keep, {**SAVE, "typed_at": place}).status_code == 200
    page = body(desk.get(place))
    assert "Half a sentence</textarea>" in page
    assert '<textarea hidden disabled aria-hidden="true" data-kept="version">\n1</textarea>' in page
    assert desk.post(place, {**SAVE, "client_seq": "2", "text": "A whole one."}).status_code == 303
    assert "Half a sentence" not in body(desk.get(place))


def test_every_page_with_words_keeps_them(course: Course, desk: Browser) -> None:
    hour = a_held_hour(course, clock.now())
    memo = note_rupture(
        actor=course.therapist, at=clock.now(), session_id=hour, kind=RuptureKind.WITHDRAWAL, minute=None
    )
    keep = f"/desk/clients/{course.client}/typing/"
    for place in (
        f"/desk/ruptures/{memo}/",
        f"/desk/episodes/{course.episode}/letters/new/review/",
        f"/desk/episodes/{course.episode}/letter/",
        f"/desk/episodes/{course.episode}/tasks/new/",
        f"/desk/episodes/{course.episode}/contacts/",
        f"/desk/episodes/{course.episode}/speaking/comfort/",
    ):
        answer = desk.get(place)
        assert answer.status_code == 200, place
        assert f'data-autosave="{keep}"' in body(answer), place
        assert desk.post(keep, {**SAVE, "typed_at": place}).status_code == 200, place
        assert "Half a sentence</textarea>" in body(desk.get(place)), place


def test_a_form_on_another_page_keeps_its_words_too(course: Course, desk: Browser) -> None:
    frame, form = f"/desk/episodes/{course.episode}/frame/", f"/desk/episodes/{course.episode}/contacts/"
    keep = f"/desk/clients/{course.client}/typing/"
    assert f'name="typed_at" value="{form}"' in body(desk.get(frame))
    assert desk.post(keep, {**SAVE, "typed_at": form}).status_code == 200
    assert "Half a sentence</textarea>" in body(desk.get(frame))
    assert desk.post(keep, {**SAVE, "typed_at": frame}).status_code == 422


def test_nobody_types_about_somebody_not_theirs(course: Course, desk: Browser) -> None:
    place = f"/desk/episodes/{course.episode}/letters/new/review/"
    address = f"/desk/clients/{course.client}/typing/"
    save = {**SAVE, "typed_at": place}
    assert signed_in(a_therapist("Ida Other")).post(address, save).status_code == 404
    assert signed_in(a_manager()).post(address, save).status_code == 403
    assert signed_in(client_account(course)).post(f"/desk/clients/{uuid4()}/typing/", save).status_code == 403
    assert desk.post(f"/desk/clients/{uuid4()}/typing/", save).status_code == 404
    assert not UnsentTyping.objects.exists()
