"""Which forms are asked how often, how much at once, and on whose device."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.measures import a_score, answered
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.burden import TooMuchAsked
from rapport.clinical.measures.instrument import Band
from rapport.practice.clients.choices import ClientDetails
from rapport.practice.clients.models import Client
from rapport.practice.clients.rules.record import sealed_details
from rapport.practice.episodes.actions import set_problems
from rapport.practice.episodes.choices import Problem
from rapport.practice.episodes.models import Episode
from rapport.practice.measures.actions import (
    BadRhythm,
    NoWordingHere,
    answer_item,
    assign,
    assign_pack,
    assign_set,
    install_pack,
    open_form,
    submit_form,
)
from rapport.practice.measures.choices import FormState, Mode, Rhythm
from rapport.practice.measures.models import Administration, Assignment, ItemToAsk
from rapport.practice.measures.queries import (
    answer_in_words,
    assignments,
    forms_on_device,
    own_forms,
    problem_series,
    safety_balance,
    scores,
)
from rapport.practice.measures.queries import form as form_facts
from rapport.practice.safety.models import Alert
from rapport.practice.safety.queries import alert
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WEEK = timedelta(days=7)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def ask(course: Course, name: str, rhythm: Rhythm = Rhythm.EACH_SESSION, **more: object) -> object:
    return assign(actor=course.therapist, at=AT, episode_id=course.episode, instrument_id=name, rhythm=rhythm, **more)  # type: ignore[arg-type]


def test_more_than_fifteen_questions_before_a_session_need_a_reason(course: Course) -> None:
    ask(course, "phq9")
    with pytest.raises(TooMuchAsked) as refused:
        ask(course, "gad7")
    assert (refused.value.asked, refused.value.most) == (17, 15)
    assert Assignment.objects.count() == 1
    ask(course, "gad7", reason="She asked to see both.")
    lines = {
        line.instrument.id: line for line in assignments(viewer=course.therapist, at=AT, episode_id=course.episode)
    }
    assert lines["gad7"].reason == "She asked to see both."
    assert lines["phq9"].reason == ""
    assert b"both" not in bytes(Assignment.objects.get(instrument="gad7").reason_sealed or b"")


def test_a_reason_that_was_not_needed_is_not_kept(course: Course) -> None:
    ask(course, "phq9", reason="just so")
    assert Assignment.objects.get().reason_sealed is None


def test_what_was_asked_once_and_came_back_weighs_nothing(course: Course) -> None:
    client = client_account(course)
    for name in ("pcl5", "phq15", "phq9", "gad7", "phq4"):
        ask(course, name, Rhythm.ONCE)
    with pytest.raises(TooMuchAsked):
        ask(course, "phq8", Rhythm.ONCE, reason=" ")
    form = open_form(actor=client, at=AT, assignment_id=Assignment.objects.get(instrument="pcl5").id)
    submit_form(actor=client, at=AT, administration_id=form)
    ask(course, "phq8", Rhythm.ONCE)


def test_every_few_sessions_counts_the_sessions_held(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 20, instrument_id="pcl5")
    ask(course, "pcl5", Rhythm.EVERY_N, every=2)

    def state(at: datetime) -> FormState:
        (line,) = own_forms(viewer=client, at=at)
        return line.state

    a_held_hour(course, AT + WEEK)
    assert state(AT + 2 * WEEK) is FormState.DONE
    a_held_hour(course, AT + 2 * WEEK)
    assert state(AT + 3 * WEEK) is FormState.TO_DO
    an_hour(course, AT + 4 * WEEK)
    assert state(AT + 3 * WEEK) is FormState.DONE
    assert state(AT + 4 * WEEK) is FormState.TO_DO
    (line,) = assignments(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert line.how_often == "Every 2 sessions"
    for wrong in (1, 27):
        with pytest.raises(BadRhythm):
            ask(course, "pcl5", Rhythm.EVERY_N, every=wrong)


def test_reviews_and_endings_wait_for_their_time(course: Course) -> None:
    client = client_account(course)
    ask(course, "phq9", Rhythm.AT_REVIEW)
    ask(course, "gad7", Rhythm.AT_END)
    assert {line.state for line in own_forms(viewer=client, at=AT)} == {FormState.DONE}


def test_a_set_asks_what_is_here_and_names_what_is_not(course: Course) -> None:
    outcome = assign_set(actor=course.therapist, at=AT, episode_id=course.episode, domain=ProblemDomain.TRAUMA)
    assert outcome.asked == ("wellbeing_slider", "phq9", "pcl5", "audit_c")
    assert outcome.left_out == ("itq",)
    row = Assignment.objects.get(instrument="pcl5")
    assert (row.rhythm, row.every) == (Rhythm.EVERY_N, 4)
    assert AuditEvent.objects.filter(action="assign", client=course.client).count() == 4
    again = assign_set(actor=course.therapist, at=AT, episode_id=course.episode, domain=ProblemDomain.PERSONAL_GROWTH)
    assert again.asked == ("wellbeing_slider",)
    assert Assignment.objects.count() == 4
    install_pack(actor=a_manager(), at=AT, pack="core10")
    rel = assign_set(
        actor=course.therapist, at=AT, episode_id=course.episode, domain=ProblemDomain.RELATIONSHIP, reason="agreed"
    )
    assert "core10" in rel.asked
    for stranger in (a_therapist("Nora Bell"), client_account(course)):
        with pytest.raises((NotFound, Forbidden)):
            assign_set(actor=stranger, at=AT, episode_id=course.episode, domain=ProblemDomain.TRAUMA)


def test_a_skeleton_is_not_asked(course: Course) -> None:
    with pytest.raises(NoWordingHere):
        ask(course, "isi", Rhythm.ONCE)


def test_a_form_on_the_handed_device_is_the_clients_answer(course: Course) -> None:
    ask(course, "phq9")
    (line,) = forms_on_device(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert line.state is FormState.TO_DO
    form = open_form(actor=course.therapist, at=AT, assignment_id=line.assignment_id)
    answer_item(actor=course.therapist, at=AT, administration_id=form, item="9", value=1)
    submit_form(actor=course.therapist, at=AT, administration_id=form)
    assert Administration.objects.get().mode == Mode.KIOSK
    assert Alert.objects.count() == 1
    stranger = a_therapist("Nora Bell")
    for foreign in (line.assignment_id, uuid4()):
        with pytest.raises(NotFound):
            open_form(actor=stranger, at=AT, assignment_id=foreign)
    with pytest.raises(NotFound):
        forms_on_device(viewer=stranger, at=AT, episode_id=course.episode)


@pytest.mark.parametrize("item", ["1", "2", "3", "4", "5"])
def test_any_yes_on_the_asq_is_an_alert(course: Course, item: str) -> None:
    client = client_account(course)
    ask(course, "asq", Rhythm.ONCE)
    form = open_form(actor=client, at=AT, assignment_id=Assignment.objects.get().id)
    assert answer_item(actor=client, at=AT, administration_id=form, item=item, value=1).alert_id is not None
    assert Alert.objects.get().severity == ("act_now" if item == "5" else "act_today")


def test_a_question_that_was_not_asked_is_not_left_open(course: Course) -> None:
    client = client_account(course)
    ask(course, "asq", Rhythm.ONCE)
    form = open_form(actor=client, at=AT, assignment_id=Assignment.objects.get().id)
    answered(client, form, 0, 0, 0, 0)
    submit_form(actor=client, at=AT, administration_id=form)
    assert not ItemToAsk.objects.exists()


def test_refusing_a_question_of_the_asq_tells_a_person_and_asks_nothing_more(course: Course) -> None:
    client = client_account(course)
    ask(course, "asq", Rhythm.ONCE)
    form = open_form(actor=client, at=AT, assignment_id=Assignment.objects.get().id)
    answered(client, form, 0, 0, None, 0)
    assert Alert.objects.get().rule == "asq_question3_refused"
    facts = form_facts(viewer=client, at=AT, administration_id=form)
    assert facts.first_open is None  # the fifth question is not asked as if this had been a yes
    submit_form(actor=client, at=AT, administration_id=form)
    assert sorted(ItemToAsk.objects.values_list("item", flat=True)) == ["3", "5"]
    assert Alert.objects.count() == 1
    balance = safety_balance(viewer=SYSTEM, at=AT)
    assert (balance.positive, balance.without_alert) == (1, 0)
    evidence = alert(viewer=course.therapist, at=AT, alert_id=Alert.objects.get().id).evidence
    said = answer_in_words(viewer=course.therapist, at=AT, evidence=evidence)
    assert said is not None
    assert "would not answer" in said.answer


def test_handing_the_asq_in_with_a_question_passed_by_is_refusing_it(course: Course) -> None:
    client = client_account(course)
    ask(course, "asq", Rhythm.ONCE)
    form = open_form(actor=client, at=AT, assignment_id=Assignment.objects.get().id)
    answered(client, form, 0, 0, 0)
    assert not Alert.objects.exists()
    submit_form(actor=client, at=AT, administration_id=form)
    assert Alert.objects.get().rule == "asq_question4_refused"


def test_a_form_asked_once_and_answered_can_be_asked_again(course: Course) -> None:
    client = client_account(course)
    ask(course, "phq9", Rhythm.ONCE)
    first = Assignment.objects.get()
    form = open_form(actor=client, at=AT, assignment_id=first.id)
    ask(course, "phq9", Rhythm.ONCE)
    assert Assignment.objects.get().id == first.id  # not answered yet: still the same
    submit_form(actor=client, at=AT, administration_id=form)
    assert [line.state for line in own_forms(viewer=client, at=AT)] == [FormState.DONE]
    again = ask(course, "phq9", Rhythm.ONCE)
    assert again != first.id
    assert [line.state for line in own_forms(viewer=client, at=AT)] == [FormState.TO_DO]
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (AT, course.therapist.account)
    assert AuditEvent.objects.filter(action="unassign", object_id=first.id).count() == 1


def test_once_more_of_what_was_asked_each_session_is_asked_once_more(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 9)
    ask(course, "phq9", Rhythm.ONCE)
    assert [line.state for line in own_forms(viewer=client, at=AT)] == [FormState.TO_DO]


def test_the_first_forms_leave_what_is_asked_already_as_it_is(course: Course) -> None:
    client = client_account(course)
    phq9 = ask(course, "phq9", Rhythm.EACH_SESSION)
    ids = assign_pack(actor=course.therapist, at=AT, episode_id=course.episode)
    assert (len(ids), ids[1]) == (3, phq9)
    assert Assignment.objects.get(id=ids[1]).rhythm == "each_session"
    form = open_form(actor=client, at=AT, assignment_id=ids[2])
    submit_form(actor=client, at=AT, administration_id=form)
    assert assign_pack(actor=course.therapist, at=AT, episode_id=course.episode) == ids
    assert Assignment.objects.count() == 3


def test_the_cap_at_the_beginning_counts_every_course_and_every_form_that_is_due(course: Course) -> None:
    second = Episode.objects.create(client_id=course.client, opened_at=AT)
    there = Course(course.client, second.id, course.therapist)
    ask(course, "pcl5", Rhythm.ONCE)
    ask(course, "phq9", Rhythm.EACH_SESSION)
    ask(there, "phq15", Rhythm.MONTHLY)
    ask(there, "phq9", Rhythm.ONCE)
    with pytest.raises(TooMuchAsked) as refused:
        ask(there, "gad7", Rhythm.ONCE)
    assert (refused.value.asked, refused.value.most) == (62, 60)
    with pytest.raises(TooMuchAsked):
        assign_pack(actor=course.therapist, at=AT, episode_id=there.episode)
    Episode.objects.filter(id=course.episode).update(closed_at=AT)
    ask(there, "gad7", Rhythm.ONCE)


def test_core10_item_6_is_an_alert_once_the_pack_is_here(course: Course) -> None:
    install_pack(actor=a_manager(), at=AT, pack="core10")
    a_score(course, client_account(course), 2, 2, 2, 2, 2, 1, instrument_id="core10")
    assert Alert.objects.count() == 1


def test_problems_in_own_words_are_rated_again(course: Course) -> None:
    first = (
        Problem(ProblemDomain.TRAUMA, "The night on the bridge", 9),
        Problem(ProblemDomain.RELATIONSHIP, "Rows", 5),
    )
    set_problems(actor=course.therapist, at=AT, episode_id=course.episode, problems=first)
    again = (Problem(ProblemDomain.TRAUMA, "The night on the bridge", 6), first[1])
    set_problems(actor=course.therapist, at=AT + WEEK, episode_id=course.episode, problems=again)
    series = problem_series(viewer=course.therapist, at=AT + WEEK, episode_id=course.episode)
    points = {one.problem.words: [value for _, value in one.points] for one in series}
    assert points == {"The night on the bridge": [9, 6], "Rows": [5, 5]}
    with pytest.raises(NotFound):
        problem_series(viewer=a_therapist("Nora Bell"), at=AT, episode_id=course.episode)


def test_a_child_has_a_score_and_no_band(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 9)

    def band_for(born: date) -> Band | None:
        details = ClientDetails(name="Jonas Weber", date_of_birth=born)
        Client.objects.filter(id=course.client).update(**sealed_details(course.client, details))
        (series,) = scores(viewer=course.therapist, at=AT, episode_id=course.episode)
        assert series.points[0].value == 9.0
        return series.points[0].band

    assert band_for(date(AT.year - 18, AT.month, AT.day + 1)) is None
    grown = band_for(date(AT.year - 18, AT.month, AT.day))
    assert grown is not None
    assert grown.code == "mild"
