"""One head for every page of a course: the same tabs, and the one a person is on is marked."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import a_note, an_hour

from rapport.practice.process_notes.actions import begin_process_note, read_notice
from rapport.practice.sessions.actions import sign_note

TABS = ["Course", "Assessment", "Sessions", "Notes", "Measures", "Goals", "Safety plan", "Agreement", "Ending"]
PAGES = {
    "course": "Course",
    "assessment": "Assessment",
    "problems": "Assessment",
    "decision": "Assessment",
    "sessions": "Sessions",
    "process_notes": "Notes",
    "measures": "Measures",
    "goals": "Goals",
    "plan": "Safety plan",
    "edit_plan": "Safety plan",
    "contract": "Agreement",
    "contract_new": "Agreement",
    "ending": "Ending",
    "letter": "Ending",
}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def tabs_of(page: str) -> tuple[list[str], list[str]]:
    """The words of every tab of a page, and of the marked ones."""
    heads = re.findall(r'<nav class="tabs" aria-label="This course".*?</nav>', page, re.DOTALL)
    assert len(heads) == 1
    tabs = re.findall(r"<a ([^>]*)>(.*?)</a>", heads[0], re.DOTALL)
    return [unescape(words) for _at, words in tabs], [words for at, words in tabs if 'aria-current="page"' in at]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_course_has_the_same_tabs(course: Course, name: str) -> None:
    page = signed_in(course.therapist).get(reverse(f"desk:{name}", args=[course.episode])).content.decode()
    assert tabs_of(page) == (TABS, [PAGES[name]])
    assert page.count("<h1") == 1


def test_a_session_and_its_notes_stand_under_their_tabs(course: Course) -> None:
    desk, hour = signed_in(course.therapist), an_hour(course)
    note = a_note(course, hour, "He slept.")
    read_notice(actor=course.therapist, at=AT)
    own = begin_process_note(actor=course.therapist, at=AT, session_id=hour)

    def current(name: str, at: object) -> list[str]:
        return tabs_of(desk.get(reverse(f"desk:{name}", args=[at])).content.decode())[1]

    assert current("session", hour) == current("note", note) == ["Sessions"]
    sign_note(actor=course.therapist, at=AT, note_id=note, version=2)
    assert current("note", note) == ["Sessions"]
    assert current("process_note", own) == ["Notes"]


def test_an_alert_leads_to_the_pages_of_its_course(course: Course) -> None:
    alert = an_alert(course, client_account(course))
    page = signed_in(course.therapist).get(reverse("desk:alert", args=[alert])).content.decode()
    assert tabs_of(page) == (TABS, [])


def test_the_head_reads_nothing_a_page_has_read(course: Course) -> None:
    """The statement that finds the course runs once, whether one hour or three stand below the head."""
    desk, costs = signed_in(course.therapist), []
    for _more in range(3):
        an_hour(course, start=AT + (1 + len(costs)) * timedelta(days=1))
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("desk:sessions", args=[course.episode]))
        costs.append(len(asked))
        finds = [
            query for query in asked if '"episodes_episode"."closed_at"' in query["sql"] and "began" in query["sql"]
        ]
        assert len(finds) == 1
    assert costs[0] == costs[2]
