"""A note: nothing typed is lost, nothing signed is changed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist
from tests.factories.sessions import MINUTE, a_held_hour, a_note, an_hour

from rapport.clinical.sessions.notes import Due, NoteFormat, NoteState
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import NoteDraft, ProgressNote

TAB, OTHER_TAB = uuid.UUID(int=1), uuid.UUID(int=2)
END = AT + 50 * MINUTE


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def typing(course: Course, note: uuid.UUID, text: str, seq: int, tab: uuid.UUID = TAB, base: int = 1) -> Any:
    return actions.keep_text(
        actor=course.therapist,
        at=END + seq * MINUTE,
        note_id=note,
        tab=tab,
        seq=seq,
        base_version=base,
        sections={"text": text},
    )


def kept(course: Course, note: uuid.UUID) -> list[str]:
    return [text.sections["text"] for text in queries.kept_texts(viewer=course.therapist, at=END, note_id=note)]


def test_one_note_per_session_and_author(course: Course) -> None:
    session = a_held_hour(course)
    assert len({a_note(course, session) for _ in range(2)}) == 1
    assert AuditEvent.objects.filter(object_type="progress_note", action="create").count() == 1


def test_saves_that_come_late_or_twice_change_nothing(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    for seq, text in ((1, "She"), (3, "She came late"), (2, "She came"), (3, "She came late"), (1, "She")):
        typing(course, note, text, seq)
    assert kept(course, note) == ["She came late"]
    assert typing(course, note, "She came", 2).newer_was_there
    assert AuditEvent.objects.filter(action="keep_draft").count() == 1


def test_two_windows_keep_two_texts(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    typing(course, note, "from the office", 1)
    typing(course, note, "from the telephone", 2, OTHER_TAB)
    assert kept(course, note) == ["from the telephone", "from the office"]


def test_the_second_save_of_one_version_loses_no_text(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    typing(course, note, "second", 1, OTHER_TAB)
    save = {"actor": course.therapist, "at": END, "note_id": note, "version": 1}
    assert actions.save_note(**save, sections={"text": "first"}, tab=TAB) == 2
    with pytest.raises(actions.NoteConflict):
        actions.save_note(**save, sections={"text": "second"}, tab=OTHER_TAB)
    assert queries.note(viewer=course.therapist, at=END, note_id=note).sections["text"] == "first"
    assert kept(course, note) == ["second"]


def test_of_many_saves_with_one_parent_exactly_one_wins(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    won = 0
    for number in range(20):
        try:
            actions.save_note(
                actor=course.therapist, at=END, note_id=note, version=1, sections={"text": f"text {number}"}
            )
            won += 1
        except actions.NoteConflict:
            pass
    assert (won, ProgressNote.objects.get(id=note).version) == (1, 2)


def test_saved_text_is_no_longer_offered(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    typing(course, note, "She came late", 1)
    actions.save_note(
        actor=course.therapist, at=END, note_id=note, version=1, sections={"text": "She came late."}, tab=TAB
    )
    assert kept(course, note) == []


@pytest.mark.parametrize("form", list(NoteFormat))
def test_another_format_drops_no_words(course: Course, form: NoteFormat) -> None:
    note = a_note(course, a_held_hour(course), "Everything that was said")
    actions.save_note(
        actor=course.therapist,
        at=END,
        note_id=note,
        version=2,
        sections={"text": "Everything that was said", "plan": "see again"},
        form=form,
    )
    sections = queries.note(viewer=course.therapist, at=END, note_id=note).sections
    assert "Everything that was said" in " ".join(sections.values())
    assert "see again" in " ".join(sections.values())


def test_signing_holds_on_to_text_signer_and_moment(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "She came late")
    for _ in range(2):  # pressed twice, signed once
        actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2)
    row = ProgressNote.objects.get(id=note)
    assert (row.state, row.signed_at, row.signed_by) == (NoteState.SIGNED, END, course.therapist.id)
    events = AuditEvent.objects.filter(object_id=note, action="sign")
    assert [bytes(event.detail) for event in events] == [bytes(row.text_hash or b"")]
    facts = queries.note(viewer=course.therapist, at=END, note_id=note)
    assert (facts.is_intact, facts.is_late_entry) == (True, False)


def test_signed_more_than_a_day_later_is_a_late_entry(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "She came late")
    actions.sign_note(actor=course.therapist, at=END + timedelta(hours=25), note_id=note, version=2)
    assert queries.note(viewer=course.therapist, at=END, note_id=note).is_late_entry


def test_an_empty_note_and_an_old_version_are_not_signed(course: Course) -> None:
    note = a_note(course, a_held_hour(course))
    with pytest.raises(actions.NothingToSign):
        actions.sign_note(actor=course.therapist, at=END, note_id=note, version=1)
    actions.save_note(actor=course.therapist, at=END, note_id=note, version=1, sections={"text": "words"})
    with pytest.raises(actions.NoteConflict):
        actions.sign_note(actor=course.therapist, at=END, note_id=note, version=1)


def test_what_is_typed_while_it_is_signed_is_kept_for_the_author(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "She came late")
    typing(course, note, "She came late. And", 1, base=2)
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2)
    typing(course, note, "She came late. And she said why.", 2, base=2)
    late = queries.kept_texts(viewer=course.therapist, at=END, note_id=note)
    assert [(text.is_late, text.sections["text"]) for text in late] == [(True, "She came late. And she said why.")]
    assert queries.note(viewer=course.therapist, at=END, note_id=note).sections["text"] == "She came late"


def test_a_signed_note_is_only_added_to(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "She came late")
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2)
    for version in (2, 3):
        with pytest.raises(actions.NoteSigned):
            actions.save_note(
                actor=course.therapist, at=END, note_id=note, version=version, sections={"text": "On time"}
            )
    adding = {"actor": course.therapist, "at": END, "note_id": note}
    with pytest.raises(actions.ReasonMissing):
        actions.add_addendum(**adding, text="It was the train.", reason="")
    actions.add_addendum(**adding, text="It was the train.", reason="she told me afterwards")
    facts = queries.note(viewer=course.therapist, at=END, note_id=note)
    assert [(each.text, each.is_intact) for each in facts.addenda] == [("It was the train.", True)]
    assert facts.is_intact


@pytest.mark.parametrize("change", ["older text", "signer", "moment", "late", "broken"])
def test_a_change_past_the_practice_is_seen(course: Course, change: str) -> None:
    note = a_note(course, a_held_hour(course), "It was my fault")
    older = bytes(ProgressNote.objects.get(id=note).sections_sealed)
    actions.save_note(actor=course.therapist, at=END, note_id=note, version=2, sections={"text": "It was nobody's"})
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=3)
    row = ProgressNote.objects.filter(id=note)
    changes: dict[str, dict[str, Any]] = {
        "older text": {"sections_sealed": older},
        "signer": {"signed_by": uuid.uuid4()},
        "moment": {"signed_at": END - MINUTE},
        "late": {"is_late_entry": True},
        "broken": {"sections_sealed": older[:-1] + b"x"},
    }
    row.update(**changes[change])
    assert not queries.note(viewer=course.therapist, at=END, note_id=note).is_intact


def colleague_of(course: Course) -> Actor:
    colleague = a_therapist("Ruth Lind")
    CareRelationship.objects.create(
        account_id=colleague.account,
        client_id=course.client,
        episode_id=course.episode,
        started_at=AT,
        granted_by=course.therapist.account,
    )
    return colleague


def test_a_colleague_in_care_reads_what_is_signed_and_no_draft(course: Course) -> None:
    colleague = colleague_of(course)
    note = a_note(course, a_held_hour(course), "She came late")
    with pytest.raises(NotFound):
        queries.note(viewer=colleague, at=END, note_id=note)
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2)
    assert queries.note(viewer=colleague, at=END, note_id=note).author_name == course.therapist.name
    with pytest.raises(NotFound):
        actions.add_addendum(actor=colleague, at=END, note_id=note, text="Also", reason="because")
    assert queries.kept_texts(viewer=colleague, at=END, note_id=note) == ()


@pytest.mark.parametrize("who", ["stranger", "manager"])
def test_nobody_else_reads_writes_or_counts(course: Course, who: str) -> None:
    outsider = a_therapist("Ruth Stranger") if who == "stranger" else a_manager()
    session = a_held_hour(course)
    note = a_note(course, session, "She came late")
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2)
    for refused in (
        lambda: queries.note(viewer=outsider, at=END, note_id=note),
        lambda: actions.begin_note(actor=outsider, at=END, session_id=session),
        lambda: actions.keep_text(
            actor=outsider, at=END, note_id=note, tab=TAB, seq=1, base_version=1, sections={"text": "x"}
        ),
        lambda: actions.sign_note(actor=outsider, at=END, note_id=note, version=2),
    ):
        with pytest.raises((NotFound, Forbidden)):
            refused()
    assert queries.note_marks(viewer=outsider, at=END, session_ids=[session]) == {}
    assert queries.unsigned(viewer=outsider, at=END) == ()
    assert not NoteDraft.objects.exists()


def test_unsigned_hours_come_oldest_first_and_say_when_they_are_due(course: Course) -> None:
    first = a_held_hour(course)
    second = a_held_hour(course, AT + timedelta(days=1))
    an_hour(course, AT + timedelta(days=8))
    signed = a_held_hour(course, AT + timedelta(days=2))
    note = a_note(course, signed, "words")
    actions.sign_note(actor=course.therapist, at=AT + timedelta(days=2, hours=2), note_id=note, version=2)
    waiting = queries.unsigned(viewer=course.therapist, at=AT + timedelta(days=1, hours=12))
    assert [(each.session_id, each.due) for each in waiting] == [(first, Due.DUE), (second, Due.IN_TIME)]
