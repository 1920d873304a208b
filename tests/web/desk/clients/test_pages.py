"""The therapist's pages about clients: happy, wrong, strange, and how often they ask the database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.clients import reachable
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.clients.choices import Channel, ConsentState, Purpose
from rapport.practice.clients.queries import consents, contact
from rapport.practice.security.audit.models import AuditEvent

SAFE = {"channels": ["email", "phone"], "days": ["0", "2"], "hours_from": "18:00", "hours_until": "20:00"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


@pytest.fixture
def desk(course: Course) -> Browser:
    return signed_in(course.therapist)


def at(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


def test_the_directory_finds_by_name(course: Course, desk: Browser) -> None:
    a_course(course.therapist, "Zoë Ash")
    a_course(a_therapist("Ida Other"), "Bea Birch")
    page = desk.get(at("clients")).content.decode()
    assert "Jonas Weber" in page
    assert "Zoë Ash" in page
    assert "Bea Birch" not in page
    found = desk.get(at("clients"), {"q": "zoe"}).content.decode()
    assert "Zoë Ash" in found
    assert "Jonas Weber" not in found
    assert "Nobody of that name" in desk.get(at("clients"), {"q": "birch"}).content.decode()


def test_the_directory_asks_as_often_for_three_as_for_one(course: Course, desk: Browser) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert desk.get(at("clients")).status_code == 200
        return len(captured)

    queries()
    one = queries()
    a_course(course.therapist, "Zoë Ash"), a_course(course.therapist, "Ada Ash")
    assert queries() == one


def test_a_clients_page_shows_details_and_is_recorded_as_read(course: Course, desk: Browser) -> None:
    page = desk.get(at("client", course.client)).content.decode()
    assert "jonas@mail.example" in page
    assert "Neutral sender" in page
    assert "not asked yet" in page
    read = AuditEvent.objects.filter(action="read", client=course.client).values_list("object_type", flat=True)
    assert sorted(read) == ["client", "consent"]


def test_details_are_kept_or_shown_again_with_their_fault(course: Course, desk: Browser) -> None:
    address = at("client_edit", course.client)
    wrong = desk.post(address, {"name": "Jonas O’Weber", "date_of_birth": "29/2/2023", "email": "nowhere"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "There is no 29 February 2023." in page
    assert "Jonas O’Weber" in page
    assert "is not an e-mail address" in page
    right = desk.post(address, {"name": "Jonas O’Weber", "date_of_birth": "28/2/1990", "email": "j@mail.example"})
    assert (right.status_code, right["Location"]) == (303, at("client", course.client))
    details = contact(viewer=course.therapist, at=AT, client_id=course.client).details
    assert (details.name, details.email) == ("Jonas O’Weber", "j@mail.example")
    assert "28/2/1990" in desk.get(address).content.decode()


def test_a_namesake_is_pointed_out_and_not_merged(course: Course, desk: Browser) -> None:
    twin = a_course(course.therapist, "jonas weber")
    page = desk.post(at("client_edit", twin.client), {"name": "Jonas Weber"}, follow=True).content.decode()
    assert "same name" in page


def test_safe_contact_is_kept_as_a_new_version_or_shown_again(course: Course, desk: Browser) -> None:
    address = at("safe_contact", course.client)
    wrong = desk.post(address, {**SAFE, "hours_until": "17:00", "never_if": "he is at home"})
    assert wrong.status_code == 422
    assert "must end after they begin" in wrong.content.decode()
    assert "he is at home" in wrong.content.decode()
    assert desk.post(address, {**SAFE, "days": []}).status_code == 422
    assert desk.post(address, SAFE).status_code == 303
    safe = contact(viewer=course.therapist, at=AT, client_id=course.client).safe
    assert safe.version == 2
    assert safe.contact.channels == {Channel.EMAIL, Channel.PHONE}
    assert safe.contact.neutral_sender
    page = desk.get(at("client", course.client)).content.decode()
    assert "between 18:00 and 20:00" in page
    assert "Monday, Wednesday" in page


def test_consents_are_recorded_and_taken_back(course: Course, desk: Browser) -> None:
    def state() -> ConsentState:
        rows = consents(viewer=course.therapist, at=AT.replace(year=2099), client_id=course.client)
        return {row.purpose: row.state for row in rows}[Purpose.SHARE_WITH]

    record = at("client_consent_record", course.client, "share_with")
    incomplete = desk.post(record, {"share_with-answer": "yes", "share_with-version": "1"})
    assert incomplete.status_code == 422
    said = {"share_with-answer": "yes", "share_with-method": "paper", "share_with-version": "1"}
    assert desk.post(record, {**said, "share_with-version": "7"}).status_code == 422
    assert desk.post(record, {**said, "share_with-scope": "Dr Osei"}).status_code == 303
    assert state() is ConsentState.GIVEN
    assert "Dr Osei" in desk.get(at("client_consents", course.client)).content.decode()
    withdraw = at("client_consent_withdraw", course.client, "share_with")
    assert desk.post(withdraw).status_code == 303
    assert state() is ConsentState.WITHDRAWN
    assert desk.post(withdraw).status_code == 303
    assert desk.post(record, {**said, "share_with-answer": "no"}).status_code == 303
    assert state() is ConsentState.REFUSED
    assert "taken back" in desk.get(at("client_consents", course.client)).content.decode()


@pytest.mark.parametrize(
    ("name", "args", "post"),
    [
        ("client", (), False),
        ("client_edit", (), False),
        ("client_edit", (), True),
        ("safe_contact", (), True),
        ("client_consents", (), False),
        ("client_consent_record", ("research",), True),
        ("client_consent_withdraw", ("research",), True),
    ],
)
def test_unknown_and_foreign_clients_look_the_same(
    course: Course, name: str, args: tuple[str, ...], post: bool
) -> None:
    stranger = signed_in(a_therapist("Ida Other"))
    bodies = []
    for client in (course.client, uuid4()):
        address = at(name, client, *args)
        answer = stranger.post(address, {"name": "X", **SAFE}) if post else stranger.get(address)
        assert answer.status_code == 404
        bodies.append(answer.content)
    assert bodies[0] == bodies[1]


def test_an_unknown_purpose_is_not_found(course: Course, desk: Browser) -> None:
    assert desk.post(at("client_consent_record", course.client, "marketing")).status_code == 404


def test_who_else_may_come_in(course: Course) -> None:
    assert signed_in(client_account(course)).get(at("clients")).status_code == 403
    manager = signed_in(a_manager())
    assert "jonas@mail.example" in manager.get(at("client", course.client)).content.decode()
    page = manager.get(at("client_consents", course.client)).content.decode()
    assert "Record what they said" not in page
    refused = manager.post(at("client_consent_record", course.client, "research"))
    assert refused.status_code == 403


def test_a_clients_page_leads_to_their_course(course: Course, desk: Browser) -> None:
    assert at("episode", course.episode) in desk.get(at("client", course.client)).content.decode()
    office = signed_in(a_manager()).get(at("client", course.client))
    assert office.status_code == 200
    assert at("episode", course.episode) not in office.content.decode()
