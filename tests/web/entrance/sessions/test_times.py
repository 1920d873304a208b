"""A calendar behind a secret address, read by real programs; a freed time behind the link of a mail."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from icalendar import Calendar
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist
from tests.factories.sessions import an_hour

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.practice.clients.actions import set_zone
from rapport.practice.foundation import clock
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import params_of
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import FeedTitles, OfferWay
from rapport.practice.sessions.models import CalendarFeed, TherapySession

DAY = timedelta(days=1)
BIN = Path(sys.executable).parent


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(clock, "now", lambda: AT)
    a_practice()
    return a_course(a_therapist())


def an_address(course: Course, titles: FeedTitles = FeedTitles.NEUTRAL) -> str:
    return f"/calendar/{actions.make_feed(actor=course.therapist, at=AT, titles=titles)}/appointments.ics"


def around_the_change(course: Course) -> list[datetime]:
    """Mondays at nine by the wall, before and after the clocks change on 29 March."""
    starts = [datetime(2026, 3, 23, 9, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)]
    for start in starts:
        an_hour(course, start)
    return starts


def read(address: str, **headers: str) -> HttpResponse:
    return Browser().get(address, headers=headers)


def test_the_calendar_is_neutral_and_right_on_both_sides_of_the_change(course: Course) -> None:
    starts = around_the_change(course)
    answer = read(an_address(course))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    text = answer.content.decode()
    assert "DTSTART;TZID=Europe/London:20260323T090000" in text
    assert "DTSTART;TZID=Europe/London:20260330T090000" in text
    assert "BEGIN:VTIMEZONE" in text
    for telling in ("Jonas", "Weber", "LOCATION", "DESCRIPTION", str(TherapySession.objects.first())):
        assert telling not in text
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [event["DTSTART"].dt.astimezone(UTC) for event in events] == starts
    assert {str(event["SUMMARY"]) for event in events} == {"Appointment"}


def test_an_unchanged_calendar_is_not_sent_again_and_a_change_is(course: Course) -> None:
    session = an_hour(course, AT + DAY)
    address = an_address(course)
    tag = read(address).headers["ETag"]
    same = read(address, if_none_match=tag)
    assert (same.status_code, same.content) == (304, b"")
    uid = Calendar.from_ical(read(address).content).walk("VEVENT")[0]["UID"]
    actions.cancel_session(actor=course.therapist, at=AT, session_id=session, by=CancelledBy.CLIENT)
    changed = read(address, if_none_match=tag)
    (event,) = Calendar.from_ical(changed.content).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"], event["UID"]) == ("CANCELLED", 1, uid)
    assert CalendarFeed.objects.get().readings == 4


def test_a_dead_an_invented_and_no_address_hear_the_same(course: Course) -> None:
    dead = an_address(course)
    live = an_address(course, FeedTitles.INITIALS)
    assert read(live).status_code == 200
    answers = [read(path) for path in (dead, f"/calendar/{'A' * 43}/appointments.ics", "/calendar/x/appointments.ics")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Browser().post(live).status_code in (403, 405)


def test_a_program_that_asks_without_end_waits(course: Course) -> None:
    address = an_address(course)
    answers = [read(address).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


@contextmanager
def on_loopback(answer: HttpResponse) -> Iterator[str]:
    """A server of the test's own that gives a program what ours answered, headers and all."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_same = self.headers.get("If-None-Match") == answer.headers["ETag"]
            self.send_response(304 if is_same else 200)
            for name in ("ETag", "Content-Type"):
                self.send_header(name, answer.headers[name])
            body = b"" if is_same else answer.content
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/appointments.ics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(home: Path, *command: str) -> str:
    environment = {"HOME": str(home), "PATH": str(BIN), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "NO_COLOR": "1"}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], env=environment, cwd=home, capture_output=True, text=True, timeout=60,
        input="y\n" * 9, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_vdirsyncer_fetches_it_and_khal_shows_nine_o_clock_on_both_sides(course: Course, tmp_path: Path) -> None:
    around_the_change(course)
    cancelled = an_hour(course, datetime(2026, 4, 6, 8, tzinfo=UTC))
    actions.cancel_session(actor=course.therapist, at=AT, session_id=cancelled, by=CancelledBy.CLIENT)
    with on_loopback(read(an_address(course))) as url:
        (tmp_path / "vdirsyncer.ini").write_text(
            f'[general]\nstatus_path = "{tmp_path}/status/"\n[pair hours]\na = "local"\nb = "rapport"\n'
            f'collections = null\n[storage local]\ntype = "filesystem"\npath = "{tmp_path}/hours/"\n'
            f'fileext = ".ics"\n[storage rapport]\ntype = "http"\nurl = "{url}"\n'
        )
        run(tmp_path, "vdirsyncer", "-c", "vdirsyncer.ini", "discover")
        for _ in range(2):  # the second time nothing has changed
            run(tmp_path, "vdirsyncer", "-c", "vdirsyncer.ini", "sync")
    assert len(list((tmp_path / "hours").glob("*.ics"))) == 3
    (tmp_path / "khal.ini").write_text(
        f"[calendars]\n[[hours]]\npath = {tmp_path}/hours/\n[locale]\nlocal_timezone = Europe/London\n"
        "default_timezone = Europe/London\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    listed = run(
        tmp_path, "khal", "-c", "khal.ini", "list", "--format", "{start} {title} {status}", "--day-format", "",
        "2026-03-20", "2026-04-10",
    )  # fmt: skip
    lines = [line.strip() for line in listed.splitlines() if line.strip()]
    assert [line[:28] for line in lines[:2]] == ["2026-03-23 09:00 Appointment", "2026-03-30 09:00 Appointment"]
    assert "CANCELLED" in lines[2]


def test_the_link_of_a_mail_shows_no_name_and_books_once(course: Course) -> None:
    therapist = course.therapist
    freed = an_hour(a_course(therapist, "Amina Bello"), AT + 5 * DAY)
    actions.cancel_session(actor=therapist, at=AT, session_id=freed, by=CancelledBy.CLIENT)
    wish = actions.wish_for_time(actor=therapist, at=AT, episode_id=course.episode, minutes=50)
    (slot,) = queries.freed(viewer=therapist, at=AT)
    actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=OfferWay.MAIL)
    link = params_of(OutboxMessage.objects.get(kind="slot_offer"))["link"]
    (path,) = re.findall(r"/free-time/[\w-]{43}/", link)
    page = Browser().get(path).content.decode()
    assert "Saturday 7 March, 09:00" in page
    assert "Weber" not in page
    assert b"It is yours" in Browser().post(path, {"answer": "yes"}).content
    assert b"It is yours" in Browser().get(path).content
    assert TherapySession.objects.filter(state="planned").count() == 1
    assert Browser().post(path, {"answer": "no"}).status_code == 409
    assert Browser().get(f"/free-time/{'A' * 43}/").status_code == 404
    assert Browser().post(f"/free-time/{'A' * 43}/").status_code == 404


def test_the_free_time_is_told_by_the_client_s_own_clock(course: Course) -> None:
    therapist = course.therapist
    set_zone(actor=therapist, at=AT, client_id=course.client, zone="America/New_York")
    freed = an_hour(a_course(therapist, "Amina Bello"), AT + 5 * DAY)
    actions.cancel_session(actor=therapist, at=AT, session_id=freed, by=CancelledBy.CLIENT)
    wish = actions.wish_for_time(actor=therapist, at=AT, episode_id=course.episode, minutes=50)
    (slot,) = queries.freed(viewer=therapist, at=AT)
    actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=OfferWay.MAIL)
    said = params_of(OutboxMessage.objects.get(kind="slot_offer"))
    assert said["when"] == "Saturday 7 March, 04:00 (New York time)"
    page = Browser().get(re.findall(r"/free-time/[\w-]{43}/", said["link"])[0]).content.decode()
    assert "Saturday 7 March, 04:00" in page
    assert "This is New York time." in page


def test_a_link_of_a_time_that_has_come_is_a_link_that_never_was(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A17: it expires with what it offers, and says then what an invented one says."""
    therapist = course.therapist
    freed = an_hour(a_course(therapist, "Amina Bello"), AT + 5 * DAY)
    actions.cancel_session(actor=therapist, at=AT, session_id=freed, by=CancelledBy.CLIENT)
    wish = actions.wish_for_time(actor=therapist, at=AT, episode_id=course.episode, minutes=50)
    (slot,) = queries.freed(viewer=therapist, at=AT)
    actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=OfferWay.MAIL)
    (path,) = re.findall(r"/free-time/[\w-]{43}/", params_of(OutboxMessage.objects.get(kind="slot_offer"))["link"])
    monkeypatch.setattr(clock, "now", lambda: AT + 6 * DAY)
    dead, invented = (Browser().get(where) for where in (path, f"/free-time/{'A' * 43}/"))
    assert dead.status_code == invented.status_code == 404
    assert dead.content == invented.content
    assert Browser().post(path, {"answer": "yes"}).status_code == 404


@pytest.mark.parametrize("path", ["/free-time/{}/", "/calendar/{}/appointments.ics"])
def test_whoever_guesses_links_waits(course: Course, path: str) -> None:
    """B05: right ones do not count, wrong ones do."""
    right = an_address(course)
    assert {read(right).status_code for _ in range(3)} == {200}
    answers = [read(path.format(f"{number:043d}")).status_code for number in range(33)]
    assert answers[:30] == [404] * 30
    assert answers[-1] == 429
