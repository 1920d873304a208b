"""Tasks: agreed, said, reviewed; sealed; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.factories.exercises import BUS, a_task
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.exercises.tasks import TaskState, WhyNot
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import EpisodeOver, EpisodeRefused
from rapport.practice.exercises import actions, queries
from rapport.practice.exercises.choices import Obstacle, SaidBy
from rapport.practice.exercises.models import Task, TaskReview, TaskStep
from rapport.practice.exercises.rules import TaskRefused, TaskReviewed
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor

DAY = timedelta(days=1)


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def test_a_task_is_agreed_in_an_hour(course: Course) -> None:
    hour = a_held_hour(course)
    task = a_task(course, session=hour)
    (found,) = queries.tasks_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert (found.id, found.session_id, found.state) == (task, hour, TaskState.AGREED)
    assert found.words == BUS
    assert [each.state for each in found.said] == [TaskState.AGREED]
    assert b"bus" not in bytes(Task.objects.get().words_sealed)
    assert AuditEvent.objects.filter(object_type="task", action="agree", client=course.client).count() == 1
    assert AuditEvent.objects.filter(object_type="task", action="read", client=course.client).count() == 1


def test_pressed_twice_it_is_one_task(course: Course) -> None:
    said: dict[str, Any] = {"actor": course.therapist, "at": AT, "episode_id": course.episode, "key": uuid4()}
    for _ in range(2):
        actions.agree_task(**said, task=BUS, due_on=AT.date())
    assert len(queries.tasks_of(viewer=course.therapist, at=AT, episode_id=course.episode)) == 1


def test_what_the_client_says_is_kept_word_by_word(course: Course, client: Actor) -> None:
    task = a_task(course)
    say: dict[str, Any] = {"actor": client, "task_id": task}
    actions.say_task(at=AT + DAY, state=TaskState.STARTED, **say)
    for _press in range(2):
        actions.say_task(at=AT + 2 * DAY, state=TaskState.PARTLY, **say)
    actions.say_task(
        at=AT + 2 * DAY, state=TaskState.PARTLY, learned="One stop was fine", why_not=WhyNot.TOO_HARD, **say
    )
    found = queries.task(viewer=client, at=AT + 3 * DAY, task_id=task)
    assert [each.state for each in found.said] == ["agreed", "started", "partly", "partly"]
    assert (found.state, found.learned, found.why_not) == (TaskState.PARTLY, "One stop was fine", WhyNot.TOO_HARD)
    assert [each.by for each in found.said] == [SaidBy.THERAPIST, *[SaidBy.CLIENT] * 3]
    assert b"fine" not in bytes(TaskStep.objects.get(seq=4).words_sealed or b"")
    assert b"hard" not in bytes(TaskStep.objects.get(seq=4).words_sealed or b"")
    assert AuditEvent.objects.filter(object_type="task", action="answer", client=course.client).count() == 3


def test_a_reason_belongs_to_what_was_not_all_done(course: Course, client: Actor) -> None:
    task = a_task(course)
    actions.say_task(actor=client, at=AT, task_id=task, state=TaskState.DONE, why_not=WhyNot.FORGOT)
    assert queries.task(viewer=client, at=AT, task_id=task).why_not is None


def test_a_review_closes_a_task(course: Course, client: Actor) -> None:
    task = a_task(course)
    actions.say_task(actor=client, at=AT, task_id=task, state=TaskState.CHANGED)
    hour = an_hour(course, AT + 7 * DAY)
    for _press in range(2):
        actions.review_task(
            actor=course.therapist, at=AT + 7 * DAY, task_id=task, learned="Walking did it", share=0.75, session_id=hour
        )
    found = queries.task(viewer=course.therapist, at=AT + 7 * DAY, task_id=task)
    assert found.review is not None
    assert (found.review.learned, found.review.share, found.can_change) == ("Walking did it", 0.75, False)
    assert b"Walking" not in bytes(TaskReview.objects.get().words_sealed)
    assert AuditEvent.objects.filter(object_type="task", action="review", client=course.client).count() == 1
    with pytest.raises(TaskReviewed):
        actions.say_task(actor=client, at=AT + 8 * DAY, task_id=task, state=TaskState.DONE)
    with pytest.raises(TaskReviewed):
        actions.review_task(actor=course.therapist, at=AT + 8 * DAY, task_id=task)
    card = queries.practised_card(viewer=course.therapist, at=AT + 8 * DAY, tasks=[found])
    assert card.value == 0.75


def test_the_client_sees_one_task_the_one_due_first(course: Course, client: Actor) -> None:
    later = a_task(course, due_on=(AT + 9 * DAY).date())
    sooner = a_task(course, at=AT + DAY, due_on=(AT + 3 * DAY).date())
    mine = queries.own_tasks(viewer=client, at=AT + DAY)
    assert {each.id for each in mine} == {later, sooner}
    first = queries.the_one(viewer=client, at=AT, tasks=mine)
    assert first is not None
    assert first.id == sooner
    actions.say_task(actor=client, at=AT + DAY, task_id=sooner, state=TaskState.STOPPED)
    rest = queries.the_one(viewer=client, at=AT + DAY, tasks=queries.own_tasks(viewer=client, at=AT + DAY))
    assert rest is not None
    assert rest.id == later


WRONG = [
    replace(BUS, what=" "),
    replace(BUS, what="x" * 301),
    replace(BUS, confidence=11),
    replace(BUS, obstacles=(Obstacle("x"),) * 6),
    replace(BUS, obstacles=(Obstacle("", "I do something"),)),
]


@pytest.mark.parametrize("words", WRONG)
def test_a_task_that_cannot_be_is_refused(course: Course, words: Any) -> None:
    with pytest.raises(EpisodeRefused):
        a_task(course, words)
    assert not Task.objects.exists()


@pytest.mark.parametrize("days", [-1, 400])
def test_a_task_is_due_from_today_on(course: Course, days: int) -> None:
    with pytest.raises(TaskRefused):
        a_task(course, due_on=(AT + days * DAY).date())


def test_nobody_goes_back_to_having_only_agreed(course: Course, client: Actor) -> None:
    task = a_task(course)
    with pytest.raises(TaskRefused):
        actions.say_task(actor=client, at=AT, task_id=task, state=TaskState.AGREED)
    with pytest.raises(TaskRefused):
        actions.review_task(actor=course.therapist, at=AT, task_id=task, share=0.33)


def test_a_course_that_is_over_stays_as_it_is(course: Course, client: Actor) -> None:
    task = a_task(course)
    Episode.objects.filter(id=course.episode).update(closed_at=AT)
    with pytest.raises(EpisodeOver):
        a_task(course)
    with pytest.raises(EpisodeOver):
        actions.say_task(actor=client, at=AT, task_id=task, state=TaskState.DONE)
    assert queries.own_tasks(viewer=client, at=AT) == ()


def test_an_hour_of_somebody_else_is_no_hour(course: Course) -> None:
    other = an_hour(a_course(course.therapist, "Zoe Hart"), AT + DAY)
    for hour in (other, uuid4()):
        with pytest.raises(NotFound):
            a_task(course, session=hour)


def test_strangers_reach_no_task(course: Course, client: Actor) -> None:
    task = a_task(course)
    other = client_account(a_course(a_therapist("Ben Stone"), "Zoe Hart"), "Zoe Hart")
    asked: list[Callable[..., Any]] = [
        lambda actor, id: queries.task(viewer=actor, at=AT, task_id=id),
        lambda actor, id: actions.say_task(actor=actor, at=AT, task_id=id, state=TaskState.DONE),
        lambda actor, id: actions.review_task(actor=actor, at=AT, task_id=id),
    ]
    for attempt in asked:
        for id in (task, uuid4()):
            with pytest.raises(NotFound):
                attempt(a_therapist("Ida Stranger"), id)
            with pytest.raises(Forbidden):
                attempt(a_manager(), id)
    for attempt in asked[:2]:
        with pytest.raises(NotFound):
            attempt(other, task)
    with pytest.raises(Forbidden):
        asked[2](client, task)
    with pytest.raises(NotFound):
        queries.tasks_of(viewer=other, at=AT, episode_id=course.episode)
    with pytest.raises(Forbidden):
        queries.practised_card(viewer=client, at=AT, tasks=[queries.task(viewer=client, at=AT, task_id=task)])
    with pytest.raises(Forbidden):
        actions.agree_task(actor=client, at=AT, episode_id=course.episode, task=BUS, due_on=AT.date())
    assert AuditEvent.objects.filter(decision="deny").exists()
    assert TaskStep.objects.count() == 1
