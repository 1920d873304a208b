"""What is noted in an hour: result, trace and refusal of each action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.room import MINUTE, a_mark, a_thread
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.room.interventions import Mode
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.clinical.sessions.states import Place
from rapport.practice.episodes.actions import choose_modality, grant_care
from rapport.practice.episodes.queries import episode
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Refused
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.models import AgendaItem, Remembered, SessionMark, SessionStep, ThreadStep

pytestmark = pytest.mark.usefixtures("practice_in_london")


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


@pytest.fixture
def session(course: Course) -> UUID:
    session_id = an_hour(course)
    actions.start_session(actor=course.therapist, at=AT, session_id=session_id)
    return session_id


def board(course: Course, session: UUID, viewer: Actor | None = None, at: Any = AT + 20 * MINUTE) -> queries.Board:
    return queries.board(viewer=viewer or course.therapist, at=at, session_id=session)


def traced(done: str, kind: str) -> int:
    return AuditEvent.objects.filter(action=done, object_type=kind, decision="allow").count()


def test_a_mark_is_one_sealed_row_whose_trace_does_not_say_what(course: Course, session: UUID) -> None:
    mark = a_mark(course, session, AT + 7 * MINUTE, MarkKind.RUPTURE)
    row = SessionMark.objects.get(id=mark)
    assert b"rupture" not in bytes(row.kind_sealed)
    event = AuditEvent.objects.get(action="mark")
    assert (event.object_id, event.reason) == (mark, "")
    (shown,) = board(course, session).marks
    assert (shown.kind, shown.minute, shown.can_go) == (MarkKind.RUPTURE, 7, True)


def test_the_same_key_is_the_same_mark(course: Course, session: UUID) -> None:
    key = uuid4()
    assert a_mark(course, session, key=key) == a_mark(course, session, AT + MINUTE, key=key)
    assert (len(board(course, session).marks), traced("mark", "session_mark")) == (1, 1)


def test_a_mark_lies_within_its_hour(course: Course, session: UUID) -> None:
    a_mark(course, session, AT + 30 * MINUTE, minute=3)
    a_mark(course, session, AT + MINUTE, ago=timedelta(hours=1))  # nothing lies before the start
    assert [mark.minute for mark in board(course, session).marks] == [0, 3]
    for minute in (-1, 31):
        with pytest.raises(actions.OutsideTheHour):
            a_mark(course, session, AT + 30 * MINUTE, minute=minute)
    with pytest.raises(actions.NotNow):
        a_mark(course, an_hour(course, AT + timedelta(days=7)))
    actions.end_session(actor=course.therapist, at=AT + 50 * MINUTE, session_id=session)
    with pytest.raises(actions.NotNow):
        a_mark(course, session, AT + timedelta(days=4), minute=1)


def test_a_mark_pressed_after_the_end_lies_at_the_end(course: Course, session: UUID) -> None:
    actions.end_session(actor=course.therapist, at=AT + 50 * MINUTE, session_id=session)
    a_mark(course, session, AT + 70 * MINUTE)
    (mark,) = board(course, session).marks
    assert mark.minute == 50


def test_taking_back_voids_the_last_and_deletes_nothing(course: Course, session: UUID) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "session_id": session}
    first = a_mark(course, session, AT + MINUTE)
    done = actions.note_intervention(
        **who, at=AT + 2 * MINUTE, code="grounding", mode=Mode.BEHAVIOUR_CHANGE, key=uuid4()
    )
    assert actions.take_back(**who, at=AT + 3 * MINUTE) == done
    assert actions.take_back(**who, at=AT + 3 * MINUTE) == first
    with pytest.raises(actions.NothingToTakeBack):
        actions.take_back(**who, at=AT + 3 * MINUTE)
    assert SessionMark.objects.get(id=first).voided_at == AT + 3 * MINUTE
    assert board(course, session).marks == board(course, session).interventions == ()
    assert (traced("take_back", "session_mark"), traced("take_back", "session_intervention")) == (1, 1)


def test_after_an_hour_a_mark_stays(course: Course, session: UUID) -> None:
    mark = a_mark(course, session, AT)
    with pytest.raises(actions.NothingToTakeBack):
        actions.take_back(actor=course.therapist, at=AT + 61 * MINUTE, session_id=session, noted_id=mark)


def test_words_may_come_later(course: Course, session: UUID) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "at": AT, "session_id": session}
    mark = a_mark(course, session)
    actions.put_in_words(**who, mark_id=mark, words="  her\n brother ")
    assert board(course, session).marks[0].words == "her brother"
    with pytest.raises(actions.LineTooLong):
        actions.put_in_words(**who, mark_id=mark, words="x" * 301)
    actions.take_back(**who, noted_id=mark)
    with pytest.raises(actions.ThingGone):
        actions.put_in_words(**who, mark_id=mark, words="again")


def test_an_intervention_is_one_of_a_list_with_its_mode(course: Course, session: UUID) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "at": AT, "session_id": session, "mode": Mode.DIALOGUE}
    actions.note_intervention(**who, code="silence", key=uuid4())
    (done,) = board(course, session).interventions
    assert (done.code, done.mode) == ("silence", Mode.DIALOGUE)
    with pytest.raises(actions.UnknownIntervention):
        actions.note_intervention(**who, code="levitation", key=uuid4())
    assert traced("note", "session_intervention") == 1


def test_a_thread_goes_its_way_in_steps_that_stay(course: Course, session: UUID) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "at": AT + MINUTE, "session_id": session}
    thread = a_thread(course, session_id=session)
    for _press in range(2):
        actions.touch_thread(**who, thread_id=thread)
        actions.weigh_thread(**who, thread_id=thread, importance=3)
        actions.move_thread(**who, thread_id=thread, to=ThreadStatus.PARKED)
    actions.move_thread(**who, thread_id=thread, to=ThreadStatus.OPEN)
    kinds = list(ThreadStep.objects.order_by("at", "kind").values_list("kind", flat=True))
    assert sorted(kinds) == ["opened", "parked", "reopened", "touched", "weighed"]
    (shown,) = queries.threads(viewer=course.therapist, at=AT, episode_id=course.episode, session_id=session)
    assert (shown.title, shown.importance, shown.touched_here) == ("The letter from her sister", 3, True)
    assert traced("opened", "thread") == traced("touched", "thread") == traced("parked", "thread") == 1
    with pytest.raises(OutOfRange):
        actions.weigh_thread(**who, thread_id=thread, importance=4)
    with pytest.raises(actions.WordsMissing):
        a_thread(course, "  ")


def test_a_mark_becomes_one_thread_however_often_it_is_pressed(course: Course, session: UUID) -> None:
    mark = a_mark(course, session)
    assert a_thread(course, mark_id=mark) == a_thread(course, "Again", mark_id=mark)
    assert a_thread(course, "Her sister") == a_thread(course, "Her  sister")
    voided = a_mark(course, session, AT + MINUTE)
    actions.take_back(actor=course.therapist, at=AT + MINUTE, session_id=session, noted_id=voided)
    with pytest.raises(actions.ThingGone):
        a_thread(course, mark_id=voided)


def test_another_course_s_mark_makes_no_thread_here(course: Course, session: UUID) -> None:
    other = a_course(course.therapist, "Another Client")
    with pytest.raises(actions.ThingGone):
        a_thread(other, mark_id=a_mark(course, session))


def test_the_agenda_holds_a_thing_once_and_not_everything(course: Course, session: UUID) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "at": AT, "session_id": session}
    once = actions.add_to_agenda(**who, words="The letter", of_client=True)
    assert actions.add_to_agenda(**who, words="The  letter", of_client=True) == once
    for n in range(11):
        actions.add_to_agenda(**who, words=f"Item {n}")
    with pytest.raises(actions.AgendaFull):
        actions.add_to_agenda(**who, words="One more")
    actions.drop_from_agenda(**who, item_id=once)
    with pytest.raises(actions.ThingGone):
        actions.cover_agenda(**who, item_id=once)
    assert AgendaItem.objects.count() == 12
    assert (traced("add", "agenda"), traced("drop", "agenda")) == (12, 1)


def test_the_line_for_next_time_is_its_author_s_alone(course: Course, session: UUID) -> None:
    colleague = a_therapist("Tess Both")
    grant_care(actor=a_manager(), at=AT, episode_id=course.episode, therapist_id=colleague.account)
    actions.end_session(actor=course.therapist, at=AT + 50 * MINUTE, session_id=session)
    at = AT + 52 * MINUTE
    for words in ("The birthday", "The birthday, and Leeds"):
        actions.remember(actor=course.therapist, at=at, session_id=session, words=words)
    assert Remembered.objects.count() == 1
    assert all(event.private_to == course.therapist.id for event in AuditEvent.objects.filter(action="remember"))
    coming = an_hour(course, AT + timedelta(days=7))
    own = queries.before_the_hour(viewer=course.therapist, at=at, session_id=coming)
    assert own.remembered
    assert own.remembered.words == "The birthday, and Leeds"
    assert queries.before_the_hour(viewer=colleague, at=at, session_id=coming).remembered is None
    with pytest.raises(Refused):
        actions.put_aside(actor=colleague, at=at, remembered_id=own.remembered.id)
    actions.put_aside(actor=course.therapist, at=at, remembered_id=own.remembered.id)
    assert queries.before_the_hour(viewer=course.therapist, at=at, session_id=coming).remembered is None


def test_a_line_is_shown_at_the_next_hour_only(course: Course, session: UUID) -> None:
    actions.end_session(actor=course.therapist, at=AT + 50 * MINUTE, session_id=session)
    actions.remember(actor=course.therapist, at=AT + 52 * MINUTE, session_id=session, words="The birthday")
    a_held_hour(course, AT + timedelta(days=7))
    third = an_hour(course, AT + timedelta(days=14))
    at = AT + timedelta(days=8)
    assert queries.before_the_hour(viewer=course.therapist, at=at, session_id=third).remembered is None


def test_what_was_marked_in_the_last_five_minutes_comes_first_next_time(course: Course, session: UUID) -> None:
    a_mark(course, session, AT + 44 * MINUTE)
    a_mark(course, session, AT + 47 * MINUTE, words="at the door")
    a_mark(course, session, AT + 48 * MINUTE, MarkKind.DREAM, words="a dream")
    a_mark(course, session, AT + 49 * MINUTE, MarkKind.TASK, words="of every ending")
    actions.end_session(actor=course.therapist, at=AT + 50 * MINUTE, session_id=session)
    coming = an_hour(course, AT + timedelta(days=7))
    card = queries.before_the_hour(viewer=course.therapist, at=AT + timedelta(days=1), session_id=coming)
    assert [mark.words for mark in card.at_the_door] == ["at the door", "a dream"]


def test_a_correction_after_asking_for_the_place_corrects_the_times(course: Course) -> None:
    session = actions.book_session(
        actor=course.therapist, at=AT, episode_id=course.episode, start=AT, end=AT + 50 * MINUTE, place=Place.VIDEO
    )
    who: dict[str, Any] = {"actor": course.therapist, "session_id": session}
    with pytest.raises(actions.NotNow):
        actions.confirm_location(**who, at=AT)
    actions.start_session(**who, at=AT)
    for _press in range(2):
        actions.confirm_location(**who, at=AT + MINUTE)
    actions.end_session(**who, at=AT + 50 * MINUTE)
    actions.correct_session(
        **who, at=AT + 60 * MINUTE, attendance=queries.session(viewer=course.therapist, at=AT, session_id=session)
        .attendance, started_at=AT, ended_at=AT + 48 * MINUTE, reason="The clock stood wrong",
    )  # fmt: skip
    assert SessionStep.objects.filter(session=session, kind="located").count() == 1
    corrected = SessionStep.objects.get(session=session, kind="corrected").corrects
    assert corrected is not None
    assert (corrected.kind, corrected.ends_at) == ("ended", AT + 50 * MINUTE)


def test_the_room_is_as_its_therapist_likes_it(course: Course, session: UUID) -> None:
    assert board(course, session).settings == queries.RoomSettings(glow=True, keys=True)
    actions.set_room_switches(actor=course.therapist, at=AT, glow=False, keys_on=True)
    assert board(course, session).settings == queries.RoomSettings(glow=False, keys=True)
    assert traced("switch", "own_room") == 1


def test_the_method_is_chosen_and_the_choice_before_stays(course: Course) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "episode_id": course.episode}
    for n, way in enumerate((Modality.CBT, Modality.PSYCHODYNAMIC, Modality.PSYCHODYNAMIC)):
        choose_modality(**who, at=AT + n * MINUTE, modality=way)
    facts = episode(viewer=course.therapist, at=AT + 5 * MINUTE, episode_id=course.episode)
    assert facts.modality is Modality.PSYCHODYNAMIC
    assert traced("choose_modality", "episode") == 2


def everything(course: Course, session: UUID, thread: UUID, mark: UUID, item: UUID) -> list[Callable[..., Any]]:
    """Each action of the room, by anybody."""

    def on(act: Callable[..., Any], **more: Any) -> Callable[..., Any]:
        return lambda who: act(actor=who, at=AT + MINUTE, **more)

    return [
        on(actions.set_mark, session_id=session, kind=MarkKind.DREAM, key=uuid4()),
        on(actions.put_in_words, session_id=session, mark_id=mark, words="x"),
        on(actions.note_intervention, session_id=session, code="silence", mode=Mode.DIALOGUE, key=uuid4()),
        on(actions.take_back, session_id=session),
        on(actions.add_to_agenda, session_id=session, words="x"),
        on(actions.order_agenda, session_id=session, item_id=item, before=None),
        on(actions.cover_agenda, session_id=session, item_id=item),
        on(actions.drop_from_agenda, session_id=session, item_id=item),
        on(actions.open_thread, episode_id=course.episode, title="x"),
        on(actions.touch_thread, thread_id=thread),
        on(actions.move_thread, thread_id=thread, to=ThreadStatus.PARKED),
        on(actions.weigh_thread, thread_id=thread, importance=1),
        on(actions.remember, session_id=session, words="x"),
        on(actions.confirm_location, session_id=session),
        on(choose_modality, episode_id=course.episode, modality=Modality.CBT),
    ]


def test_nobody_else_notes_anything(course: Course, session: UUID) -> None:
    mark, thread = a_mark(course, session), a_thread(course)
    item = actions.add_to_agenda(actor=course.therapist, at=AT, session_id=session, words="The letter")
    for who in (a_therapist("Ruth Stranger"), a_manager(), client_account(course)):
        for act in everything(course, session, thread, mark, item):
            with pytest.raises(Refused):
                act(who)
        with pytest.raises(Refused):
            board(course, session, who)
        with pytest.raises(Refused):
            queries.threads(viewer=who, at=AT, episode_id=course.episode)
        with pytest.raises(Refused):
            queries.before_the_hour(viewer=who, at=AT, session_id=session)
        with pytest.raises(Refused):
            queries.noted(viewer=who, at=AT, session_id=session)
    assert AuditEvent.objects.filter(decision="deny").count() >= 3 * 15
