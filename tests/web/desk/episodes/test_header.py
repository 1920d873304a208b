"""One head for every page of a course: the same tabs, and the one a person is on is marked."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.episodes import referred
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_note, an_hour

from rapport.practice.episodes.actions import grant_care
from rapport.practice.process_notes.actions import begin_process_note, read_notice
from rapport.practice.sessions.actions import sign_note

TABS = [
    *("Course", "Sessions", "Together", "Between", "Measures and goals", "Safety plan", "Beginning", "Ending"),
]
# Each page, the tab it belongs to and what is marked within that tab.
PAGES = {
    "course": ("Course", "The course so far"),
    "timeline": ("Course", "Time line"),
    "sessions": ("Sessions", "Hours"),
    "wish": ("Sessions", "Hours"),
    "process_notes": ("Sessions", "Process notes"),
    "frame": ("Sessions", "Frame"),
    "contact_record": ("Sessions", "Contact between hours"),
    "people": ("Sessions", "People in their life"),
    "together": ("Together", "Alliance"),
    "speaking": ("Together", "Speaking"),
    "between": ("Between", "Tasks"),
    "messages": ("Between", "Messages"),
    "letters": ("Between", "Letters"),
    "measures": ("Measures and goals", "Measures"),
    "goals": ("Measures and goals", "Goals"),
    "plan": ("Safety plan", ""),
    "edit_plan": ("Safety plan", ""),
    "assessment": ("Beginning", "Assessment"),
    "problems": ("Beginning", "Assessment"),
    "decision": ("Beginning", "Assessment"),
    "contract": ("Beginning", "Agreement"),
    "contract_new": ("Beginning", "Agreement"),
    "ending": ("Ending", ""),
    "letter": ("Ending", ""),
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


def within_of(page: str) -> list[str]:
    """What is marked within the tab, if the tab has several pages."""
    found = re.findall(r'<nav class="tabs inner".*?</nav>', page, re.DOTALL)
    return [unescape(w) for nav in found for w in re.findall(r'<a [^>]*aria-current="page"[^>]*>(.*?)</a>', nav)]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_course_has_the_same_tabs(course: Course, name: str) -> None:
    page = signed_in(course.therapist).get(reverse(f"desk:{name}", args=[course.episode])).content.decode()
    tab, within = PAGES[name]
    assert tabs_of(page) == (TABS, [tab])
    assert within_of(page) == ([within] if within else [])
    assert page.count("<h1") == 1


def test_a_colleague_who_covers_sees_no_frame(course: Course) -> None:
    colleague = a_therapist("Tess Both")
    grant_care(
        actor=a_manager(), at=AT + timedelta(minutes=1), episode_id=course.episode, therapist_id=colleague.account
    )
    where = reverse("desk:sessions", args=[course.episode])
    assert "Frame</a>" in signed_in(course.therapist).get(where).content.decode()
    assert "Frame</a>" not in signed_in(colleague).get(where).content.decode()


def test_the_referral_a_course_began_with_is_one_click_away(course: Course) -> None:
    desk = signed_in(course.therapist)
    brought = desk.get(reverse("desk:referral_of_course", args=[course.episode]))
    assert brought.headers["Location"] == reverse("desk:assessment", args=[course.episode])
    asked = referred(course.therapist)
    found = desk.get(reverse("desk:referral_of_course", args=[asked.episode]))
    assert found.headers["Location"] == reverse("desk:referral", args=[asked.referral])
    page = desk.get(found.headers["Location"]).content.decode()
    assert (tabs_of(page)[1], within_of(page)) == (["Beginning"], ["Referral"])


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
    assert current("process_note", own) == ["Sessions"]


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
