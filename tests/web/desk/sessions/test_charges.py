"""The page of a session: what it costs, where its messages are; the day and the course: what missed hours ask."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.factories.clients import reachable
from tests.factories.episodes import Referred, in_therapy
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_therapist, signed_in
from tests.factories.sessions import an_hour

from rapport.clinical.episodes.contract import MissedCharge
from rapport.practice.foundation import clock
from rapport.practice.sessions import actions, queries


@pytest.fixture
def course() -> Referred:
    a_practice()
    return in_therapy(a_therapist(), fee=Decimal(80), charge=MissedCharge.PART)


def test_a_charge_is_shown_waived_and_asked_again(course: Referred) -> None:
    session = an_hour(course)
    actions.record_missed(actor=course.therapist, at=AT, session_id=session)
    desk, path = signed_in(course.therapist), f"/desk/sessions/{session}/"
    page = desk.get(path).content.decode()
    assert "40.00 GBP" in page
    assert "Do not ask for it" in page
    empty = desk.post(f"{path}charge/", {"decision": "waive", "why": ""})
    assert empty.status_code == 422
    save = {"client_tab": str(UUID(int=3)), "client_seq": "1", "typed_at": f"{path}charge/", "why": "A sick"}
    assert desk.post(f"/desk/clients/{course.client}/typing/", save).status_code == 200
    assert "A sick</textarea>" in desk.get(path).content.decode()
    assert desk.post(f"{path}charge/", {"decision": "waive", "why": "A sick child"}).status_code == 303
    assert "A sick</textarea>" not in desk.get(path).content.decode()
    page = desk.get(path).content.decode()
    assert "not asked for" in page
    assert "A sick child" in page
    assert desk.post(f"{path}charge/", {"decision": "ask", "why": "Agreed after all"}).status_code == 303
    found = queries.charge_of(viewer=course.therapist, at=AT, session_id=session)
    assert found is not None
    assert found.is_waived is False
    assert signed_in(a_therapist("Ida Other")).post(f"{path}charge/", {"why": "x"}).status_code == 404


def test_the_page_says_where_messages_are_and_why_none_will_leave() -> None:
    a_practice()
    therapist, start = a_therapist(), clock.now() + timedelta(days=4)
    told, untold = reachable(a_course(therapist)), a_course(therapist, "Bea Birch")
    desk = signed_in(therapist)
    first, second = an_hour(told, start), an_hour(untold, start + timedelta(hours=2))
    assert "Appointment booked" in desk.get(f"/desk/sessions/{first}/").content.decode()
    page = desk.get(f"/desk/sessions/{second}/").content.decode()
    assert "No reminder will be sent." in page
    assert "They have not allowed it." in page


def test_two_missed_hours_suggest_a_letter_and_nothing_happens_by_itself(course: Referred) -> None:
    now = clock.now()
    for days in (14, 7):
        start = now - timedelta(days=days)
        session = an_hour(course, start)
        actions.record_missed(actor=course.therapist, at=start, session_id=session)
    desk = signed_in(course.therapist)
    for path in ("/desk/", f"/desk/episodes/{course.episode}/sessions/"):
        page = desk.get(path).content.decode()
        assert "A letter could offer to look at the arrangement together." in page
        assert f"/desk/episodes/{course.episode}/letters/new/review/" in page
        assert "non-compliance" not in page.lower()
    assert signed_in(a_therapist("Ida Other")).get(f"/desk/episodes/{course.episode}/sessions/").status_code == 404


def test_the_day_asks_the_database_the_same_with_one_missed_hour_and_with_three() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    a_practice()
    therapist, now = a_therapist(), clock.now()
    desk, counts = signed_in(therapist), []
    for number in range(1, 4):
        course = a_course(therapist, f"Client {number}")
        for days in (14, 7):
            start = now - timedelta(days=days, hours=2 * number)
            session = an_hour(course, start)
            actions.record_missed(actor=therapist, at=start, session_id=session)
        if number != 2:
            desk.get("/desk/")
            with CaptureQueriesContext(connection) as asked:
                desk.get("/desk/")
            counts.append(len(asked))
    assert counts[0] == counts[1]
