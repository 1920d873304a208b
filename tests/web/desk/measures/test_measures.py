"""The measures of an episode at the desk."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.measures import a_form, a_score, answered
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.measures.models import Administration, Answer, Assignment, ItemToAsk
from rapport.practice.safety.models import Alert

PAPER = {str(item): "1" for item in range(1, 9)} | {"9": "2", "mode": "paper"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def test_every_item_is_visible_with_band_population_and_card(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 8, 0, at=clock.now())
    page = signed_in(course.therapist).get(reverse("desk:measures", args=[course.episode])).content.decode()
    assert "Trouble falling or staying asleep" in page
    assert "“mild” among adults in primary care (Kroenke, Spitzer &amp; Williams 2001)" in page
    assert "sum of 9 answers" in page
    assert "It is no diagnosis" in page
    assert "not answered" in page  # the unscored last question


def test_an_abandoned_form_shows_what_was_answered(course: Course) -> None:
    client = client_account(course)
    answered(client, a_form(course, client, at=clock.now()), 3, None, at=clock.now())
    page = signed_in(course.therapist).get(reverse("desk:measures", args=[course.episode])).content.decode()
    assert "not handed in; what was answered is kept" in page
    assert "Nearly every day" in page
    assert "prefers to tell in person" in page


def test_forms_are_assigned_and_ended(course: Course) -> None:
    desk = signed_in(course.therapist)
    args = [course.episode]
    assert desk.post(reverse("desk:assign_pack", args=args)).status_code == 303
    assert Assignment.objects.count() == 3
    wrong = desk.post(reverse("desk:assign", args=args), {"instrument": "hrsd", "rhythm": "once"})
    assert wrong.status_code == 422
    right = desk.post(reverse("desk:assign", args=args), {"instrument": "gad7", "rhythm": "each_session"})
    assert right.status_code == 303
    assert Assignment.objects.get(instrument="gad7").rhythm == "each_session"
    row = Assignment.objects.get(instrument="phq9")
    assert desk.post(reverse("desk:end_assignment", args=[course.episode, row.id])).status_code == 303
    assert desk.post(reverse("desk:end_assignment", args=[course.episode, row.id])).status_code == 404


def test_a_paper_is_typed_in(course: Course) -> None:
    desk = signed_in(course.therapist)
    address = reverse("desk:paper", args=[course.episode, "phq9"])
    assert desk.get(address).status_code == 200
    last_week = (clock.now() - timedelta(days=7)).date().isoformat()
    assert desk.post(address, {**PAPER, "answered_on": last_week}).status_code == 303
    assert Alert.objects.get().said_on is not None
    assert Administration.objects.get().mode == "paper"
    assert desk.get(reverse("desk:paper", args=[course.episode, "hrsd"])).status_code == 404
    assert desk.get(reverse("desk:paper", args=[course.episode, "bdi"])).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "item"),
    [
        ({"9": "4"}, 400, "Question 9"),
        ({"9": "1.5"}, 400, "Question 9"),
        ({"9": ""}, 400, "Question 9"),
        ({"9": ["1", "2"]}, 400, "Question 9"),
        ({"10": "1"}, 400, "Question 10"),
        ({"answered_on": "2999-01-01"}, 422, "future"),
        ({"answered_on": ""}, 422, ""),
    ],
)
def test_a_bad_paper_keeps_nothing_but_what_was_typed(
    course: Course, change: dict[str, object], status: int, item: str
) -> None:
    desk = signed_in(course.therapist)
    data = {**PAPER, "answered_on": "2026-01-05", **change}
    page = desk.post(reverse("desk:paper", args=[course.episode, "phq9"]), data)
    assert page.status_code == status
    assert item in page.content.decode()
    assert not Answer.objects.exists()
    assert not Alert.objects.exists()


def test_an_open_question_is_marked_as_asked(course: Course) -> None:
    a_score(course, client_account(course), *[0] * 8, None, at=clock.now())
    desk = signed_in(course.therapist)
    question = ItemToAsk.objects.get()
    assert "I asked in person" in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()
    assert desk.post(reverse("desk:asked", args=[course.episode, question.id])).status_code == 303
    assert "I asked in person" not in desk.get(reverse("desk:measures", args=[course.episode])).content.decode()


def test_strangers_and_managers_find_nothing(course: Course) -> None:
    for person in (a_therapist("Nora Bell"), a_manager()):
        browser = signed_in(person)
        for foreign in (course.episode, uuid4()):
            for name, more in (("measures", ()), ("paper", ("phq9",))):
                assert browser.get(reverse(f"desk:{name}", args=[foreign, *more])).status_code in (403, 404)
            assert browser.post(reverse("desk:assign_pack", args=[foreign])).status_code in (403, 404)
    assert not Assignment.objects.exists()


def test_the_page_costs_the_same_whatever_was_answered(course: Course) -> None:
    client = client_account(course)
    counts = []
    for week in range(3):
        a_score(course, client, *[1] * 9, at=clock.now() - timedelta(days=7 * (3 - week)))
        desk = signed_in(course.therapist)
        desk.get(reverse("desk:measures", args=[course.episode]))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("desk:measures", args=[course.episode]))
        counts.append(len(queries))
    assert counts[2] <= counts[0]
