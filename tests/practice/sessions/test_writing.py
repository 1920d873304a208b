"""Short texts are their author's, names the client's, and a note begins as its author is used to."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist
from tests.factories.sessions import MINUTE, a_held_hour, a_note

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import PersonInLife, ProgressNote, Snippet

END = AT + 50 * MINUTE


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def a_snippet(course: Course, title: str = "Ending", text: str = "Ended on time.") -> uuid.UUID:
    return actions.keep_snippet(actor=course.therapist, at=AT, title=title, text=text)


def test_a_short_text_is_kept_changed_and_removed(course: Course) -> None:
    kept = a_snippet(course)
    actions.keep_snippet(actor=course.therapist, at=END, title="Ending", text="Ended late.", snippet_id=kept)
    assert [each.text for each in queries.snippets(viewer=course.therapist, at=END)] == ["Ended late."]
    actions.remove_snippet(actor=course.therapist, at=END, snippet_id=kept)
    assert queries.snippets(viewer=course.therapist, at=END) == ()
    events = AuditEvent.objects.filter(object_type="snippet").order_by("seq")
    assert [event.action for event in events] == ["create", "edit", "remove"]
    assert {event.private_to for event in events} == {course.therapist.id}


def test_a_short_text_is_sealed_and_nobody_elses(course: Course) -> None:
    kept, stranger = a_snippet(course), a_therapist("Ruth Stranger")
    row = Snippet.objects.get()
    assert b"Ended" not in bytes(row.text_sealed)
    assert queries.snippets(viewer=stranger, at=END) == ()
    refusals: tuple[Callable[[], object], ...] = (
        lambda: queries.snippet(viewer=stranger, at=END, snippet_id=kept),
        lambda: actions.keep_snippet(actor=stranger, at=END, title="x", text="y", snippet_id=kept),
        lambda: actions.remove_snippet(actor=stranger, at=END, snippet_id=kept),
        lambda: actions.keep_snippet(actor=a_manager(), at=END, title="x", text="y"),
    )
    for refused in refusals:
        with pytest.raises((NotFound, Forbidden)):
            refused()
    assert Snippet.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "text", "refusal"),
    [(" ", "x", actions.NothingWritten), ("x", "", actions.NothingWritten), ("x", "y" * 5001, actions.WordsTooLong)],
)
def test_a_short_text_has_words_and_is_short(course: Course, title: str, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        a_snippet(course, title, text)


def test_people_are_noted_for_whoever_cares_and_for_nobody_else(course: Course) -> None:
    person = actions.note_person(
        actor=course.therapist, at=AT, episode_id=course.episode, name="Kate Mercer", relation="partner"
    )
    again = actions.note_person(actor=course.therapist, at=AT, episode_id=course.episode, name="Kate Mercer ")
    assert again == person
    noted = queries.people_of(viewer=course.therapist, at=END, episode_id=course.episode)
    assert [(each.name, each.relation) for each in noted] == [("Kate Mercer", "partner")]
    assert b"Kate" not in bytes(PersonInLife.objects.get().name_sealed)
    for outsider in (a_therapist("Ruth Stranger"), a_manager()):
        with pytest.raises((NotFound, Forbidden)):
            queries.people_of(viewer=outsider, at=END, episode_id=course.episode)
        with pytest.raises((NotFound, Forbidden)):
            actions.note_person(actor=outsider, at=END, episode_id=course.episode, name="x")
        with pytest.raises((NotFound, Forbidden)):
            actions.remove_person(actor=outsider, at=END, person_id=person)
    actions.remove_person(actor=course.therapist, at=END, person_id=person)
    assert queries.people_of(viewer=course.therapist, at=END, episode_id=course.episode) == ()
    events = AuditEvent.objects.filter(object_type="person_in_life", client=course.client, decision="allow")
    assert {"note", "remove"} <= set(events.values_list("action", flat=True))


def test_notes_begin_as_their_author_is_used_to(course: Course) -> None:
    assert queries.usual_form(viewer=course.therapist, at=AT) == (NoteFormat.FREE, NoteMethod.NONE)
    first = actions.begin_note(
        actor=course.therapist, at=END, session_id=a_held_hour(course), form=NoteFormat.GIRP, method=NoteMethod.CBT,
        remember=True,
    )  # fmt: skip
    assert queries.usual_form(viewer=course.therapist, at=END) == (NoteFormat.GIRP, NoteMethod.CBT)
    facts = queries.note(viewer=course.therapist, at=END, note_id=first)
    assert (facts.format, facts.method, set(facts.sections)) == (
        NoteFormat.GIRP, NoteMethod.CBT, {"goal", "intervention", "response", "plan"},
    )  # fmt: skip
    second = a_held_hour(course, AT + 120 * MINUTE)
    assert (
        queries.note(viewer=course.therapist, at=END, note_id=a_note(course, second, at=END)).format is NoteFormat.GIRP
    )


def test_the_head_is_signed_with_the_words(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "She came late")
    head = [("Held", "10:00 to 10:50"), ("Scores", "PHQ-9 12")]
    actions.sign_note(actor=course.therapist, at=END, note_id=note, version=2, head=head)
    facts = queries.note(viewer=course.therapist, at=END, note_id=note)
    assert (facts.head, facts.is_intact) == (tuple(head), True)
    row = ProgressNote.objects.get(id=note)
    assert b"PHQ" not in bytes(row.head_sealed or b"")
    ProgressNote.objects.filter(id=note).update(head_sealed=None)
    assert not queries.note(viewer=course.therapist, at=END, note_id=note).is_intact


def test_the_last_signed_note_can_be_carried_from_and_a_draft_or_a_strangers_cannot(course: Course) -> None:
    earlier = a_note(course, a_held_hour(course), "Plan: ask about the letter")
    now = a_note(course, a_held_hour(course, AT + 120 * MINUTE))
    later = AT + 200 * MINUTE
    assert queries.last_signed(viewer=course.therapist, at=later, note_id=now) is None
    actions.sign_note(actor=course.therapist, at=later, note_id=earlier, version=2)
    found = queries.last_signed(viewer=course.therapist, at=later, note_id=now)
    assert found is not None
    assert found.id == earlier
    assert queries.last_signed(viewer=a_therapist("Ruth Stranger"), at=later, note_id=now) is None


def test_advice_is_ignored_for_one_note_by_its_author(course: Course) -> None:
    note = a_note(course, a_held_hour(course), "Was resistant")
    actions.ignore_advice(actor=course.therapist, at=END, note_id=note, code="resistant")
    assert queries.note(viewer=course.therapist, at=END, note_id=note).ignored == {"resistant"}
    assert b"resistant" not in bytes(ProgressNote.objects.get(id=note).ignored_sealed or b"")
    for actor, code in ((course.therapist, "no such"), (a_therapist("Ruth Stranger"), "resistant")):
        with pytest.raises((NotFound, Forbidden)):
            actions.ignore_advice(actor=actor, at=END, note_id=note, code=code)
