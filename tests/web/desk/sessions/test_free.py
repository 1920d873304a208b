"""Time away, the waiting list and calendars at the desk: happy, refused, a stranger, and fast with many rows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.calendars import BUSY
from tests.factories.people import a_course, a_therapist, signed_in
from tests.factories.sessions import an_hour
from tests.web.desk.sessions.conftest import Desk

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.sessions import actions
from rapport.practice.sessions.models import SlotOffer, TherapySession, TimeBlock, WaitingWish

DAY = timedelta(days=1)


def test_time_away_asks_about_each_hour_and_leaves_it_out_only_when_ticked(desk: Desk) -> None:
    start = (desk.now + 20 * DAY).replace(hour=12, minute=0)
    stays, falls = an_hour(desk.course, start), an_hour(desk.course, start + DAY)
    first, last = (moment.astimezone(practice_zone()).date().isoformat() for moment in (start, start + DAY))
    said = {"kind": "holiday", "first": first, "last": last, "words": "The sea"}
    asked = desk.browser.post("/desk/diary/away/", said)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "2 hours are booked then" in page
    assert "less than the agreed 4 weeks of notice" in page
    assert not TimeBlock.objects.exists()
    seen = ",".join(str(each) for each in (stays, falls))
    done = desk.browser.post("/desk/diary/away/", {**said, "seen": seen, "fall_out": [str(falls)]}, follow=True)
    assert b"One hour fell out. One hour stays: move it." in done.content
    assert b"The sea" in done.content
    assert TherapySession.objects.get(id=falls).state == "cancelled"
    assert TherapySession.objects.get(id=stays).state == "planned"
    block = TimeBlock.objects.get()
    assert desk.browser.post(f"/desk/diary/away/{block.id}/end/").status_code == 302
    stranger = signed_in(a_therapist("Ida Other"))
    assert stranger.post(f"/desk/diary/away/{block.id}/end/").status_code == 404


@pytest.mark.parametrize("said", [{}, {"kind": "holiday", "first": "2027-01-02", "last": "2027-01-01"}])
def test_time_away_that_cannot_be_is_said_and_kept(desk: Desk, said: dict[str, str]) -> None:
    assert desk.browser.post("/desk/diary/away/", said).status_code == 422
    assert not TimeBlock.objects.exists()


def waits(desk: Desk, name: str) -> str:
    course = a_course(desk.course.therapist, name, desk.now - DAY)
    said = {"minutes": "50", "start": "08:00", "end": "20:00", "words": "Any day is fine"}
    answer = desk.browser.post(f"/desk/episodes/{course.episode}/waiting/", said)
    assert answer.status_code == 302
    return name


def a_freed_hour(desk: Desk, days: int = 5) -> str:
    session = an_hour(desk.course, desk.now + days * DAY)
    actions.cancel_session(actor=desk.course.therapist, at=desk.now, session_id=session, by=CancelledBy.CLIENT)
    return str(session)


def test_a_freed_hour_is_offered_on_purpose_and_taken_once(desk: Desk) -> None:
    session = a_freed_hour(desk)
    waits(desk, "Amina Bello")
    waits(desk, "Ben Quist")
    today = desk.browser.get("/desk/").content.decode()
    assert "A time became free and fits 2 who wait" in today
    page = desk.browser.get(f"/desk/sessions/{session}/offer/").content.decode()
    assert page.index("Amina Bello") < page.index("Ben Quist")
    (step,) = set(re.findall(r'name="step" value="([0-9a-f-]+)"', page))
    for wish in re.findall(r'name="wish" value="([0-9a-f-]+)"', page):
        sent = {"step": step, "wish": wish, "way": "phone"}
        assert desk.browser.post(f"/desk/sessions/{session}/offer/", sent).status_code == 302
    first, second = SlotOffer.objects.order_by("offered_at", "id")
    said = desk.browser.post(f"/desk/waiting/offers/{first.id}/", {"said": "yes"}, follow=True)
    assert b"Booked." in said.content
    late = desk.browser.post(f"/desk/waiting/offers/{second.id}/", {"said": "yes"}, follow=True)
    assert b"This time is no longer free." in late.content
    wish = WaitingWish.objects.get(ended_at=None)
    assert desk.browser.post(f"/desk/waiting/{wish.id}/end/").status_code == 302


def test_a_wish_that_cannot_be_is_said_and_a_stranger_finds_nothing(desk: Desk) -> None:
    address = f"/desk/episodes/{desk.course.episode}/waiting/"
    wrong = desk.browser.post(address, {"minutes": "50", "start": "12:00", "end": "09:00", "words": "Kept words"})
    assert wrong.status_code == 422
    assert b"Kept words" in wrong.content
    stranger = signed_in(a_therapist("Ida Other"))
    session = a_freed_hour(desk)
    for path in (address, f"/desk/sessions/{session}/offer/"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code == 404


def statements(desk: Desk, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.browser.get(path).status_code == 200
    return len(asked)


def test_the_waiting_list_costs_the_same_for_many(desk: Desk) -> None:
    waits(desk, "Amina Bello")
    a_freed_hour(desk)
    statements(desk, "/desk/waiting/")
    one = statements(desk, "/desk/waiting/"), statements(desk, "/desk/")
    for number in range(2):
        waits(desk, f"Client {number}")
        a_freed_hour(desk, 7 + number)
    assert (statements(desk, "/desk/waiting/"), statements(desk, "/desk/")) == one


def test_an_address_is_shown_once_and_ended(desk: Desk) -> None:
    shown = desk.browser.post("/desk/diary/calendars/feed/", {"titles": "neutral"}).content.decode()
    (token,) = set(re.findall(r"/calendar/([\w-]{43})/appointments\.ics", shown))
    again = desk.browser.get("/desk/diary/calendars/").content.decode()
    assert token not in again
    assert desk.browser.post("/desk/diary/calendars/feed/", {"titles": "loud"}).status_code == 422
    desk.browser.post("/desk/diary/calendars/feed/end/")
    assert desk.browser.get(f"/calendar/{token}/appointments.ics").status_code == 404


def test_a_calendar_file_is_read_again_and_let_go(desk: Desk) -> None:
    def send(content: bytes, **said: str) -> str:
        file = SimpleUploadedFile("family.ics", content, "text/calendar")
        answer = desk.browser.post("/desk/diary/calendars/read/", {"file": file, **said})
        assert answer.status_code in (200, 422)
        return str(answer.content.decode())

    day = (desk.now + 9 * DAY).strftime("%Y%m%d")
    content = BUSY.format(title="Dentist").replace("20270105", day).encode()
    assert "1 times are kept free" in (page := send(content, name="Family")) or "One time is kept free" in page
    assert "Dentist" not in page
    (source,) = TimeBlock.objects.values_list("source_id", flat=True)
    send(content, source=str(source))
    assert TimeBlock.objects.filter(voided_at=None).count() == 1
    broken = send(content.replace(b"DTSTART", b"NOSTART"), name="Family")
    assert "An entry has no start. It is in line 4. Nothing was taken over." in broken
    desk.browser.post(f"/desk/diary/calendars/{source}/end/")
    assert not TimeBlock.objects.filter(voided_at=None).exists()
