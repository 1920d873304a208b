"""Who saw what in a window: counted by person and client, for the manager alone, and as CSV on the console."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.config.cli import audit as command
from rapport.practice.security.accounts.queries.who_saw import who_saw
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden
from rapport.practice.security.policy.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
START, END = AT + timedelta(hours=1), AT + timedelta(hours=2)
WINDOW = {"start": f"{START:%Y-%m-%dT%H:%M}", "end": f"{END:%Y-%m-%dT%H:%M}"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def office(course: Course) -> Browser:
    return signed_in(a_manager())


def look(actor: Actor, course: Course, minutes: int, kind: str = "measure", *, hidden: bool = False) -> None:
    private_to = actor.account if hidden else None
    at = START + timedelta(minutes=minutes)
    trail.reading(actor=actor, kind=kind, at=at, client=course.client, private_to=private_to)


def said(office: Browser, **query: str) -> str:
    answer = office.get("/office/audit/seen/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(course: Course) -> None:
    for minutes in (-1, 0, 59, 60):
        look(course.therapist, course, minutes)
    [line] = who_saw(viewer=SYSTEM, at=END, start=START, end=END)
    assert (line.who, line.client, line.object_type, line.times) == ("Mara Okonjo", course.client, "measure", 2)
    assert (line.first, line.last) == (START, START + timedelta(minutes=59))


def test_what_only_its_author_may_know_of_is_not_counted(course: Course) -> None:
    look(course.therapist, course, 1, "process_note", hidden=True)
    assert who_saw(viewer=SYSTEM, at=END, start=START, end=END) == ()


def test_the_report_is_an_entry_of_the_trail(course: Course) -> None:
    who_saw(viewer=SYSTEM, at=END, start=START, end=END, client=course.client)
    row = AuditEvent.objects.get(object_type="audit")
    assert (row.client, row.purpose) == (course.client, "security")


def test_nobody_but_the_manager_is_told(course: Course) -> None:
    for other in (course.therapist, client_account(course)):
        with pytest.raises(Forbidden):
            who_saw(viewer=other, at=END, start=START, end=END)
        assert signed_in(other).get("/office/audit/seen/", WINDOW).status_code == 403


def test_the_page_offers_the_last_day_and_asks_nothing_yet(office: Browser) -> None:
    page = said(office)
    assert "First and last" not in page
    assert not AuditEvent.objects.filter(object_type="audit").exists()


def test_the_page_names_person_client_and_kind(office: Browser, course: Course) -> None:
    look(course.therapist, course, 1)
    look(course.therapist, course, 2)
    look(course.therapist, course, 3, "progress_note")
    trail.write_denial(
        actor=course.therapist, at=START, action="read", object_type="episode", object_id=None, reason="not in care"
    )
    page = " ".join(said(office, **WINDOW).split())
    assert "4 entries. Clients: 1." in page
    assert "Jonas Weber" in page
    assert "read measure × 2, read progress note" in page
    assert "1 refused" in page


def test_one_client_and_one_person_can_be_asked_for(office: Browser, course: Course) -> None:
    colleague = a_therapist("Ada Kern")
    other = a_course(colleague, name="Nora Voss")
    look(course.therapist, course, 1)
    look(colleague, other, 1)
    about = said(office, **WINDOW, client=str(other.client))
    assert "Only about Nora Voss." in about
    assert "Jonas Weber" not in about
    by = said(office, **WINDOW, account=str(colleague.account))
    assert "Jonas Weber" not in by


@pytest.mark.parametrize(
    "wrong", [{"start": "soon"}, {"start": "0001-01-01T00:00"}, {"client": "me"}, {"account": "x"}, {"end": ""}]
)
def test_what_cannot_be_read_is_said_and_nothing_is_asked(office: Browser, wrong: dict[str, str]) -> None:
    assert office.get("/office/audit/seen/", WINDOW | wrong).status_code == 422
    assert not AuditEvent.objects.filter(object_type="audit").exists()


def test_three_clients_cost_as_many_queries_as_one(office: Browser, course: Course) -> None:
    look(course.therapist, course, 1)
    costs = []
    for more in ((), ("Nora Voss", "Piet Maas")):
        for name in more:
            look(course.therapist, a_course(course.therapist, name=name), 1)
        with CaptureQueriesContext(connection) as asked:
            said(office, **WINDOW)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_command_prints_the_same_as_csv(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(command, "_open", lambda data: None)
    look(course.therapist, course, 5)
    window = ["--from", WINDOW["start"], "--until", WINDOW["end"]]
    done = CliRunner().invoke(command.audit, ["who-saw", "--data", str(tmp_path), *window], catch_exceptions=False)
    [line] = csv.DictReader(done.stdout.splitlines())
    assert (line["who"], line["client"], line["times"]) == ("Mara Okonjo", str(course.client), "1")
