"""What a client says after an hour: kept sealed, added and never overwritten, read by few."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from tests.factories.alliance import all_four, said
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import MINUTE, a_held_hour, an_hour

from rapport.clinical.alliance.sliders import Slider, worth_asking
from rapport.clinical.alliance.speaking_freely import Freely
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import Open, Said, Way, WordsKind
from rapport.practice.alliance.models import HourWords, Tap
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound, matrix
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions import cancel_session

END = AT + 50 * MINUTE


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def a_colleague(course: Course) -> Actor:
    colleague = a_therapist("Tess Both")
    CareRelationship.objects.create(
        account_id=colleague.account,
        client_id=course.client,
        episode_id=course.episode,
        started_at=AT,
        granted_by=course.therapist.account,
    )
    return colleague


def test_the_client_says_it_and_their_therapist_reads_it(course: Course) -> None:
    session, client = a_held_hour(course), client_account(course)
    actions.say_after_hour(actor=client, at=END, session_id=session, answers={Slider.HEARD: 9, Slider.OVERALL: 4})
    (hour,) = queries.hours_together(viewer=course.therapist, at=END, episode_id=course.episode)
    assert hour.values == {"heard": 9, "overall": 4}
    assert hour.ways == {Way.PORTAL}
    event = AuditEvent.objects.get(action="say")
    assert (event.object_type, event.actor) == ("alliance", client.id)


def test_answered_again_it_is_added_and_the_last_counts(course: Course) -> None:
    session, client = a_held_hour(course), client_account(course)
    for minute, value in ((0, 3), (1, 8)):
        actions.say_after_hour(
            actor=client, at=END + minute * MINUTE, session_id=session, answers={Slider.HEARD: value}
        )
    assert Tap.objects.count() == 2
    assert queries.closing(viewer=client, at=END + MINUTE, session_id=session).hour.values == {"heard": 8}


def test_what_is_kept_is_sealed(course: Course) -> None:
    session = a_held_hour(course)
    said(course, session, END, {Slider.HEARD: 7}, comment="You looked at the clock")
    assert b"clock" not in bytes(HourWords.objects.get().said_sealed)
    assert bytes(Tap.objects.get().value_sealed) != b"7"


def test_how_it_came_in_is_kept(course: Course) -> None:
    session, client = a_held_hour(course), client_account(course)
    for way in Way:
        actions.say_after_hour(actor=course.therapist, at=END, session_id=session, answers={Slider.HEARD: 7}, way=way)
    assert set(Tap.objects.values_list("way", flat=True)) == {Way.SPOKEN, Way.HANDED}  # a therapist has no portal
    actions.say_after_hour(actor=client, at=END, session_id=session, answers={Slider.HEARD: 7}, way=Way.SPOKEN)
    assert Tap.objects.filter(way=Way.PORTAL, recorded_by=client.account).exists()


@pytest.mark.parametrize(("minutes", "is_open"), [(49, False), (50, True), (50 + 24 * 60, True), (51 + 24 * 60, False)])
def test_the_client_is_asked_from_the_end_for_a_day(course: Course, minutes: int, is_open: bool) -> None:
    session, client, at = an_hour(course), client_account(course), AT + minutes * MINUTE
    assert queries.closing(viewer=client, at=at, session_id=session).is_open is is_open
    assert (queries.waits_for(viewer=client, at=at) is not None) is is_open
    if not is_open:
        with pytest.raises(actions.NotOpen):
            actions.say_after_hour(actor=client, at=at, session_id=session, answers={Slider.HEARD: 7})


def test_an_hour_that_fell_out_asks_nothing(course: Course) -> None:
    session, client = an_hour(course), client_account(course)
    cancel_session(actor=course.therapist, at=AT, session_id=session, by=CancelledBy.CLIENT)
    assert queries.waits_for(viewer=client, at=END) is None
    with pytest.raises(actions.NotOpen):
        actions.say_after_hour(actor=client, at=END, session_id=session, answers={Slider.HEARD: 7})


def test_first_the_hour_then_speaking_freely_then_nothing(course: Course) -> None:
    session, client = a_held_hour(course), client_account(course)
    assert queries.waits_for(viewer=client, at=END) == (session, Open.CLOSING)
    actions.say_after_hour(actor=client, at=END, session_id=session, answers=all_four(8))
    assert queries.waits_for(viewer=client, at=END) == (session, Open.FREELY)
    actions.say_after_hour(actor=client, at=END, session_id=session, answers={Freely.MIND: 8})
    assert queries.waits_for(viewer=client, at=END) is None


def test_nothing_and_what_is_off_the_scale_are_refused(course: Course) -> None:
    session = a_held_hour(course)
    with pytest.raises(actions.NothingSaid):
        said(course, session, END, {})
    with pytest.raises(OutOfRange):
        said(course, session, END, {Slider.HEARD: 11})
    with pytest.raises(OutOfRange):
        said(course, session, END, {"srs": 5})
    with pytest.raises(actions.TooLong):
        said(course, session, END, {Slider.HEARD: 5}, comment="x" * 4001)


def test_words_are_taken_back_by_saying_nothing(course: Course) -> None:
    session, client = a_held_hour(course), client_account(course)
    for minute, text in ((0, "Less talk about work"), (1, "")):
        actions.say_in_words(
            actor=client, at=END + minute * MINUTE, session_id=session, said={WordsKind.COMMENT: Said(text)}
        )
    assert queries.closing(viewer=course.therapist, at=END, session_id=session).hour.words == {}


def test_for_your_eyes_is_for_the_therapist_of_the_hour(course: Course) -> None:
    session, client, colleague = a_held_hour(course), client_account(course), a_colleague(course)
    actions.say_in_words(
        actor=client, at=END, session_id=session, said={WordsKind.COMMENT: Said("You frightened me", eyes_only=True)}
    )

    def read_by(viewer: Actor) -> tuple[str, bool]:
        (hour,) = queries.hours_together(viewer=viewer, at=END, episode_id=course.episode)
        return hour.words["comment"].text, hour.words["comment"].unseen

    assert read_by(course.therapist) == ("You frightened me", False)
    assert read_by(colleague) == ("", True)


@pytest.mark.parametrize("way", ["read", "say", "page"])
def test_a_stranger_finds_nothing(course: Course, way: str) -> None:
    session = a_held_hour(course)
    said(course, session, END, all_four(8))
    stranger = a_therapist("Ruth Stranger")
    with pytest.raises(NotFound):
        if way == "read":
            queries.hours_together(viewer=stranger, at=END, episode_id=course.episode)
        elif way == "page":
            queries.closing(viewer=stranger, at=END, session_id=session)
        else:
            said(Course(course.client, course.episode, stranger), session, END, all_four(1))
    assert queries.last_hours(viewer=stranger, at=END, episode_id=course.episode) == ()


def test_no_manager_reads_anything_of_it(course: Course) -> None:
    session, manager = a_held_hour(course), a_manager()
    said(course, session, END, all_four(8), comment="Too fast")
    for ask in (queries.hours_together, queries.form_scores):
        with pytest.raises((Forbidden, NotFound)):
            ask(viewer=manager, at=END, episode_id=course.episode)
    with pytest.raises((Forbidden, NotFound)):
        queries.closing(viewer=manager, at=END, session_id=session)
    assert queries.last_hours(viewer=manager, at=END, episode_id=course.episode) == ()


def test_the_matrix_has_no_cell_of_it_for_a_manager() -> None:
    cells = {(resource, role) for resource in ("alliance", "alliance_form", "rupture")
             for granted in matrix()[resource].values() for role in granted}  # fmt: skip
    assert {role for _, role in cells} == {"client", "therapist"}


def test_nothing_reads_more_than_one_course_at_once() -> None:
    """Without a query over courses there is nothing to compare therapists by."""
    ours = [f for f in vars(queries).values() if inspect.isfunction(f) and f.__module__ == queries.__name__]
    readers = {f.__name__: f for f in ours if not f.__name__.startswith("_")}
    own = {"own_hours", "waits_for", "wording_of"}
    bound = {"session_id", "episode_id", "rupture_id"}
    assert {name for name, f in readers.items() if not bound & set(inspect.signature(f).parameters)} == own


def test_another_client_sees_and_says_nothing(course: Course) -> None:
    session = a_held_hour(course)
    other = client_account(a_course(course.therapist, "Amina Bello"), "Amina Bello")
    assert queries.own_hours(viewer=other, at=END) == ()
    with pytest.raises(NotFound):
        actions.say_after_hour(actor=other, at=END, session_id=session, answers={Slider.HEARD: 1})


def test_hours_about_which_nothing_was_said_do_not_hide_what_is_usual(course: Course) -> None:
    for week, value in enumerate((9, 8, 9, None, None, None, 7)):
        session = a_held_hour(course, AT + timedelta(days=7 * week))
        if value is not None:
            said(course, session, AT + timedelta(days=7 * week, hours=1), all_four(value))
    at = AT + timedelta(days=50)
    found = queries.last_hours(viewer=course.therapist, at=at, episode_id=course.episode)
    assert [hour.values["heard"] for hour in found] == [9, 8, 9, 7]
    assert {reason.usual for reason in worth_asking([hour.said for hour in found]).reasons} == {9}


def test_the_last_hour_counts_also_when_nothing_was_said_after_it(course: Course) -> None:
    said(course, a_held_hour(course, AT), AT + timedelta(hours=1), all_four(2))
    a_held_hour(course, AT + timedelta(days=7))
    found = queries.last_hours(viewer=course.therapist, at=AT + timedelta(days=8), episode_id=course.episode)
    assert worth_asking([hour.said for hour in found]).reasons == ()
