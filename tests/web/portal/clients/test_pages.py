"""What a client sees and decides about themselves."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.clients import reachable
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.clients.actions import give_consent
from rapport.practice.clients.choices import Channel, ConsentMethod, ConsentState, Purpose
from rapport.practice.clients.queries import consent_texts, consents, contact
from rapport.practice.foundation import clock

LATER = AT.replace(year=2099)


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


@pytest.fixture
def portal(course: Course) -> Browser:
    return signed_in(client_account(course))


def at(name: str, *args: object) -> str:
    return reverse(f"portal:{name}", args=args)


def state(course: Course, purpose: Purpose) -> ConsentState:
    rows = consents(viewer=course.therapist, at=LATER, client_id=course.client)
    return {row.purpose: row.state for row in rows}[purpose]


def test_a_client_sees_what_is_written_about_them(portal: Browser) -> None:
    page = portal.get(at("me")).content.decode()
    assert "Jonas Weber" in page
    assert "jonas@mail.example" in page


def test_a_client_changes_how_they_may_be_reached(course: Course, portal: Browser) -> None:
    assert portal.get(at("contact")).status_code == 200
    days = [str(day) for day in range(7)]
    wrong = portal.post(
        at("contact"), {"channels": ["email"], "days": days, "hours_from": "9:00", "hours_until": "8:00"}
    )
    assert wrong.status_code == 422
    assert portal.post(at("contact"), {"channels": ["pigeon"], "days": days}).status_code == 422
    right = portal.post(at("contact"), {"channels": ["sms"], "days": days, "shared_device": "on"})
    assert (right.status_code, right["Location"]) == (303, at("me"))
    safe = contact(viewer=course.therapist, at=AT, client_id=course.client).safe
    assert safe.contact.channels == {Channel.SMS}
    assert safe.contact.shared_device
    assert safe.version == 2


def test_every_purpose_has_its_card_and_says_what_a_no_means(portal: Browser) -> None:
    page = portal.get(at("consents")).content.decode()
    for texts in consent_texts().values():
        assert texts[-1].asks in page
        assert texts[-1].if_no in page


def test_yes_no_and_taking_back_are_one_click_each(course: Course, portal: Browser) -> None:
    address = at("consent", "measures")
    assert portal.post(address, {"answer": "yes", "version": "1"}).status_code == 303
    assert state(course, Purpose.MEASURES) is ConsentState.GIVEN
    assert "You said yes" in portal.get(at("consents")).content.decode()
    assert portal.post(address, {"answer": "withdraw"}).status_code == 303
    assert state(course, Purpose.MEASURES) is ConsentState.WITHDRAWN
    assert "already taken this back" in portal.post(address, {"answer": "withdraw"}, follow=True).content.decode()
    portal.post(address, {"answer": "no", "version": "1"})
    assert state(course, Purpose.MEASURES) is ConsentState.REFUSED
    portal.post(at("consent", "share_with"), {"answer": "yes", "version": "1", "scope": "Dr Osei, my sleep"})
    assert "Dr Osei, my sleep" in portal.get(at("consents")).content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"answer": "yes"}, {"answer": "yes", "version": "9"}, {"answer": "maybe", "version": "1"}]
)
def test_an_unclear_answer_keeps_nothing(course: Course, portal: Browser, said: dict[str, str]) -> None:
    page = portal.post(at("consent", "research"), said, follow=True).content.decode()
    assert "That did not work" in page
    assert state(course, Purpose.RESEARCH) is ConsentState.NOT_ASKED


def test_an_unknown_purpose_is_not_found(portal: Browser) -> None:
    assert portal.post(at("consent", "marketing"), {"answer": "yes", "version": "1"}).status_code == 404


def test_a_get_changes_nothing(course: Course, portal: Browser) -> None:
    assert portal.get(at("consent", "research"), {"answer": "yes", "version": "1"}).status_code == 405
    assert state(course, Purpose.RESEARCH) is ConsentState.NOT_ASKED


def test_staff_have_no_portal(course: Course) -> None:
    desk = signed_in(course.therapist)
    assert [desk.get(at(name)).status_code for name in ("me", "contact", "consents")] == [403, 403, 403]
    assert desk.post(at("consent", "research"), {"answer": "yes", "version": "1"}).status_code == 403


def test_consents_cost_the_same_after_one_word_and_after_three(course: Course, portal: Browser) -> None:
    def say(purpose: Purpose) -> None:
        give_consent(
            actor=course.therapist,
            at=AT,
            client_id=course.client,
            purpose=purpose,
            text_version=1,
            method=ConsentMethod.SPOKEN,
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            portal.get(at("consents"))
        return len(captured)

    say(Purpose.MEASURES)
    queries()
    one = queries()
    say(Purpose.RESEARCH)
    say(Purpose.TREATMENT)
    assert queries() == one


def test_a_client_says_where_they_live_and_their_pages_follow_their_clock(course: Course, portal: Browser) -> None:
    start = clock.now() + timedelta(days=1)
    an_hour(course, start)
    assert "time.</p>" not in portal.get(reverse("portal:sessions")).content.decode()
    assert portal.post(at("my_zone"), {"zone": "Moon/Base"}).status_code == 422
    assert portal.post(at("my_zone"), {"zone": "Asia/Kolkata"}).status_code == 303
    local = start.astimezone(ZoneInfo("Asia/Kolkata"))
    for name in ("portal:sessions", "portal:home"):
        page = portal.get(reverse(name)).content.decode()
        assert f"{local:%H:%M}" in page
        assert "This is Kolkata time." in page
    assert "Kolkata time" in portal.get(at("me")).content.decode()
    assert 'value="Asia/Kolkata" selected' in portal.get(at("my_zone")).content.decode()
