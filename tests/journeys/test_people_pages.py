"""In a real browser: pages about clients, consents, the practice and its post, in both themes and three widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from tests.factories.clients import BY_EMAIL, reachable
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.clients.actions import give_consent, set_safe_contact
from rapport.practice.clients.choices import ConsentMethod, Purpose
from rapport.practice.foundation import clock
from rapport.practice.organisation.actions import add_room
from rapport.practice.post.actions import queue
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.accounts.actions import open_sign_in
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.journey
WIDTHS = [360, 1440]
PICTURES = os.environ.get("RAPPORT_TEST_PICTURES")
OFFICE = ["", "practice/", "practice/crisis-contacts/", "practice/country/", "rooms/", "outbox/", "clients/"]


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce", locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def course(live_server: LiveServer) -> Course:
    a_practice()
    therapist, at = a_therapist(), clock.now() - timedelta(days=3)
    contact = replace(BY_EMAIL, hours_from=time(18), hours_until=time(20), shared_device=True)
    course = reachable(a_course(therapist, "Jonas Weber"), contact)
    a_course(therapist, "Zoë Ash"), a_course(therapist, "Nguyễn Thị Hương")
    for purpose in (Purpose.MEASURES, Purpose.SUPERVISION):
        give_consent(
            actor=therapist, at=at, client_id=course.client, purpose=purpose, text_version=1,
            method=ConsentMethod.SPOKEN,
        )  # fmt: skip
    return course


def enter(page: Page, server: LiveServer, actor: Actor) -> None:
    token = open_sign_in(actor=actor, at=clock.now(), account_id=actor.account, second_factor="totp")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": token, "url": server.url}])


def look(page: Page, server: LiveServer, addresses: list[str]) -> None:
    """Then nothing sticks out, axe finds nothing, and no request leaves the house."""
    from axe_playwright_python.sync_playwright import Axe

    strangers: list[str] = []
    page.on("request", lambda asked: None if asked.url.startswith(server.url) else strangers.append(asked.url))
    for address in addresses:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(server.url + address)
            assert answer is not None
            assert answer.status == 200
            if PICTURES:
                dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
                path = address.partition("?")[0].strip("/")
                name = f"{path.replace('/', '_')}-{width}-{'dark' if dark else 'light'}.png"
                page.screenshot(path=Path(PICTURES) / name, full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page)
            assert found.violations_count == 0, f"{address}: {found.generate_report()}"
    assert not strangers


def test_a_therapist_looks_after_how_clients_are_reached(themed: Page, live_server: LiveServer, course: Course) -> None:
    set_safe_contact(
        actor=course.therapist,
        at=clock.now(),
        client_id=course.client,
        contact=replace(BY_EMAIL, never_if="my brother answers"),
    )
    enter(themed, live_server, course.therapist)
    own = f"/desk/clients/{course.client}/"
    look(themed, live_server, ["/desk/clients/", own, f"{own}edit/", f"{own}safe-contact/", f"{own}consents/"])


def test_a_client_decides_about_themselves(themed: Page, live_server: LiveServer, course: Course) -> None:
    enter(themed, live_server, client_account(course))
    look(themed, live_server, ["/portal/me/", "/portal/me/contact/", "/portal/me/consents/"])


def test_a_manager_runs_the_practice(themed: Page, live_server: LiveServer, course: Course) -> None:
    manager, at = a_manager(), clock.now() - timedelta(minutes=30)
    add_room(actor=manager, at=at, name="Blue room")
    for number, kind in enumerate(["item_waits", "urgent_item"]):
        queue(actor=SYSTEM, at=at, kind=kind, client_id=None, account_id=manager.id, params={}, dedupe=str(number))
    queue(
        actor=SYSTEM, at=at, kind="invitation", client_id=course.client, account_id=None,
        params={"link": "https://lindenhof.example/welcome/kZk1"}, dedupe="invitation",
    )  # fmt: skip
    deliver_due(actor=SYSTEM, at=at)
    queue(actor=SYSTEM, at=at, kind="item_waits", client_id=None, account_id=manager.id, params={}, dedupe="late")
    enter(themed, live_server, manager)
    look(themed, live_server, [f"/office/{address}" for address in OFFICE])


def test_who_looked_is_read_by_the_client_and_by_the_office(
    themed: Page, live_server: LiveServer, course: Course
) -> None:
    now = clock.now()
    for minutes, kind in enumerate(["progress_note", "measure", "client", "appointment", "safety_plan"]):
        at = now - timedelta(hours=30 if minutes < 3 else 2, minutes=minutes)
        trail.reading(actor=course.therapist, kind=kind, at=at, client=course.client)
    trail.reading(actor=a_manager(), kind="client", at=now - timedelta(hours=1), client=course.client)
    enter(themed, live_server, client_account(course))
    look(themed, live_server, ["/portal/me/looked/?all=1"])
    enter(themed, live_server, a_manager("Ada Kern"))
    window = f"start={now - timedelta(days=3):%Y-%m-%dT%H:%M}&end={now + timedelta(days=1):%Y-%m-%dT%H:%M}"
    look(themed, live_server, ["/office/audit/", f"/office/audit/seen/?{window}&client={course.client}"])
