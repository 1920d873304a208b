"""A process note exists for its author only."""

from __future__ import annotations

import uuid

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import MINUTE, a_held_hour

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.process_notes import actions, queries
from rapport.practice.process_notes.models import ProcessDraft, ProcessNote
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor

END = AT + 50 * MINUTE
SECRET = "I dreamt of the lighthouse after she left"


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def written(course: Course, text: str = SECRET) -> tuple[uuid.UUID, uuid.UUID]:
    """A process note with words: session, note."""
    session = a_held_hour(course)
    actions.read_notice(actor=course.therapist, at=END)
    note = actions.begin_process_note(actor=course.therapist, at=END, session_id=session)
    actions.save_process_note(actor=course.therapist, at=END, note_id=note, version=1, text=text)
    return session, note


def test_the_law_is_read_before_the_first_one(course: Course) -> None:
    session = a_held_hour(course)
    with pytest.raises(actions.NoticeUnread):
        actions.begin_process_note(actor=course.therapist, at=END, session_id=session)
    actions.read_notice(actor=course.therapist, at=END)
    first = actions.begin_process_note(actor=course.therapist, at=END, session_id=session)
    assert actions.begin_process_note(actor=course.therapist, at=END, session_id=session) == first


def test_its_author_reads_it(course: Course) -> None:
    session, note = written(course)
    assert queries.process_note(viewer=course.therapist, at=END, note_id=note).text == SECRET
    assert queries.own_marks(viewer=course.therapist, at=END, session_ids=[session]) == {session: note}


def outsiders(course: Course) -> list[Actor]:
    colleague = a_therapist("Ruth Lind")
    CareRelationship.objects.create(
        account_id=colleague.account,
        client_id=course.client,
        episode_id=course.episode,
        started_at=AT,
        granted_by=course.therapist.account,
    )
    return [colleague, a_therapist("Ruth Stranger"), a_manager(), client_account(course)]


def test_nobody_else_can_tell_that_it_exists(course: Course) -> None:
    session, note = written(course)
    for outsider in outsiders(course):
        heard = set()
        for asked in (note, uuid.uuid4()):  # what exists and what does not sound the same
            with pytest.raises((NotFound, Forbidden)) as refused:
                queries.process_note(viewer=outsider, at=END, note_id=asked)
            heard.add((type(refused.value), str(refused.value)))
        assert len(heard) == 1
        assert queries.own_marks(viewer=outsider, at=END, session_ids=[session]) == {}
        assert queries.process_notes_of(viewer=outsider, at=END, episode_id=course.episode) == ()
        assert queries.kept_process_texts(viewer=outsider, at=END, note_id=note) == ()
        with pytest.raises((NotFound, Forbidden)):
            actions.save_process_note(actor=outsider, at=END, note_id=note, version=2, text="mine now")


def test_every_event_is_for_its_author_only(course: Course) -> None:
    _, note = written(course)
    queries.process_note(viewer=course.therapist, at=END, note_id=note)
    actions.keep_process_text(
        actor=course.therapist, at=END, note_id=note, tab=uuid.uuid4(), seq=1, base_version=2, text="more"
    )
    actions.sign_process_note(actor=course.therapist, at=END, note_id=note, version=2)
    actions.add_to_process_note(actor=course.therapist, at=END, note_id=note, text="and more")
    events = AuditEvent.objects.filter(object_type="process_note")
    assert {event.action for event in events} >= {
        "create",
        "edit",
        "read",
        "keep_draft",
        "sign",
        "amend",
        "read_notice",
    }
    assert {event.private_to for event in events} == {course.therapist.id}


def test_it_needs_its_authors_and_its_clients_key(course: Course) -> None:
    _, note = written(course)
    row = ProcessNote.objects.get(id=note)
    for drawer in (keys.client(course.client), keys.author(course.therapist.account)):
        with pytest.raises(keys.SealBroken):
            keys.unseal(drawer, "process_notes.note.text", note, row.text_sealed)
    assert SECRET.encode() not in bytes(row.text_sealed)


def test_conflict_late_typing_and_closing(course: Course) -> None:
    _, note = written(course)
    author = {"actor": course.therapist, "at": END, "note_id": note}
    typing = {"tab": uuid.UUID(int=7), "base_version": 2}
    actions.keep_process_text(**author, **typing, seq=2, text="second thought")
    assert actions.keep_process_text(**author, **typing, seq=1, text="second").newer_was_there
    with pytest.raises(actions.NoteConflict):
        actions.save_process_note(**author, version=1, text="second thought")
    assert [text.text for text in queries.kept_process_texts(viewer=course.therapist, at=END, note_id=note)] == [
        "second thought"
    ]
    for _ in range(2):
        actions.sign_process_note(**author, version=2)
    with pytest.raises(actions.NoteSigned):
        actions.save_process_note(**author, version=3, text="never")
    actions.keep_process_text(**author, **typing, seq=3, text="third thought")
    late = queries.kept_process_texts(viewer=course.therapist, at=END, note_id=note)
    assert [(text.text, text.is_late) for text in late] == [("third thought", True)]
    assert ProcessDraft.objects.count() == 1
    assert queries.process_note(viewer=course.therapist, at=END, note_id=note).is_intact


def test_an_older_text_put_back_is_seen(course: Course) -> None:
    _, note = written(course)
    older = bytes(ProcessNote.objects.get(id=note).text_sealed)
    actions.save_process_note(actor=course.therapist, at=END, note_id=note, version=2, text="otherwise")
    actions.sign_process_note(actor=course.therapist, at=END, note_id=note, version=3)
    ProcessNote.objects.filter(id=note).update(text_sealed=older)
    assert not queries.process_note(viewer=course.therapist, at=END, note_id=note).is_intact
