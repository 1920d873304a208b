"""The outbox as the office sees it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.clients import reachable
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, signed_in

from rapport.practice.post.actions import queue
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM

LINK = "https://lindenhof.example/welcome/kZk1"


@pytest.fixture
def office() -> Browser:
    a_practice()
    return signed_in(a_manager())


def invite(course: Course) -> UUID:
    return queue(
        actor=SYSTEM,
        at=AT,
        kind="invitation",
        client_id=course.client,
        account_id=None,
        params={"link": LINK},
        dedupe=f"invitation {course.client}",
    )


def test_the_office_sees_where_a_message_is_and_not_what_it_says(office: Browser) -> None:
    held = a_course(a_therapist(), "Bea Birch")
    invite(held)
    message = invite(reachable(a_course(a_therapist(), "Jonas Weber")))
    deliver_due(actor=SYSTEM, at=AT)
    page = office.get(reverse("office:outbox")).content.decode()
    assert "Jonas Weber" in page
    assert "sent 2 March" in page
    assert "They have not allowed it." in page
    assert LINK not in page
    only_held = office.get(reverse("office:outbox"), {"state": "held"}).content.decode()
    assert "Bea Birch" in only_held
    assert "Jonas Weber" not in only_held
    assert office.get(reverse("office:outbox"), {"state": "lost"}).status_code == 200
    assert office.get(reverse("office:outbox_message", args=[message])).status_code == 404


def test_the_office_of_a_demo_reads_what_was_not_sent(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "INSTALLATION", replace(settings.INSTALLATION, demo=True))
    message = invite(reachable(a_course(a_therapist())))
    deliver_due(actor=SYSTEM, at=AT)
    assert "kept to be read" in office.get(reverse("office:outbox")).content.decode()
    assert LINK in office.get(reverse("office:outbox_message", args=[message])).content.decode()
    assert office.get(reverse("office:outbox_message", args=[uuid4()])).status_code == 404


def test_nobody_else_comes_in(office: Browser) -> None:
    therapist = signed_in(a_therapist())
    assert therapist.get(reverse("office:outbox")).status_code == 403
    assert therapist.get(reverse("office:outbox_message", args=[uuid4()])).status_code == 403


def test_the_outbox_asks_as_often_for_three_as_for_one(office: Browser) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("office:outbox"))
        return len(captured)

    therapist = a_therapist()
    invite(a_course(therapist))
    queries()
    one = queries()
    invite(a_course(therapist))
    invite(a_course(therapist))
    assert queries() == one
