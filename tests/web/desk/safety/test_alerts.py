"""Alerts at the desk and in the office, and the plan as the therapist sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.measures import a_score, an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.foundation import clock
from rapport.practice.safety.choices import AlertState
from rapport.practice.safety.models import Alert
from rapport.practice.security.audit.models import AuditEvent


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def alert_id(course: Course) -> UUID:
    return an_alert(course, course.therapist, at=clock.now())


def test_an_alert_is_acted_on_and_closed(course: Course, alert_id: UUID) -> None:
    desk = signed_in(course.therapist)
    assert "Jonas Weber" in desk.get(reverse("desk:alerts")).content.decode()
    address = reverse("desk:alert", args=[alert_id])
    page = desk.get(address).content.decode()
    assert "Thoughts that you would be better off dead" in page
    assert "Several days" in page
    wrong = desk.post(address, {"did": "  ", "contact": "reached"})
    assert wrong.status_code == 422
    assert desk.post(reverse("desk:close_alert", args=[alert_id]), {"outcome": "Fine."}).status_code == 409
    acted = desk.post(address, {"did": "Rang at ten.", "contact": "reached"})
    assert (acted.status_code, acted["Location"]) == (303, address)
    again = desk.post(address, {"did": "Rang once more.", "contact": "reached"})
    assert again.status_code == 409
    assert desk.post(reverse("desk:close_alert", args=[alert_id]), {"outcome": ""}).status_code == 422
    assert desk.post(reverse("desk:close_alert", args=[alert_id]), {"outcome": "Plan renewed."}).status_code == 303
    assert Alert.objects.get().state == AlertState.CLOSED
    assert "Rang at ten." in desk.get(address).content.decode()


def test_no_page_computes_a_risk(course: Course, alert_id: UUID) -> None:
    desk = signed_in(course.therapist)
    for address in (reverse("desk:alerts"), reverse("desk:alert", args=[alert_id])):
        page = desk.get(address).content.decode()
        assert not re.search(r"(low|medium|high|no)[ -]risk|risk level", page, re.IGNORECASE)


def test_what_is_said_of_item_9_is_said_of_no_other_question(course: Course, alert_id: UUID) -> None:
    mixes = "This question mixes a wish to be dead"
    desk = signed_in(course.therapist)
    assert mixes in desk.get(reverse("desk:alert", args=[alert_id])).content.decode()
    a_score(course, client_account(course), 0, 0, None, 0, instrument_id="asq", at=clock.now())
    refused = Alert.objects.exclude(id=alert_id).get()
    page = desk.get(reverse("desk:alert", args=[refused.id])).content.decode()
    assert "would not answer this here; prefers to tell in person" in page
    assert mixes not in page
    assert "does not say how great a danger is" in page


def test_a_stranger_finds_no_alert(course: Course, alert_id: UUID) -> None:
    for person in (a_therapist("Nora Bell"), a_manager()):
        browser = signed_in(person)
        for foreign in (alert_id, uuid4()):
            address = reverse("desk:alert", args=[foreign])
            assert browser.get(address).status_code in (403, 404)
            assert browser.post(address, {"did": "x", "contact": "reached"}).status_code in (403, 404)
    assert "Jonas" not in signed_in(a_therapist("Nora Bell")).get(reverse("desk:alerts")).content.decode()
    assert Alert.objects.get().state == AlertState.OPEN


def test_the_list_costs_the_same_whatever_its_length() -> None:
    a_practice()
    therapist = a_therapist()
    counts = []
    for number in range(3):
        an_alert(a_course(therapist, f"Client {number}"), therapist, at=clock.now())
        desk = signed_in(therapist)
        desk.get(reverse("desk:alerts"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("desk:alerts"))
        counts.append(len(queries))
    assert counts[2] <= counts[0]


def test_a_question_left_open_is_listed_until_it_was_asked(course: Course) -> None:
    a_score(course, client_account(course), *[0] * 8, None, at=clock.now())
    desk = signed_in(course.therapist)
    assert "question 9 was not answered" in desk.get(reverse("desk:alerts")).content.decode()


def test_the_office_counts_and_reassigns_without_a_name_of_a_client(course: Course) -> None:
    alert_id = an_alert(course, course.therapist, at=clock.now() - timedelta(days=9))
    other = a_therapist("Lena Voss")
    CareRelationship.objects.create(
        account_id=other.account, client_id=course.client, episode_id=course.episode, started_at=AT,
        granted_by=other.account,
    )  # fmt: skip
    office = signed_in(a_manager())
    page = office.get(reverse("office:alerts")).content.decode()
    assert "Lena Voss" in page
    assert "overdue" in page
    assert "Jonas" not in page
    assert str(course.client) not in page
    address = reverse("office:reassign_alert", args=[alert_id])
    for bad in ("", "nobody", str(uuid4())):
        assert office.post(address, {"to": bad}).status_code == 303
        assert Alert.objects.get().owner_id == course.therapist.id
    assert office.post(address, {"to": str(other.id)}).status_code == 303
    assert Alert.objects.get().owner_id == other.id
    assert office.post(reverse("office:reassign_alert", args=[uuid4()]), {"to": str(other.id)}).status_code == 404
    assert signed_in(course.therapist).get(reverse("office:alerts")).status_code == 403


def test_the_plan_is_written_together_and_its_reading_recorded(course: Course) -> None:
    desk = signed_in(course.therapist)
    address = reverse("desk:plan", args=[course.episode])
    assert desk.get(address).status_code == 200
    kept = desk.post(
        reverse("desk:edit_plan", args=[course.episode]), {"based_on": "0", "warning_signs": "I stop answering"}
    )
    assert (kept.status_code, kept["Location"]) == (303, address)
    assert "I stop answering" in desk.get(address).content.decode()
    assert AuditEvent.objects.filter(
        action="read", object_type="safety_plan", actor=course.therapist.id, purpose="safety"
    ).exists()
    conflict = desk.post(reverse("desk:edit_plan", args=[course.episode]), {"based_on": "0", "warning_signs": "Other"})
    assert conflict.status_code == 409
    stranger = signed_in(a_therapist("Nora Bell"))
    for foreign in (course.episode, uuid4()):
        assert stranger.get(reverse("desk:plan", args=[foreign])).status_code == 404
        assert stranger.post(reverse("desk:edit_plan", args=[foreign]), {"based_on": "0"}).status_code == 404


def test_measures_and_plan_keep_the_way_to_the_rest_of_the_course(course: Course) -> None:
    desk = signed_in(course.therapist)
    for name in ("desk:measures", "desk:plan"):
        page = desk.get(reverse(name, args=[course.episode])).content.decode()
        for other in ("desk:course", "desk:assessment", "desk:measures", "desk:ending"):
            assert reverse(other, args=[course.episode]) in page
