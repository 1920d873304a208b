"""What lies between two sessions, as the therapist sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.exercises import BUS, a_task
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour, an_hour

from rapport.clinical.exercises.tasks import TaskState
from rapport.practice.episodes.actions import add_goal, rate_goal
from rapport.practice.episodes.queries import episode
from rapport.practice.exercises.actions import say_task
from rapport.practice.exercises.models import Task
from rapport.practice.exercises.queries import tasks_of
from rapport.practice.foundation import clock
from rapport.practice.security.policy.actor import Actor
from rapport.web.desk.exercises.prep import prep_lines

DAY = timedelta(days=1)
SMALL = {"what": "Take the bus for two stops", "due_on": "2026-03-09", "confidence": "8"}


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(clock, "now", lambda: AT)
    a_practice()
    return a_course(a_therapist(), at=AT - 70 * DAY)


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def desk(course: Course) -> Browser:
    return signed_in(course.therapist)


def where(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_a_task_is_agreed_with_all_that_belongs_to_it(course: Course, desk: Browser) -> None:
    hour = a_held_hour(course, AT - DAY)
    an_hour(course, AT + 7 * DAY)
    address = f"{where('task_new', course.episode)}?session={hour}"
    assert 'value="2026-03-09"' in body(desk.get(address))
    more = {"why": "To see my sister", "obstacle_1": "It is full", "then_1": "I wait for the next one"}
    answer = desk.post(address, {**SMALL, **more})
    assert answer.status_code == 303
    (found,) = tasks_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert (found.session_id, found.words.confidence, found.words.why) == (hour, 8, "To see my sister")
    assert [(each.what, each.then) for each in found.words.obstacles] == [("It is full", "I wait for the next one")]
    page = body(desk.get(where("between", course.episode)))
    assert "Take the bus for two stops" in page
    assert "how sure: 8 of 10" in page


def test_a_step_somebody_is_not_sure_of_is_asked_about_once(course: Course, desk: Browser) -> None:
    address = where("task_new", course.episode)
    unsure = {**SMALL, "confidence": "4", "why": "To see my sister"}
    asked = desk.post(address, unsure)
    assert asked.status_code == 422
    assert "Could it be smaller?" in body(asked)
    assert "To see my sister" in body(asked)
    assert not Task.objects.exists()
    assert desk.post(address, {**unsure, "asked": "yes"}).status_code == 303
    assert Task.objects.count() == 1


WRONG = [
    {**SMALL, "what": ""},
    {**SMALL, "due_on": "2026-03-01"},
    {**SMALL, "due_on": "soon"},
    {**SMALL, "confidence": "11"},
    {**SMALL, "then_1": "I wait"},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_form_loses_nothing(course: Course, desk: Browser, wrong: dict[str, str]) -> None:
    answer = desk.post(where("task_new", course.episode), {**wrong, "why": "To see my sister"})
    assert answer.status_code == 422
    assert "To see my sister" in body(answer)
    assert not Task.objects.exists()


def test_an_hour_of_somebody_else_is_no_hour(course: Course, desk: Browser) -> None:
    other = an_hour(a_course(course.therapist, "Zoe Hart"), AT + DAY)
    for hour in (other, uuid4()):
        assert desk.post(f"{where('task_new', course.episode)}?session={hour}", SMALL).status_code == 404
    assert not Task.objects.exists()


def test_it_is_looked_at_together(course: Course, client: Actor, desk: Browser) -> None:
    task = a_task(course, at=AT - 7 * DAY, due_on=AT.date())
    say_task(actor=client, at=AT, task_id=task, state=TaskState.CHANGED, learned="I walked instead")
    page = body(desk.get(where("task", task)))
    assert "I walked instead" in page
    wrong = desk.post(where("task_review", task), {"learned": "Kept", "share": "0.3"})
    assert wrong.status_code == 422
    assert "Kept" in body(wrong)
    done = desk.post(where("task_review", task), {"learned": "Walking counts", "share": "0.75"})
    assert (done.status_code, done["Location"]) == (303, where("between", course.episode))
    page = body(desk.get(where("between", course.episode)))
    assert "Walking counts" in page
    assert "75 %" in page
    assert "For your eyes only" in page
    assert desk.post(where("task_review", task), {}).status_code == 422


def test_what_was_said_in_the_room_is_entered(course: Course, desk: Browser) -> None:
    task = a_task(course)
    assert desk.post(where("task_said", task), {"state": "agreed"}).status_code == 422
    said = {"state": "not_done", "why_not": "did_not_fit", "learned": "Too public"}
    assert desk.post(where("task_said", task), said).status_code == 303
    page = body(desk.get(where("between", course.episode)))
    assert "not done" in page
    assert "did not fit" in page


def test_a_goal_says_how_far_it_came_and_whose_threshold_that_is(course: Course, desk: Browser) -> None:
    goal = add_goal(
        actor=course.therapist, at=AT - 60 * DAY, episode_id=course.episode, words_of_client="Cycle", value=2
    )
    rate_goal(actor=course.therapist, at=AT - 40 * DAY, goal_id=goal, value=5)
    page = body(desk.get(where("between", course.episode)))
    assert "From 2 to 5 of 10: 3 points nearer." in page
    assert "proposed as reliable, for young people" in page
    assert "more than four weeks ago: worth asking again" in page
    rate_goal(actor=course.therapist, at=AT - DAY, goal_id=goal, value=1)
    page = body(desk.get(where("between", course.episode)))
    assert "From 2 to 1 of 10: one point farther away." in page
    assert "worth asking again" not in page


def test_no_word_of_obedience_stands_anywhere(course: Course, client: Actor, desk: Browser) -> None:
    task = a_task(course, at=AT - 7 * DAY, due_on=AT.date())
    say_task(actor=client, at=AT, task_id=task, state=TaskState.NOT_DONE)
    for page in (where("between", course.episode), where("task", task), where("task_new", course.episode)):
        said = re.sub(r"<[^>]*>", " ", body(desk.get(page)).lower())
        assert not [word for word in ("complian", "homework", "adheren", "streak", "overdue", "failed") if word in said]


class _Request:
    def __init__(self, actor: Actor) -> None:
        self.actor, self.at = actor, AT


def test_the_prep_card_keeps_what_was_not_looked_at(course: Course, client: Actor, desk: Browser) -> None:
    request: Any = _Request(course.therapist)
    facts = episode(viewer=course.therapist, at=AT, episode_id=course.episode)
    first = a_task(course, at=AT - 3 * DAY)
    with CaptureQueriesContext(connection) as for_one:
        assert len(prep_lines(request, facts)) == 1
    a_task(course, at=AT - 2 * DAY)
    a_task(course, at=AT - DAY)
    with CaptureQueriesContext(connection) as for_three:
        assert len(prep_lines(request, facts)) == 2
    assert len(for_one) == len(for_three)
    say_task(actor=client, at=AT, task_id=first, state=TaskState.DONE, learned="It was easy")
    for task in tasks_of(viewer=course.therapist, at=AT, episode_id=course.episode)[:2]:
        desk.post(where("task_review", task.id), {})
    (line,) = prep_lines(request, facts)
    assert line.words == f"Agreed to try: {BUS.what}. The client says: done."
    assert line.said == "It was easy"


def test_strangers_clients_and_managers_see_nothing(course: Course, client: Actor) -> None:
    task = a_task(course)
    stranger = signed_in(a_therapist("Ben Stone"))
    for name, id in (("between", course.episode), ("task_new", course.episode), ("task", task)):
        foreign, unknown = stranger.get(where(name, id)), stranger.get(where(name, uuid4()))
        assert (foreign.status_code, foreign.content) == (404, unknown.content)
        assert signed_in(client).get(where(name, id)).status_code == 403
        assert signed_in(a_manager()).get(where(name, id)).status_code == 403


def test_one_task_costs_as_much_as_three(course: Course, desk: Browser) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(where("between", course.episode))
        return len(asked)

    a_task(course)
    desk.get(where("between", course.episode))
    one = statements()
    a_task(course, at=AT + DAY)
    a_task(course, at=AT + 2 * DAY)
    assert statements() == one
