"""A client reads who looked at their record: people and days, never what a therapist keeps for themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.house.sources import ROOT

from rapport.practice.security.accounts.queries import own_trail as own
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import SYSTEM, Actor
from rapport.web.portal.audit.words import SUBJECTS

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PAGE = "/portal/me/looked/"


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def portal(course: Course) -> Browser:
    return signed_in(client_account(course))


def look(actor: Actor, kind: str, course: Course, days: int = 0, private_to: UUID | None = None) -> None:
    at = AT + timedelta(days=days)
    trail.reading(actor=actor, kind=kind, at=at, client=course.client, private_to=private_to)


def said(portal: Browser, query: str = "") -> str:
    answer = portal.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_person_stands_under_their_day_with_what_they_opened_and_changed(portal: Browser, course: Course) -> None:
    look(course.therapist, "progress_note", course)
    look(course.therapist, "measure", course)
    trail.record(
        actor=course.therapist, action="edit", object_type="goal", object_id=uuid4(), at=AT, client=course.client
    )
    look(a_manager(), "client", course, days=1)
    page = said(portal)
    assert page.index("Ruth Lind") < page.index("Mara Okonjo")
    assert "Opened: your answers, notes about your sessions" in page
    assert "Worked on: how your therapy began and where it goes" in page
    assert "who you are and how to reach you" in page
    assert "practice manager" in page
    assert re.search(r'aria-current="page"[^>]*>Other people', page)


def test_own_and_the_computers_entries_are_shown_when_asked_for(portal: Browser, course: Course) -> None:
    trail.record(
        actor=SYSTEM, action="remind", object_type="appointment", object_id=uuid4(), at=AT, client=course.client
    )
    assert "The computer" not in said(portal)
    everything = said(portal, "?all=1")
    assert "The computer" in everything
    assert "<strong>You</strong>" in everything  # that the list itself was read is an entry too


def test_what_a_therapist_keeps_for_themselves_and_alerts_are_not_told(portal: Browser, course: Course) -> None:
    look(course.therapist, "process_note", course, private_to=course.therapist.account)
    assert "something else about you" not in said(portal)
    look(course.therapist, "alert", course)
    page = said(portal)
    assert "alert" not in page.partition("<main")[2].partition("</main")[0]
    assert "Opened: your answers" in page


def test_another_clients_record_is_never_on_it(portal: Browser, course: Course) -> None:
    other = a_course(course.therapist, name="Somebody Else")
    look(a_therapist("Ada Kern"), "measure", other)
    assert "Ada Kern" not in said(portal)


@pytest.mark.parametrize("who", [a_therapist, a_manager])
def test_nobody_else_has_such_a_page(who: Callable[[], Actor]) -> None:
    a_practice()
    assert signed_in(who()).get(PAGE).status_code in {403, 404}


def test_reading_the_list_is_an_entry_itself(portal: Browser, course: Course) -> None:
    said(portal)
    row = AuditEvent.objects.get(object_type="client_audit")
    assert (row.client, row.action) == (course.client, "read")


def test_a_long_list_goes_on_where_it_ended_and_loses_nothing(
    portal: Browser, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three entries of one moment do not fit on the first page: they come together on the next."""
    monkeypatch.setattr(own, "AT_ONCE", 3)
    for kind in ("task", "goal", "consent"):
        look(course.therapist, kind, course)
    for kind in ("letter", "measure"):
        look(course.therapist, kind, course, days=1)
    first = said(portal)
    assert "your messages, letters and files" in first
    assert "your tasks" not in first
    older = first.partition("?before=")[2].partition('"')[0]
    rest = said(portal, f"?before={older}")
    assert all(words in rest for words in ("your tasks", "where it goes", "what you agreed to"))
    assert "letters and files" not in rest


def test_a_page_shows_ten_days_and_the_next_goes_on_with_the_eleventh(portal: Browser, course: Course) -> None:
    kinds = {0: "task", 1: "letter", **dict.fromkeys(range(2, 11), "measure")}
    for days, kind in kinds.items():
        look(course.therapist, kind, course, days=days)
    first = said(portal)
    assert first.count("<h2") - said(portal, "?before=2020-01-01T00:00").count("<h2") == 10
    assert "letters and files" in first
    assert "your tasks" not in first
    older = first.partition("?before=")[2].partition('"')[0]
    rest = said(portal, f"?before={older}")
    assert "your tasks" in rest
    assert "letters and files" not in rest
    assert "?before=" not in rest


@pytest.mark.parametrize("query", ["?before=yesterday", "?before=0001-01-01T00:00:00", "?before=&all=maybe"])
def test_what_cannot_be_read_is_not_asked(portal: Browser, query: str) -> None:
    said(portal, query)


def test_three_people_cost_as_many_queries_as_one(portal: Browser, course: Course) -> None:
    costs = []
    for names in (["Ada Kern"], ["Ben Holt", "Cleo Marsh"]):
        for name in names:
            look(a_therapist(name), "measure", course)
        with CaptureQueriesContext(connection) as asked:
            said(portal)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_every_kind_of_thing_in_a_record_has_its_words() -> None:
    """A new resource that belongs to a client fails here until the client's own word for it is found."""
    matrix = tomllib.loads((ROOT / "src/rapport/practice/security/policy/matrix.toml").read_text())
    of_a_client = {
        resource
        for resource, actions in matrix.items()
        if any(condition != "always" for roles in actions.values() for condition in roles.values())
    }
    never_listed = {"process_note", "rupture", "remembered", "frame", "typing"}  # always private to their author
    practice_wide = {"opener", "snippet", "time_block"}
    assert of_a_client - never_listed - practice_wide <= set(SUBJECTS)
