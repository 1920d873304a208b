"""On whose clock a client lives, and what follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.clients.actions import edit_client, set_zone
from rapport.practice.clients.choices import ClientDetails, SafeContact
from rapport.practice.clients.models import Client
from rapport.practice.clients.queries import contact, own_zone, zones
from rapport.practice.clients.rules.reaching import next_safe_moment
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound

NEW_YORK = ZoneInfo("America/New_York")


def test_a_client_says_where_they_live_and_their_other_details_stay() -> None:
    course = a_course(a_therapist())
    details = ClientDetails(name="Lena Tamm", email="lena@mail.example")
    edit_client(actor=course.therapist, at=AT, client_id=course.client, details=details)
    lena = client_account(course)
    assert own_zone(viewer=lena, at=AT) == practice_zone()
    set_zone(actor=lena, at=AT, client_id=course.client, zone="America/New_York")
    assert own_zone(viewer=lena, at=AT) == NEW_YORK
    kept = contact(viewer=course.therapist, at=AT, client_id=course.client).details
    assert kept == replace(details, zone="America/New_York")
    assert AuditEvent.objects.get(object_type="client_zone", decision="allow").client == course.client
    assert b"York" not in bytes(Client.objects.get(id=course.client).details_sealed)
    set_zone(actor=course.therapist, at=AT, client_id=course.client, zone="")
    assert own_zone(viewer=lena, at=AT) == practice_zone()


def test_no_stranger_and_no_other_client_sets_it() -> None:
    course, other = a_course(a_therapist()), a_course(a_therapist("Ida Other"))
    for stranger in (other.therapist, client_account(other)):
        for foreign in (course.client, uuid4()):
            with pytest.raises(NotFound):
                set_zone(actor=stranger, at=AT, client_id=foreign, zone="Asia/Tokyo")
    assert AuditEvent.objects.filter(object_type="client_zone", decision="deny").count() == 4


@pytest.mark.parametrize("zone", ["Moon/Base", "../../etc/passwd", "posixrules", "EST"])
def test_only_zones_of_places_are_kept(zone: str) -> None:
    course = a_course(a_therapist())
    with pytest.raises(DetailRefused) as refused:
        set_zone(actor=course.therapist, at=AT, client_id=course.client, zone=zone)
    assert refused.value.field == "zone"


def test_many_at_once_and_the_practice_s_for_everybody_else() -> None:
    manager, abroad, here = a_manager(), a_course(a_therapist()), a_course(a_therapist("Ida Other"))
    set_zone(actor=manager, at=AT, client_id=abroad.client, zone="America/New_York")
    gone = uuid4()
    found = zones(viewer=manager, at=AT, client_ids=[abroad.client, here.client, gone])
    assert found == {abroad.client: NEW_YORK, here.client: practice_zone(), gone: practice_zone()}
    assert own_zone(viewer=manager, at=AT) == practice_zone()


def test_safe_hours_are_hours_of_the_client_s_own_clock() -> None:
    """Six in the evening of New York is eleven at night in London, and the clocks change on different days."""
    evenings = SafeContact(hours_from=time(18), hours_until=time(20))
    noon = datetime(2026, 3, 20, 12, tzinfo=UTC)  # New York already keeps summer time, London does not
    assert next_safe_moment(evenings, noon, NEW_YORK) == datetime(2026, 3, 20, 22, tzinfo=UTC)
    assert next_safe_moment(evenings, noon, ZoneInfo("Europe/London")) == datetime(2026, 3, 20, 18, tzinfo=UTC)
