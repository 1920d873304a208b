"""One task at a time in the portal: one tap, a reason without shame, and the right to stop."""

from __future__ import annotations

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
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.clinical.exercises.tasks import TaskState, WhyNot
from rapport.practice.exercises.actions import review_task
from rapport.practice.exercises.models import TaskStep
from rapport.practice.exercises.queries import tasks_of
from rapport.practice.foundation import clock
from rapport.practice.security.policy.actor import Actor


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def mine(client: Actor) -> Browser:
    return signed_in(client)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def now_agreed(course: Course, **given: Any) -> Any:
    return a_task(course, at=clock.now(), **given)


def test_the_one_task_with_its_plan(course: Course, mine: Browser) -> None:
    now_agreed(course)
    page = body(mine.get(reverse("portal:tasks")))
    for words in (BUS.what, BUS.why, BUS.when, BUS.where, "If this comes: It is full", "Then: I wait for the next one"):
        assert words in page
    assert "You cannot fail" in page
    for shaming in ("streak", "complian", "homework", "overdue", "failed"):
        assert shaming not in page.lower()


def test_part_of_it_then_why_then_thanks(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    tapped = mine.post(reverse("portal:task_say", args=[task]), {"state": "partly"})
    assert (tapped.status_code, tapped["Location"]) == (303, reverse("portal:task_learned", args=[task]))
    page = body(mine.get(tapped["Location"]))
    assert "That is fine. It tells us something about the task." in page
    assert "It was too hard" in page
    said = mine.post(tapped["Location"], {"why_not": "too_hard", "learned": "One stop was fine"})
    assert (said.status_code, said["Location"]) == (303, reverse("portal:tasks"))
    (found,) = tasks_of(viewer=course.therapist, at=clock.now(), episode_id=course.episode)
    assert (found.state, found.why_not, found.learned) == (TaskState.PARTLY, WhyNot.TOO_HARD, "One stop was fine")
    assert "Nothing to try right now" in body(mine.get(reverse("portal:tasks")))
    assert "One stop was fine" in body(mine.get(reverse("portal:task", args=[task])))


def test_nothing_more_need_be_said(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    mine.post(reverse("portal:task_say", args=[task]), {"state": "done"})
    page = body(mine.get(reverse("portal:task_learned", args=[task])))
    assert "Say nothing more" in page
    assert "What was it?" not in page
    assert mine.post(reverse("portal:task_learned", args=[task]), {}).status_code == 303


def test_begun_and_stopped(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    begun = mine.post(reverse("portal:task_say", args=[task]), {"state": "started"})
    assert begun["Location"] == reverse("portal:tasks")
    assert "You have begun" in body(mine.get(reverse("portal:tasks")))
    assert mine.get(reverse("portal:task_learned", args=[task]))["Location"] == reverse("portal:task", args=[task])
    mine.post(reverse("portal:task_say", args=[task]), {"state": "stopped"})
    assert BUS.what in body(mine.get(reverse("portal:tasks")))  # among the earlier ones
    assert "I put it down" in body(mine.get(reverse("portal:tasks")))


@pytest.mark.parametrize("said", [{}, {"state": "agreed"}, {"state": "failed"}])
def test_a_wrong_answer_changes_nothing(course: Course, mine: Browser, said: dict[str, str]) -> None:
    task = now_agreed(course)
    answer = mine.post(reverse("portal:task_say", args=[task]), said)
    assert answer.status_code == 422
    assert "Tap one of the answers" in body(answer)
    assert TaskStep.objects.count() == 1


def test_too_many_words_are_not_lost(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    mine.post(reverse("portal:task_say", args=[task]), {"state": "done"})
    answer = mine.post(reverse("portal:task_learned", args=[task]), {"learned": "Bus " * 1100})
    assert answer.status_code == 422
    assert "Bus Bus Bus" in body(answer)


def test_what_was_looked_at_together_stays(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    mine.post(reverse("portal:task_say", args=[task]), {"state": "done"})
    review_task(actor=course.therapist, at=clock.now(), task_id=task, learned="Early is quieter", share=1.0)
    assert "Early is quieter" in body(mine.get(reverse("portal:task", args=[task])))
    late = mine.post(reverse("portal:task_say", args=[task]), {"state": "not_done"})
    assert late.status_code == 422
    assert "looked at this together already" in body(late)
    assert mine.get(reverse("portal:task_learned", args=[task])).status_code == 302


def test_nobody_else_sees_it(course: Course, mine: Browser) -> None:
    task = now_agreed(course)
    other = signed_in(client_account(a_course(course.therapist, "Zoe Hart"), "Zoe Hart"))
    for name in ("task", "task_learned"):
        foreign = other.get(reverse(f"portal:{name}", args=[task]))
        unknown = other.get(reverse(f"portal:{name}", args=[uuid4()]))
        assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert other.post(reverse("portal:task_say", args=[task]), {"state": "done"}).status_code == 404
    assert BUS.what not in body(other.get(reverse("portal:tasks")))
    assert signed_in(course.therapist).get(reverse("portal:task", args=[task])).status_code == 403
    assert signed_in(a_manager()).get(reverse("portal:tasks")).status_code == 403
    assert TaskStep.objects.count() == 1


def test_one_task_costs_as_much_as_three(course: Course, mine: Browser) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            mine.get(reverse("portal:tasks"))
        return len(asked)

    now_agreed(course)
    mine.get(reverse("portal:tasks"))
    one = statements()
    for days in (8, 9):
        now_agreed(course, due_on=(clock.now() + timedelta(days=days)).date())
    assert statements() == one
