"""A manager arranges who cares for whom and reads nothing of why."""

from __future__ import annotations

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.episodes import REASON, referred
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_manager, a_therapist, signed_in

from rapport.practice.episodes.models import CareRelationship
from rapport.practice.episodes.rules import cares_for
from rapport.practice.foundation import clock
from rapport.web.office.episodes.views import MOST_SHOWN


def where(name: str, *args: object) -> str:
    return reverse(f"office:{name}", args=args)


def test_a_client_is_handed_over_and_the_record_closes_behind() -> None:
    a_practice()
    mara, ivo = a_therapist(), a_therapist("Ivo Brandt")
    course = referred(mara)
    office = signed_in(a_manager())
    page = office.get(where("care")).content.decode()
    assert "Amina Bakari" in page
    assert "Mara Okonjo" in page
    assert REASON not in page
    care = CareRelationship.objects.get()
    assert office.post(where("care_transfer", care.id), {"therapist": ""}).status_code == 303
    assert cares_for(mara, course.client, clock.now())
    assert office.post(where("care_transfer", care.id), {"therapist": str(ivo.account)}).status_code == 303
    assert not cares_for(mara, course.client, clock.now())
    assert signed_in(mara).get(reverse("desk:referral", args=[course.referral])).status_code == 404
    assert signed_in(ivo).get(reverse("desk:referral", args=[course.referral])).status_code == 200
    new = CareRelationship.objects.get(account_id=ivo.account)
    assert office.post(where("care_end", new.id)).status_code == 303
    assert "Nobody cares for one client" in office.get(where("care")).content.decode()
    assert office.post(where("care_grant", course.episode), {"therapist": str(mara.account)}).status_code == 303
    assert cares_for(mara, course.client, clock.now())


def test_nobody_else_arranges_care() -> None:
    a_practice()
    mara = a_therapist()
    course = a_course(mara)
    care = CareRelationship.objects.get()
    desk, office = signed_in(mara), signed_in(a_manager())
    assert desk.get(where("care")).status_code == 403
    assert desk.post(where("care_end", care.id)).status_code == 403
    assert desk.post(where("care_grant", course.episode), {"therapist": str(mara.account)}).status_code == 403
    assert office.post(where("care_end", uuid4())).status_code == 404
    assert office.post(where("care_grant", uuid4()), {"therapist": str(mara.account)}).status_code == 404


def test_a_long_house_is_searched_by_name() -> None:
    a_practice()
    mara = a_therapist()
    for number in range(MOST_SHOWN + 1):
        a_course(mara, f"Client {number:02}")
    office = signed_in(a_manager())
    page = office.get(where("care")).content.decode()
    assert f"Client {MOST_SHOWN - 1:02}" in page
    assert f"Client {MOST_SHOWN:02}" not in page
    assert f"The first {MOST_SHOWN} of {MOST_SHOWN + 1}" in page
    assert f"Client {MOST_SHOWN:02}" in office.get(where("care"), {"q": f"CLIENT {MOST_SHOWN}"}).content.decode()
    assert "Nobody of that name" in office.get(where("care"), {"q": "somebody"}).content.decode()


def test_three_courses_cost_as_much_as_one() -> None:
    a_practice()
    mara, office = a_therapist(), signed_in(a_manager())
    counts = []
    for more in (1, 2):
        for number in range(more):
            a_course(mara, f"Client {number}")
        with CaptureQueriesContext(connection) as queries:
            assert office.get(where("care")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
