"""The editor keeps what is typed, shows both texts of a conflict, and signs."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from tests.factories.people import a_therapist, signed_in
from tests.factories.sessions import a_held_hour, a_note
from tests.web.desk.sessions.conftest import Desk

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.sessions.models import NoteDraft, ProgressNote

JSON = {"accept": "application/json"}


@pytest.fixture
def note(desk: Desk) -> uuid.UUID:
    return a_note(desk.course, a_held_hour(desk.course, desk.now - timedelta(hours=3)), "First", at=desk.now)


def sent(text: str, seq: int = 1, version: int = 2, tab: int = 1, **more: Any) -> dict[str, Any]:
    return {"version": version, "client_tab": uuid.UUID(int=tab).hex, "client_seq": seq, "text": text, **more}


def test_typing_is_kept_and_offered_again(desk: Desk, note: uuid.UUID) -> None:
    answer = desk.browser.post(f"/desk/notes/{note}/save/", sent("First and second"), headers=JSON)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert "First and second" in page
    assert "You see what you had typed" in page


def test_keeping_reads_nothing_and_writes_one_event(desk: Desk, note: uuid.UUID) -> None:
    before = AuditEvent.objects.count()
    for seq in range(1, 6):
        desk.browser.post(f"/desk/notes/{note}/save/", sent(f"First {seq}", seq), headers=JSON)
    assert list(AuditEvent.objects.order_by("seq")[before:].values_list("action", flat=True)) == ["keep_draft"]


def test_signed_out_a_script_hears_401_and_nothing_is_written(desk: Desk, note: uuid.UUID) -> None:
    assert Browser().post(f"/desk/notes/{note}/save/", sent("Lost?"), headers=JSON).status_code == 401
    assert not NoteDraft.objects.exists()


def test_somebody_else_at_the_same_computer_gets_none_of_it(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("For Mara"), headers=JSON)
    other = signed_in(a_therapist("Ruth Stranger"))
    assert other.post(f"/desk/notes/{note}/save/", sent("For Ruth"), headers=JSON).status_code == 404
    assert other.get(f"/desk/notes/{note}/").status_code == 404


def test_a_conflict_shows_both_texts_and_either_can_be_taken(desk: Desk, note: uuid.UUID) -> None:
    save = f"/desk/notes/{note}/save/"
    assert desk.browser.post(save, sent("From the office", tab=1)).status_code == 303
    conflict = desk.browser.post(save, sent("From the telephone", tab=2))
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "From the office" in page
    assert "From the telephone" in page
    draft = NoteDraft.objects.get(tab=uuid.UUID(int=2))
    merged = sent("From both", version=3, tab=3, instead_of=draft.id)
    assert desk.browser.post(save, merged).status_code == 303
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert "From both" in page
    assert "Look at both" not in page


def test_the_page_that_is_typing_hears_of_a_conflict_too(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("From the office", tab=1))
    answer = desk.browser.post(f"/desk/notes/{note}/save/", sent("From the telephone", tab=2), headers=JSON)
    assert (answer.status_code, answer.json()["theirs"]["text"]) == (409, "From the office")
    draft = NoteDraft.objects.get(tab=uuid.UUID(int=2))
    compare = f"/desk/notes/{note}/compare/{draft.id}/"
    assert "From the telephone" in desk.browser.get(compare).content.decode()
    assert desk.browser.post(compare).status_code == 303
    assert "Look at both" not in desk.browser.get(f"/desk/notes/{note}/").content.decode()


def test_signing_from_the_editor_and_typing_on(desk: Desk, note: uuid.UUID) -> None:
    save = f"/desk/notes/{note}/save/"
    assert desk.browser.post(save, sent("All of it", do="sign")).status_code == 303
    assert ProgressNote.objects.get(id=note).signed_at is not None
    late = desk.browser.post(save, sent("All of it, and more", 9), headers=JSON)
    assert (late.status_code, "is signed" in late.json()["words"]) == (422, True)
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert "All of it, and more" in page
    added = {"text": "And more", "reason": "typed while signing", "draft": NoteDraft.objects.get().id}
    assert desk.browser.post(f"/desk/notes/{note}/addendum/", added).status_code == 303
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert "Addendum by" in page
    assert "All of it, and more" not in page


def test_an_addendum_without_a_reason_comes_back(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("All of it", do="sign"))
    answer = desk.browser.post(f"/desk/notes/{note}/addendum/", {"text": "And more", "reason": ""})
    assert answer.status_code == 422
    assert "And more" in answer.content.decode()


def test_an_empty_note_is_not_signed(desk: Desk, note: uuid.UUID) -> None:
    assert desk.browser.post(f"/desk/notes/{note}/save/", sent(" ", do="sign")).status_code == 422


def test_another_format_is_a_save(desk: Desk, note: uuid.UUID) -> None:
    assert desk.browser.post(f"/desk/notes/{note}/save/", sent("First", format="soap")).status_code == 303
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert 'name="subjective"' in page
    assert "First" in page


def test_words_are_shown_as_words(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(
        f"/desk/notes/{note}/save/", sent("*late* <img src=x onerror=alert(1)> [a](javascript:x)", do="sign")
    )
    for path in (f"/desk/notes/{note}/", f"/desk/notes/{note}/print/"):
        page = desk.browser.get(path).content.decode()
        assert "<em>late</em>" in page
        assert "<img" not in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize("broken", [{"version": "x"}, {"version": None}, {"client_tab": "?"}])
def test_a_broken_save_is_refused(desk: Desk, note: uuid.UUID, broken: dict[str, Any]) -> None:
    said = {key: value for key, value in {**sent("x"), **broken}.items() if value is not None}
    assert desk.browser.post(f"/desk/notes/{note}/save/", said, headers=JSON).status_code == 422


def test_what_is_typed_in_the_room_becomes_the_note(desk: Desk) -> None:
    room = f"/desk/room/{desk.session}/"
    desk.browser.post(f"{room}start/")
    typed = sent("In the room", version=1)
    assert desk.browser.post(f"{room}note/", typed, headers=JSON).status_code == 200
    assert "In the room" in desk.browser.get(room).content.decode()
    assert desk.browser.post(f"{room}note/", {**typed, "client_seq": 2}).headers["Location"] == room
    assert ProgressNote.objects.get(session=desk.session).version == 2
