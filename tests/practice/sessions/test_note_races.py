"""Many windows in one note: one save wins, no text is lost, and what was signed stays as it was (G07, G08, G12)."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist
from tests.factories.sessions import a_held_hour, a_note
from tests.practice.at_once import AT_ONCE, at_once

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.actions import notes
from rapport.practice.sessions.models import Kept, ProgressNote

MANY = 100
LATER = AT + timedelta(hours=8)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guard_away")]


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def note(course: Course) -> UUID:
    return a_note(course, a_held_hour(course), "Begun")  # version 2


def window(number: int) -> UUID:
    return UUID(int=number + 1)


def keep(course: Course, note: UUID, number: int, seq: int = 1) -> Kept:
    return actions.keep_text(
        actor=course.therapist, at=LATER, note_id=note, tab=window(number), seq=seq, base_version=2,
        sections={"text": f"window {number}, {seq}"},
    )  # fmt: skip


def save(course: Course, note: UUID, number: int) -> None:
    """What the editor's page does: keep, then save on top of what it was opened with."""
    keep(course, note, number)
    actions.save_note(
        actor=course.therapist, at=LATER, note_id=note, version=2, tab=window(number),
        sections={"text": f"window {number}, 1"},
    )  # fmt: skip


def kept(course: Course, note: UUID) -> list[str]:
    return [text.sections["text"] for text in queries.kept_texts(viewer=course.therapist, at=LATER, note_id=note)]


def test_a_hundred_saves_of_one_version_are_one_and_the_others_keep_both_texts(course: Course, note: UUID) -> None:
    heard = at_once([partial(save, course, note, number) for number in range(MANY)], actions.NoteConflict)
    facts = queries.note(viewer=course.therapist, at=LATER, note_id=note)
    assert heard == {"done": 1, "NoteConflict": MANY - 1}
    assert facts.version == 3
    assert {facts.sections["text"], *kept(course, note)} == {f"window {number}, 1" for number in range(MANY)}
    assert AuditEvent.objects.filter(object_id=note, action="edit").count() == 2


def test_saves_that_do_not_look_would_overwrite_each_other(
    course: Course, note: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: these hands do meet."""
    write = notes._write

    def blind(row: ProgressNote, _version: int, *given: object, **values: object) -> int:
        newest = ProgressNote.objects.select_for_update(no_key=True).get(id=row.id).version
        return write(row, newest, *given, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(notes, "_write", blind)
    heard = at_once([partial(save, course, note, number) for number in range(AT_ONCE)], actions.NoteConflict)
    assert heard["done"] > 1


def test_typing_out_of_order_while_one_window_signs(course: Course, note: UUID) -> None:
    """Whatever overtakes whatever: each window's newest text is kept, and what was signed stays."""
    typing = [partial(keep, course, note, number, seq) for number in range(AT_ONCE) for seq in range(1, 5)]
    random.Random(7).shuffle(typing)  # noqa: S311 - an order, no secret
    typing.insert(
        len(typing) // 2, partial(actions.sign_note, actor=course.therapist, at=LATER, note_id=note, version=2)
    )
    assert at_once(typing) == {"done": len(typing)}
    facts = queries.note(viewer=course.therapist, at=LATER, note_id=note)
    assert (facts.state, facts.sections["text"], facts.is_intact) == (NoteState.SIGNED, "Begun", True)
    assert sorted(kept(course, note)) == sorted(f"window {number}, 4" for number in range(AT_ONCE))


def test_signing_and_saving_one_version_at_once_is_one_of_them(course: Course, note: UUID) -> None:
    """Nobody signs words they did not see, and nobody saves into what was signed."""
    sign = partial(actions.sign_note, actor=course.therapist, at=LATER, note_id=note, version=2)
    works = [partial(save, course, note, number) if number % 2 else sign for number in range(AT_ONCE)]
    at_once(works, actions.NoteConflict, actions.NoteSigned)
    facts = queries.note(viewer=course.therapist, at=LATER, note_id=note)
    assert facts.version == 3
    assert facts.is_intact
    assert (facts.state == NoteState.SIGNED) == (facts.sections["text"] == "Begun")
    assert {"window 1, 1", "window 11, 1"} <= {facts.sections["text"], *kept(course, note)}


def test_a_laptop_that_slept_overwrites_nothing(course: Course, note: UUID) -> None:
    """Opened in the morning; meanwhile saved and signed elsewhere; in the evening its last words come in."""
    keep(course, note, 0, seq=5)
    save(course, note, 1)
    actions.sign_note(actor=course.therapist, at=LATER, note_id=note, version=3)
    assert keep(course, note, 0, seq=4).newer_was_there
    keep(course, note, 0, seq=6)
    with pytest.raises(actions.NoteSigned):
        save(course, note, 0)
    facts = queries.note(viewer=course.therapist, at=LATER, note_id=note)
    assert (facts.sections["text"], facts.is_intact) == ("window 1, 1", True)
    assert kept(course, note) == ["window 0, 6"]


def test_one_hour_has_one_note_whoever_begins_it(course: Course) -> None:
    hour = a_held_hour(course)
    begin = partial(actions.begin_note, actor=course.therapist, at=AT, session_id=hour)
    assert at_once([begin] * AT_ONCE) == {"done": AT_ONCE}
    assert ProgressNote.objects.filter(session_id=hour).count() == 1
