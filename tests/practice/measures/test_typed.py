"""Forms typed in from paper, totals from elsewhere, own instruments, content packs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.measures import a_form, a_score, answered
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import UnknownInstrument
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import (
    NoSuchPack,
    NoWordingHere,
    add_instrument,
    assign,
    assign_pack,
    end_assignment,
    enter_paper,
    install_pack,
    note_asked,
    record_total,
)
from rapport.practice.measures.choices import BadPaperDate, FormState, Mode, Rhythm
from rapport.practice.measures.models import Administration, Answer, Assignment
from rapport.practice.measures.queries import (
    administered,
    all_instruments,
    assignments,
    open_questions,
    own_forms,
    own_scores,
    packs_to_install,
    scores,
)
from rapport.practice.measures.rules.forms import read_answers
from rapport.practice.measures.rules.instruments import instrument_named, pre_assessment_pack
from rapport.practice.safety.models import Alert
from rapport.practice.safety.queries import alert
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
LAST_WEEK = date(2026, 2, 24)
NORMS = Norms(0, 52, Direction.LOWER, reliability=0.8, functional_mean=8, functional_sd=8)
HRSD = CustomMeasure("HRSD 17", "Hamilton, 17 items", NORMS)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def test_a_paper_of_last_week_alerts_with_both_dates_and_is_due_from_today(course: Course) -> None:
    answers = {str(item): 0 for item in range(1, 9)} | {"9": 2}
    enter_paper(
        actor=course.therapist, at=AT, episode_id=course.episode, instrument_id="phq9", answered_on=LAST_WEEK,
        answers=answers,
    )  # fmt: skip
    found = alert(viewer=course.therapist, at=AT, alert_id=Alert.objects.get().id)
    assert (found.said_on, found.line.raised_at) == (LAST_WEEK, AT)
    assert found.line.due_at > AT
    assert Administration.objects.get().taken_at.date() == LAST_WEEK
    assert AuditEvent.objects.filter(action="submit").count() == 1


def test_a_paper_kept_twice_is_one_paper(course: Course) -> None:
    def keep(mode: Mode = Mode.PAPER, day: date = LAST_WEEK, **changed: int | None) -> object:
        answers: dict[str, int | None] = {str(item): 1 for item in range(1, 10)}
        return enter_paper(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id="phq9", answered_on=day,
            answers=answers | changed, mode=mode,
        )  # fmt: skip

    assert keep() == keep()
    assert (Administration.objects.count(), Answer.objects.count(), Alert.objects.count()) == (1, 9, 1)
    assert AuditEvent.objects.filter(action="submit").count() == 1
    other = {keep(Mode.INTERVIEW), keep(day=LAST_WEEK - timedelta(days=1)), keep(**{"1": 2}), keep(**{"1": None})}
    assert len(other | {keep()}) == 5


@pytest.mark.parametrize(
    ("pairs", "item"),
    [
        ([("9", "-1")], "9"),
        ([("9", "4")], "9"),
        ([("9", "1.5")], "9"),
        ([("9", "")], "9"),
        ([("9", "²")], "9"),
        ([("9", "1"), ("9", "1")], "9"),
        ([("10", "1")], "10"),
        ([], "9"),
    ],
)
def test_bad_input_names_the_item(pairs: list[tuple[str, str]], item: str) -> None:
    good = [(str(number), "1") for number in range(1, 9)]
    with pytest.raises(BadAnswer) as refusal:
        read_answers(instrument_named("phq9"), good + pairs)
    assert refusal.value.item == item


def test_a_bad_paper_leaves_nothing(course: Course) -> None:
    with pytest.raises(BadAnswer):
        enter_paper(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id="phq9", answered_on=LAST_WEEK,
            answers={"9": 3, "1": 7},
        )  # fmt: skip
    with pytest.raises(BadPaperDate):
        enter_paper(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id="phq9",
            answered_on=date(2026, 3, 3), answers={"9": 3},
        )  # fmt: skip
    assert not Administration.objects.exists()
    assert not Answer.objects.exists()
    assert not Alert.objects.exists()


def test_a_total_is_kept_with_its_method(course: Course) -> None:
    key = add_instrument(actor=course.therapist, at=AT, measure=HRSD)
    assert add_instrument(actor=course.therapist, at=AT, measure=HRSD) == key
    for day, total in ((LAST_WEEK, 24), (LAST_WEEK + timedelta(days=3), 15)):
        record_total(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=key, total=total, taken_on=day
        )
    (series,) = scores(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert [point.value for point in series.known] == [24.0, 15.0]
    assert series.points[0].method == "total_entered/1"
    assert series.points[0].mode is Mode.IMPORTED
    assert series.instrument.norms.reliability == 0.8
    with pytest.raises(OutOfRange):
        record_total(
            actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=key, total=53, taken_on=LAST_WEEK
        )
    with pytest.raises(NoWordingHere):
        assign(actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=key, rhythm=Rhythm.ONCE)


def test_well_being_is_the_slider_until_the_pack_is_installed(course: Course) -> None:
    assert pre_assessment_pack() == ("wellbeing_slider", "phq9", "gad7")
    with pytest.raises(UnknownInstrument):
        instrument_named("who5")
    waiting = packs_to_install(viewer=course.therapist, at=AT)
    assert [(one.instrument.id, one.installed) for one in waiting][-1] == ("who5", False)
    install_pack(actor=a_manager(), at=AT, pack="who5")
    assert pre_assessment_pack() == ("who5", "phq9", "gad7")
    assert "who5" in [one.id for one in all_instruments(viewer=course.therapist, at=AT)]
    with pytest.raises(NoSuchPack):
        install_pack(actor=a_manager(), at=AT, pack="bdi")


def test_the_pack_before_the_assessment_is_asked_once(course: Course) -> None:
    client = client_account(course)
    assign_pack(actor=course.therapist, at=AT, episode_id=course.episode)
    assign_pack(actor=course.therapist, at=AT, episode_id=course.episode)
    assert Assignment.objects.count() == 3
    form_id = a_form(course, client, "gad7", Rhythm.ONCE)
    answered(client, form_id, 1, 2)
    lines = own_forms(viewer=client, at=AT)
    assert [(line.state, line.answered) for line in lines if "GAD-7" in line.title] == [(FormState.STARTED, 2)]
    assert {line.state for line in lines if "GAD-7" not in line.title} == {FormState.TO_DO}


def test_an_ended_assignment_is_not_asked(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 9)
    (line,) = assignments(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert line.last_done == AT
    end_assignment(actor=course.therapist, at=AT, assignment_id=line.id)
    assert own_forms(viewer=client, at=AT) == ()
    assert len(own_scores(viewer=client, at=AT)) == 1


def test_a_question_left_open_is_settled_by_asking(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[0] * 8, None)
    (question,) = open_questions(viewer=course.therapist, at=AT)
    stranger = a_therapist("Nora Bell")
    assert open_questions(viewer=stranger, at=AT) == ()
    with pytest.raises(NotFound):
        note_asked(actor=stranger, at=AT, question_id=question.id)
    with pytest.raises(Forbidden):
        note_asked(actor=client, at=AT, question_id=question.id)
    note_asked(actor=course.therapist, at=AT, question_id=question.id)
    assert open_questions(viewer=course.therapist, at=AT) == ()


def test_a_stranger_reads_no_scores(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 9)
    other = a_course(a_therapist("Piet Adler"), "Eva Roth")
    for actor in (other.therapist, client_account(other, "Eva Roth")):
        for question in (scores, administered):
            with pytest.raises(NotFound):
                question(viewer=actor, at=AT, episode_id=course.episode)
    assert own_scores(viewer=client_account(a_course(other.therapist, "Ada Fox"), "Ada Fox"), at=AT) == ()
    with pytest.raises(Forbidden):
        own_forms(viewer=a_manager(), at=AT)


def test_reading_items_is_recorded(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, 1, 2, 3)
    (one,) = administered(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert (one.answers["3"], one.completed) == (3, True)
    assert AuditEvent.objects.filter(action="read", object_type="measure", client=course.client).exists()
