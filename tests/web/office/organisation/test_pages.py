"""The manager's pages about the practice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.foundation import clock
from rapport.practice.organisation.actions import note_safekeeping
from rapport.practice.organisation.choices import Kept, PracticeFacts, SafeKind
from rapport.practice.organisation.queries import practice
from rapport.practice.post.actions import queue
from rapport.practice.security.policy.actor import NOBODY, SYSTEM

PRACTICE = {
    "name": "Lindenhof Psychotherapy",
    "alias": "Lindenhof",
    "phone": "+44 20 7946 0958",
    "zone": "Europe/London",
    "working_days": ["0", "1"],
    "day_starts": "08:30",
    "day_ends": "17:00",
    "holidays": "25/12/2026\n2026-12-26\n",
    "on_call": "",
}
PAGES = ("front", "practice", "crisis_contacts", "country", "rooms")


@pytest.fixture
def office() -> Browser:
    a_practice()
    return signed_in(a_manager())


def at(name: str, *args: object) -> str:
    return reverse(f"office:{name}", args=args)


def facts() -> PracticeFacts:
    return practice(viewer=NOBODY, at=AT)


def filled(page: Any, form: str) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    bound = page.context[form]
    forms = [bound.management_form, *bound.forms] if hasattr(bound, "management_form") else [bound]
    fields = [field for each in forms for field in each]
    values = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


@pytest.mark.parametrize("name", PAGES)
def test_the_office_is_the_managers(office: Browser, name: str) -> None:
    assert office.get(at(name)).status_code == 200
    therapist = a_therapist()
    assert signed_in(therapist).get(at(name)).status_code == 403
    assert signed_in(client_account(a_course(therapist))).get(at(name)).status_code == 403


def test_the_front_page_counts_and_tells_nothing(office: Browser) -> None:
    a_course(a_therapist(), "Jonas Weber")
    page = office.get(at("front")).content.decode()
    assert "Lindenhof Psychotherapy" in page
    assert "Jonas" not in page
    assert "not getting out" not in page


def test_a_message_that_waits_too_long_is_said_in_red(office: Browser) -> None:
    therapist = a_therapist()
    late = clock.now() - timedelta(minutes=3)
    queue(actor=SYSTEM, at=late, kind="item_waits", client_id=None, account_id=therapist.id, params={}, dedupe="1")
    assert "not getting out" in office.get(at("front")).content.decode()


def test_the_last_backup_and_the_last_drill_are_on_the_front_page(office: Browser) -> None:
    assert "No good backup of the last two days" in office.get(at("front")).content.decode()
    now = clock.now()
    for kind in SafeKind:
        note_safekeeping(actor=SYSTEM, at=now, kept=Kept(kind, now, True, "/backups/rapport-1", 2.5, 800))
    page = office.get(at("front")).content.decode()
    assert page.count("/backups/rapport-1") == 2
    assert "No good backup" not in page
    later = now + timedelta(seconds=1)
    failed = Kept(SafeKind.DRILL, later, False, "/backups/rapport-2", 1.0, problem="A signed note does not open.")
    note_safekeeping(actor=SYSTEM, at=later, kept=failed)
    page = office.get(at("front")).content.decode()
    assert "The last drill brought nothing back" in page
    assert "A signed note does not open. /backups/rapport-2" in page
    assert "/backups/rapport-1" in page


def test_the_practice_is_edited_or_shown_again(office: Browser) -> None:
    wrong = office.post(at("practice"), {**PRACTICE, "alias": "Therapy House", "name": "New name"})
    assert wrong.status_code == 422
    assert "Choose a neutral name" in wrong.content.decode()
    assert "New name" in wrong.content.decode()
    for change in ({"zone": "Mars/Olympus"}, {"holidays": "30/2/2026"}, {"day_ends": "08:00"}, {"working_days": []}):
        assert office.post(at("practice"), {**PRACTICE, **change}).status_code == 422
    therapist = a_therapist()
    right = office.post(at("practice"), {**PRACTICE, "on_call": str(therapist.id)})
    assert right.status_code == 303
    assert facts().working.holidays == {date(2026, 12, 25), date(2026, 12, 26)}
    assert facts().on_call == therapist.id
    assert "2026-12-25" in office.get(at("practice")).content.decode()


def test_crisis_contacts_are_changed_removed_and_never_all_gone(office: Browser) -> None:
    sent = filled(office.get(at("crisis_contacts")), "contacts")
    assert office.post(at("crisis_contacts"), {**sent, "contact-0-number": "call us"}).status_code == 422
    assert office.post(at("crisis_contacts"), {**sent, "contact-1-name": ""}).status_code == 422
    gone = {f"contact-{n}-DELETE": "on" for n in range(3)}
    assert office.post(at("crisis_contacts"), {**sent, **gone}).status_code == 422
    new = {"contact-3-name": "Shout", "contact-3-number": "85258", "contact-3-hours": "day and night"}
    assert office.post(at("crisis_contacts"), {**sent, **new, "contact-2-DELETE": "on"}).status_code == 303
    assert [contact.number for contact in facts().crisis] == ["999", "116 123", "85258"]


def test_the_countrys_values_are_corrected_and_ticked(office: Browser) -> None:
    page = office.get(at("country"))
    assert "not checked yet" in page.content.decode()
    sent = filled(page, "form")
    assert office.post(at("country"), {**sent, "retention_years": "0"}).status_code == 422
    assert office.post(at("country"), {**sent, "age_years": "40"}).status_code == 422
    kept = office.post(at("country"), {**sent, "retention_years": "8", "retention_verified": "on"})
    assert kept.status_code == 303
    assert (facts().retention.years, facts().retention.verified) == (8, True)


def test_another_country_needs_a_tick(office: Browser) -> None:
    assert office.post(at("country_change"), {"jurisdiction": "us"}).status_code == 422
    assert facts().jurisdiction == "uk"
    assert office.post(at("country_change"), {"jurisdiction": "us", "sure": "on"}).status_code == 303
    assert facts().crisis[1].number == "988"
    assert office.get(at("country_change")).status_code == 405


def test_rooms_are_added_and_given_up(office: Browser) -> None:
    assert office.post(at("rooms"), {"name": ""}).status_code == 422
    assert office.post(at("rooms"), {"name": "Blue room"}).status_code == 303
    assert office.post(at("rooms"), {"name": "blue room"}).status_code == 422
    room = office.get(at("rooms")).context["rooms"][0]
    assert office.post(at("room_close", room.id)).status_code == 303
    assert office.post(at("room_close", room.id)).status_code == 404
    assert "given up on" in office.get(at("rooms")).content.decode()
