"""Names of clients for the manager."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in


def test_a_manager_sees_every_name_and_others_are_sent_away() -> None:
    a_practice()
    course = a_course(a_therapist(), "Zoë Ash")
    a_course(a_therapist("Ida Other"), "Bea Birch")
    office = signed_in(a_manager())
    page = office.get(reverse("office:clients")).content.decode()
    assert page.index("Bea Birch") < page.index("Zoë Ash")
    assert "Zoë Ash" not in office.get(reverse("office:clients"), {"q": "birch"}).content.decode()
    assert signed_in(course.therapist).get(reverse("office:clients")).status_code == 403
    assert signed_in(client_account(course)).get(reverse("office:clients")).status_code == 403


def test_the_list_asks_as_often_for_three_as_for_one() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("office:clients"))
        return len(captured)

    therapist = a_therapist()
    a_course(therapist)
    office = signed_in(a_manager())
    queries()
    one = queries()
    a_course(therapist, "Ada Ash")
    a_course(therapist, "Bea Birch")
    assert queries() == one
