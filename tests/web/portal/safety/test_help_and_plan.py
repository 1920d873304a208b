"""Help now, and the client's own plan."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.safety.actions import write_safety_plan
from rapport.practice.safety.choices import PLAN_COOKIE, PlanEntry, SafetyPlanStep
from rapport.practice.safety.models import Alert, PlanVersion
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.actor import Actor

WORDS = {"based_on": "0", "warning_signs": "I stop answering\nI do not eat", "people_i_can_ask": "Ida 020 7946 0123"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def portal(client: Actor) -> Browser:
    return signed_in(client)


def test_the_button_tells_a_person_and_says_by_when_they_read_it(portal: Browser) -> None:
    assert "I want to talk about safety" in portal.get(reverse("portal:help")).content.decode()
    page = portal.post(reverse("portal:talk")).content.decode()
    assert "Mara Okonjo" in page
    assert "tel:999" in page
    assert Alert.objects.get().rule == "talk_about_safety"


def test_no_pins_the_page_until_the_client_says_yes(portal: Browser) -> None:
    page = portal.post(reverse("portal:help"), {"answer": "no"}).content.decode()
    assert "This page stays here until you say that you are safe" in page
    assert portal.get(reverse("portal:home")).status_code == 302
    portal.post(reverse("portal:help"), {"answer": "yes"})
    assert portal.get(reverse("portal:home")).status_code == 200
    assert portal.post(reverse("portal:help"), {"answer": "perhaps"}).status_code == 422


def test_nothing_more_is_promised_than_is_kept(portal: Browser) -> None:
    page = portal.get(reverse("portal:help")).content.decode()
    assert "nobody of the practice is on call at night" in page
    assert not re.search(r"low risk|you are safe now|no risk", page, re.IGNORECASE)


def test_the_plan_is_written_read_and_rehearsed(portal: Browser) -> None:
    assert portal.get(reverse("portal:edit_plan")).status_code == 200
    kept = portal.post(reverse("portal:edit_plan"), WORDS)
    assert (kept.status_code, kept["Location"]) == (303, reverse("portal:plan"))
    page = portal.get(reverse("portal:plan")).content.decode()
    assert "I do not eat" in page
    assert 'href="tel:02079460123"' in page
    assert portal.post(reverse("portal:rehearsed")).status_code == 303
    assert "You last went through it" in portal.get(reverse("portal:plan")).content.decode()


def test_too_much_is_refused_with_the_words_kept(portal: Browser) -> None:
    page = portal.post(reverse("portal:edit_plan"), {**WORDS, "warning_signs": "\n".join("abcdefghijklmn")})
    assert page.status_code == 422
    assert "Ida 020 7946 0123" in page.content.decode()
    assert not PlanVersion.objects.exists()


def test_a_change_meanwhile_shows_both_and_overwrites_nothing(course: Course, portal: Browser) -> None:
    steps = {SafetyPlanStep.WARNING_SIGNS: (PlanEntry("Written by Mara"),)}
    write_safety_plan(actor=course.therapist, at=clock.now(), client_id=course.client, steps=steps, based_on=0)
    page = portal.post(reverse("portal:edit_plan"), WORDS)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Written by Mara" in text
    assert "I do not eat" in text
    assert 'name="based_on" value="1"' in text
    assert portal.post(reverse("portal:edit_plan"), {**WORDS, "based_on": "1"}).status_code == 303


def test_a_link_opens_the_plan_for_a_signed_out_browser(portal: Browser) -> None:
    portal.post(reverse("portal:edit_plan"), WORDS)
    shown = portal.post(reverse("portal:plan_link")).content.decode()
    found = re.search(r"http://testserver(/plan/[\w-]+/)", shown)
    assert found is not None
    page = Browser().get(found[1])
    assert "I do not eat" in page.content.decode()
    assert "tel:999" in page.content.decode()
    assert "Jonas" not in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert AuditEvent.objects.filter(action="read", object_type="safety_plan", actor=None).count() == 1
    portal.post(reverse("portal:end_plan_links"))
    assert Browser().get(found[1]).status_code == 404


def test_a_device_remembers_the_plan_only_if_asked(portal: Browser) -> None:
    portal.post(reverse("portal:edit_plan"), WORDS)
    assert PLAN_COOKIE not in portal.cookies
    assert portal.get(reverse("entrance:plan_here")).status_code == 404
    portal.post(reverse("portal:plan_device"))
    cookie = portal.cookies[PLAN_COOKIE]
    assert (cookie["httponly"], int(cookie["max-age"]) > 30_000_000) == (True, True)
    signed_out = Browser()
    signed_out.cookies[PLAN_COOKIE] = cookie.value
    assert "I do not eat" in signed_out.get(reverse("entrance:plan_here")).content.decode()


def test_only_the_client_has_these_pages(course: Course) -> None:
    for person in (course.therapist, a_manager()):
        browser = signed_in(person)
        for name in ("help", "plan", "edit_plan"):
            assert browser.get(reverse(f"portal:{name}")).status_code in (403, 404)


def test_the_public_page_needs_nothing() -> None:
    a_practice()
    page = Browser().get(reverse("entrance:help_now"))
    assert page.status_code == 200
    assert "tel:999" in page.content.decode()
    assert "tel:116123" in page.content.decode()


def test_what_was_just_said_is_answered_above_the_numbers(portal: Browser) -> None:
    page = portal.post(reverse("portal:help"), {"answer": "not_sure"}).content.decode()
    assert page.index("Please call one of these numbers now") < page.index("tel:999")


def test_the_plan_ends_with_the_numbers_to_call(portal: Browser) -> None:
    """They are printed with it."""
    portal.post(reverse("portal:edit_plan"), WORDS)
    page = portal.get(reverse("portal:plan")).content.decode()
    assert page.index("I do not eat") < page.index("tel:999")
