"""The editor's help works without a script, and what leaves the house leaves others' names behind."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.factories.people import a_therapist, signed_in
from tests.factories.sessions import a_held_hour, a_note
from tests.web.desk.sessions.conftest import Desk

from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import ContactEvent, NoteHabit, ProgressNote, Snippet

HOUR = timedelta(hours=1)


@pytest.fixture
def note(desk: Desk) -> uuid.UUID:
    return a_note(desk.course, a_held_hour(desk.course, desk.now - 3 * HOUR), "First", at=desk.now)


def sent(text: str, version: int = 2, **more: Any) -> dict[str, Any]:
    return {"version": version, "client_tab": uuid.UUID(int=1).hex, "client_seq": 1, "text": text, **more}


def words_of(note: uuid.UUID, desk: Desk) -> dict[str, str]:
    return queries.note(viewer=desk.course.therapist, at=desk.now, note_id=note).sections


def test_the_form_is_chosen_when_the_note_begins(desk: Desk) -> None:
    session = a_held_hour(desk.course, desk.now - 3 * HOUR)
    page = desk.browser.get(f"/desk/sessions/{session}/note/").content.decode()
    assert "hypnotherapy" in page
    chosen = {"format": "girp", "method": "hypnotherapy", "remember": "on"}
    begun = desk.browser.post(f"/desk/sessions/{session}/note/", chosen)
    editor = desk.browser.get(begun.headers["Location"]).content.decode()
    assert 'name="goal"' in editor
    assert "What the suggestions were to help with" in editor
    assert NoteHabit.objects.get().format == "girp"


def test_another_way_of_working_changes_the_questions_and_no_word(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("All of it", method="cbt", remember="yes"))
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert "Agenda, what was practised" in page
    assert words_of(note, desk) == {"text": "All of it"}
    assert NoteHabit.objects.get().method == "cbt"


def test_marks_are_read_as_words(desk: Desk, note: uuid.UUID) -> None:
    text = "[said] “I nearly *turned* round.” [infer] <b>Fear</b>\n[Mother]: rang"
    desk.browser.post(f"/desk/notes/{note}/save/", sent(text, do="sign"))
    page = desk.browser.get(f"/desk/notes/{note}/").content.decode()
    assert '<span class="marked mark-said"><span class="mark-name">client said</span>' in page
    assert '<span class="mark-name">I infer</span>' in page
    assert "&lt;b&gt;Fear" in page
    assert "[Mother]: rang" in page


def test_open_points_are_copied_once_and_say_where_they_are_from(desk: Desk, note: uuid.UUID) -> None:
    earlier = a_note(desk.course, a_held_hour(desk.course, desk.now - 30 * HOUR), "Plan: the letter", at=desk.now)
    actions.sign_note(actor=desk.course.therapist, at=desk.now, note_id=earlier, version=2)
    assert "Plan: the letter" in desk.browser.get(f"/desk/notes/{note}/").content.decode()
    for version in (2, 3):
        text = words_of(note, desk)["text"] if version > 2 else "Typed before"
        answer = desk.browser.post(f"/desk/notes/{note}/save/", sent(text, version, do="carry"))
        assert answer.status_code == 303
    text = words_of(note, desk)["text"]
    assert text.count("> Copied from the note of") == 1
    assert "> Plan: the letter" in text
    assert text.endswith("Typed before")


def test_a_short_text_is_kept_and_inserted_without_a_script(desk: Desk, note: uuid.UUID) -> None:
    assert desk.browser.post("/desk/notes/snippets/", {"title": "", "text": "Kept?"}).status_code == 422
    assert desk.browser.post("/desk/notes/snippets/", {"title": "End", "text": "Ended on time."}).status_code == 303
    snippet = Snippet.objects.get().id
    desk.browser.post(f"/desk/notes/{note}/save/", sent("Said goodbye.", do="snippet", snippet=str(snippet)))
    assert words_of(note, desk)["text"] == "Said goodbye.\n\nEnded on time."
    changed = desk.browser.post(f"/desk/notes/snippets/{snippet}/", {"title": "End", "text": "Ended late."})
    assert changed.status_code == 303
    assert "Ended late." in desk.browser.get("/desk/notes/snippets/").content.decode()
    other = signed_in(a_therapist("Ruth Stranger"))
    assert "Ended late." not in other.get("/desk/notes/snippets/").content.decode()
    for path in (f"/desk/notes/snippets/{snippet}/", f"/desk/notes/snippets/{snippet}/remove/"):
        assert other.post(path, {"title": "x", "text": "y"}).status_code == 404
    assert desk.browser.post(f"/desk/notes/snippets/{snippet}/remove/").status_code == 303
    assert "Ended late." not in desk.browser.get("/desk/notes/snippets/").content.decode()


def test_advice_stands_beside_the_note_blocks_nothing_and_goes_away(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("Was manipulative."))
    assert "Leave it" in desk.browser.get(f"/desk/notes/{note}/").content.decode()
    desk.browser.post(f"/desk/notes/{note}/save/", sent("Was manipulative.", 3, do="ignore:manipulative"))
    assert "Leave it" not in desk.browser.get(f"/desk/notes/{note}/").content.decode()
    desk.browser.post(f"/desk/notes/{note}/save/", sent("Was manipulative. Non-compliant.", 4, do="sign"))
    assert ProgressNote.objects.get(id=note).signed_at is not None


def test_paper_has_initials_signature_and_hash(desk: Desk, note: uuid.UUID) -> None:
    people = f"/desk/episodes/{desk.course.episode}/people/"
    assert desk.browser.post(people, {"name": ""}).status_code == 422
    assert desk.browser.post(people, {"name": "Kate Mercer", "relation": "partner"}).status_code == 303
    text = "Kate Mercer rang. [fact] Kate is well; **Mercer** is her name."
    desk.browser.post(f"/desk/notes/{note}/save/", sent(text, do="sign"))
    desk.browser.post(f"/desk/notes/{note}/addendum/", {"text": "Kate rang again", "reason": "left out"})
    assert "Kate Mercer" in desk.browser.get(f"/desk/notes/{note}/").content.decode()
    signed = desk.browser.get(f"/desk/notes/{note}/pdf/")
    paper = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(signed.content)).pages)
    printed = desk.browser.get(f"/desk/notes/{note}/print/").content.decode()
    for shown in (paper, printed):
        assert "Kate" not in shown
        assert "K. M. rang" in shown
        assert "K. rang again" in shown
        assert "Mara Okonjo" in shown
    digest = bytes(ProgressNote.objects.get(id=note).text_hash or b"").hex()
    assert digest in paper.replace("\n", "")
    assert "fact K. is well; M. is her name." in paper
    assert signed_in(a_therapist("Ruth Stranger")).get(f"/desk/notes/{note}/pdf/").status_code == 404


def test_the_line_for_next_time_is_written_beside_the_note_and_is_no_part_of_it(desk: Desk, note: uuid.UUID) -> None:
    where = f"/desk/notes/{note}/"
    too_long = desk.browser.post(f"{where}save/", sent("All of it", next_time="x" * 301))
    assert too_long.status_code == 422
    assert "All of it" in too_long.content.decode()
    kept = sent("All of it", do="sign", next_time="Her sister\u2019s name is Ute")
    assert desk.browser.post(f"{where}save/", kept).status_code == 303
    assert "Ute" not in desk.browser.get(where).content.decode()
    card = desk.browser.get(f"/desk/sessions/{desk.session}/prep/").content.decode()
    assert "Ute" in card


def test_initials_can_be_written_into_the_draft(desk: Desk, note: uuid.UUID) -> None:
    actions.note_person(actor=desk.course.therapist, at=desk.now, episode_id=desk.course.episode, name="Kate Mercer")
    desk.browser.post(f"/desk/notes/{note}/save/", sent("Kate rang.", do="initials"))
    assert words_of(note, desk)["text"] == "K. rang."


def test_a_draft_can_be_printed_and_says_that_it_is_one(desk: Desk, note: uuid.UUID) -> None:
    answer = desk.browser.get(f"/desk/notes/{note}/pdf/")
    paper = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "not signed" in paper


def test_what_is_too_long_is_refused_with_its_text(desk: Desk, note: uuid.UUID) -> None:
    huge = "word " * 210_000
    page = desk.browser.post(f"/desk/notes/{note}/save/", sent(huge))
    assert page.status_code == 413
    assert "at most 200,000 characters" in page.content.decode()
    assert huge[:200] in page.content.decode()
    answer = desk.browser.post(f"/desk/notes/{note}/save/", sent(huge), headers={"accept": "application/json"})
    assert answer.status_code == 413
    assert "at most" in answer.json()["words"]
    assert words_of(note, desk) == {"text": "First"}


def test_a_short_text_does_not_push_a_note_over_its_length_unseen(desk: Desk, note: uuid.UUID) -> None:
    snippet = actions.keep_snippet(actor=desk.course.therapist, at=desk.now, title="x", text="y" * 4000)
    nearly = "w" * 199_000
    answer = desk.browser.post(f"/desk/notes/{note}/save/", sent(nearly, do="snippet", snippet=str(snippet)))
    assert answer.status_code == 413
    assert nearly[:100] in answer.content.decode()


def test_two_windows_meet_with_a_button_of_help_too(desk: Desk, note: uuid.UUID) -> None:
    desk.browser.post(f"/desk/notes/{note}/save/", sent("From the office"))
    answer = desk.browser.post(
        f"/desk/notes/{note}/save/", {**sent("From home", do="carry"), "client_tab": uuid.UUID(int=2).hex}
    )
    assert answer.status_code == 409
    assert "From the office" in answer.content.decode()
    assert "From home" in answer.content.decode()


def test_unsigned_notes_say_how_due_they_are(desk: Desk) -> None:
    for hours in (80, 30, 3):
        a_held_hour(desk.course, desk.now - hours * HOUR)
    page = desk.browser.get("/desk/notes/unsigned/").content.decode()
    assert (page.count(">overdue<"), page.count(">due<")) == (1, 1)


def test_the_frame_page_is_its_therapists(desk: Desk) -> None:
    a_held_hour(desk.course, desk.now - 3 * HOUR)
    path = f"/desk/episodes/{desk.course.episode}/frame/"
    page = desk.browser.get(path).content.decode()
    assert "Frame movement is information" in page
    assert 'role="img"' in page
    assert signed_in(a_therapist("Ruth Stranger")).get(path).status_code == 404


def test_a_contact_is_written_down_in_two_taps(desk: Desk) -> None:
    path, crisis = f"/desk/episodes/{desk.course.episode}/contacts/", {"initiator": "client", "purpose": "crisis"}
    assert desk.browser.post(path, {**crisis, "purpose": "nothing"}).status_code == 422
    wrong = desk.browser.post(path, {**crisis, "day": "2020-01-01", "time": "10:00", "words": "Kept"})
    assert wrong.status_code == 422
    assert "Kept" in wrong.content.decode()
    answer = desk.browser.post(path, crisis)
    assert answer.headers["Location"].endswith("/frame/")
    contact = ContactEvent.objects.get()
    assert desk.browser.post(f"/desk/contacts/{contact.id}/void/").status_code == 303
    assert signed_in(a_therapist("Ruth Stranger")).post(path, crisis).status_code == 404


def statements(desk: Desk, path: str) -> int:
    desk.browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        desk.browser.get(path)
    return len(seen)


@pytest.mark.parametrize(
    "path", ["/desk/episodes/{episode}/frame/", "/desk/notes/snippets/", "/desk/episodes/{episode}/people/"]
)
def test_as_many_statements_for_one_as_for_three(desk: Desk, path: str) -> None:
    who: dict[str, Any] = {"actor": desk.course.therapist, "at": desk.now}
    counts = []
    for number in range(3):
        a_held_hour(desk.course, desk.now - (number + 1) * 30 * HOUR)
        actions.keep_snippet(**who, title=f"t{number}", text="x")
        actions.note_person(**who, episode_id=desk.course.episode, name=f"Kate {number}")
        desk.browser.post(
            f"/desk/episodes/{desk.course.episode}/contacts/",
            {"initiator": "client", "purpose": "other", "words": "Rang"},
        )
        counts.append(statements(desk, path.format(episode=desk.course.episode)))
    assert counts[0] == counts[2]
