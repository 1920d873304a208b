"""The page behind the link: calm, neutral, without a name, whoever opens it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from tests.factories.clients import reachable
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist, signed_in
from tests.factories.sessions import MINUTE

from rapport.clinical.sessions.attendance import Attendance
from rapport.practice.clients.actions import set_zone
from rapport.practice.foundation import clock
from rapport.practice.organisation.rules import telling_word
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions import actions, queries

DEAD = "This link was used already, or its time is over."


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


def booked(course: Course, start: datetime) -> tuple[UUID, str]:
    session = actions.book_session(
        actor=course.therapist, at=clock.now(), episode_id=course.episode, start=start, end=start + 50 * MINUTE
    )
    deliver_due(actor=SYSTEM, at=clock.now())
    return session, "/a/" + str(mail.outbox[-1].body).partition("/a/")[2].partition("/")[0] + "/"


def next_week() -> datetime:
    return (clock.now() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)


def says_nothing(course: Course, page: str) -> bool:
    """Neither whose appointment it is nor what for."""
    told = ("Jonas", "Weber", "Mara", "Okonjo", "Rapport", str(course.client), str(course.episode), "Psychotherapy")
    main = page.partition("<body")[2]
    return not [word for word in told if word in main] and telling_word(main.partition("<main")[2]) == ""


def test_the_client_confirms_without_signing_in_and_without_a_script(course: Course) -> None:
    session, path = booked(course, next_week())
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(path)
    words = page.content.decode()
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "I am coming" in words
    assert says_nothing(course, words)
    token = browser.cookies["csrf"].value if "csrf" in browser.cookies else next(iter(browser.cookies.values())).value
    answer = browser.post(path, {"answer": "comes", "csrfmiddlewaretoken": token})
    assert answer.status_code == 200
    assert "We know that you are coming." in answer.content.decode()
    assert says_nothing(course, answer.content.decode())
    assert queries.confirmed_hours(viewer=course.therapist, at=clock.now(), session_ids=[session]) == {session}
    desk = signed_in(course.therapist)
    assert "client confirmed" in desk.get(f"/desk/sessions/{session}/").content.decode()
    again = browser.get(path)
    assert (again.status_code, DEAD in again.content.decode()) == (410, True)


def test_the_client_cancels_and_the_therapist_sees_it_on_the_day_page(course: Course) -> None:
    session, path = booked(course, next_week())
    answer = Browser().post(path, {"answer": "cancels"})
    assert "It is cancelled" in answer.content.decode()
    assert says_nothing(course, answer.content.decode())
    found = queries.session(viewer=course.therapist, at=clock.now(), session_id=session)
    assert found.attendance == Attendance.CANCELLED_IN_NOTICE
    day = signed_in(course.therapist).get("/desk/").content.decode()
    assert "Jonas Weber cancelled" in day
    assert "By the link in their message" in day


def test_looking_changes_nothing_and_a_wrong_button_neither(course: Course) -> None:
    session, path = booked(course, next_week())
    before = queries.steps(viewer=course.therapist, at=clock.now(), session_id=session)
    for _ in range(3):
        assert Browser().get(path).status_code == 200
    assert Browser().post(path, {"answer": "maybe"}).status_code == 422
    assert Browser().post(path).status_code == 422
    assert queries.steps(viewer=course.therapist, at=clock.now(), session_id=session) == before


def test_wrong_used_moved_and_expired_links_look_the_same(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    start = next_week()
    _, used = booked(course, start)
    moved_session, moved = booked(course, start + timedelta(days=1))
    _, expired = booked(course, start + timedelta(hours=2))
    Browser().post(used, {"answer": "comes"})
    elsewhere = start + timedelta(days=2)
    actions.move_session(
        actor=course.therapist,
        at=clock.now(),
        session_id=moved_session,
        start=elsewhere,
        end=elsewhere + 50 * MINUTE,
    )
    pages = {Browser().get(path).content for path in (used, moved, "/a/" + "A" * 43 + "/", "/a/x/")}
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=3))
    pages.add(Browser().get(expired).content)
    assert len(pages) == 1
    assert DEAD in pages.pop().decode()


def test_times_are_the_client_s_and_named(course: Course) -> None:
    set_zone(actor=course.therapist, at=clock.now(), client_id=course.client, zone="Asia/Kolkata")
    _, path = booked(course, next_week())
    words = Browser().get(path).content.decode()
    assert "15:30" in words
    assert "This is Kolkata time." in words


def test_guessing_is_slowed_and_a_right_link_is_not(course: Course, caplog: Any) -> None:
    _, path = booked(course, next_week())
    for _ in range(40):
        assert Browser().get(path).status_code == 200
    answers = [Browser().get(f"/a/{'B' * 42}{number % 10}/").status_code for number in range(31)]
    assert answers[0] == 410
    assert answers[-1] == 429


def test_signed_in_or_not_it_is_the_same_page(course: Course) -> None:
    _, path = booked(course, next_week())
    staff = signed_in(a_therapist("Ida Other")).get(path).content.decode()
    assert says_nothing(course, staff)
    assert timezone.get_current_timezone_name()
