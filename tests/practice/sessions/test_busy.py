"""Busy time from a calendar kept elsewhere, and files that mean harm."""

from __future__ import annotations

import time as clock
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist
from tests.factories.sessions import an_hour

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.actions import CalendarUnreadable, Trouble
from rapport.practice.sessions.models import BusyCalendar, TimeBlock
from rapport.practice.sessions.rules import busy, busy_times

pytestmark = pytest.mark.usefixtures("practice_in_london")
LONDON = ZoneInfo("Europe/London")
WINDOW = {"zone": LONDON, "start": AT, "end": AT + timedelta(days=548)}
DENTIST = "UID:a\nDTSTART;TZID=Europe/London:20260310T100000\nDTEND;TZID=Europe/London:20260310T110000\nSUMMARY:Dentist"


def a_file(*entries: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\n{entry}\nEND:VEVENT\n" for entry in entries)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{events}END:VCALENDAR\n".encode()


def walls(content: bytes) -> list[str]:
    return [f"{each.start.astimezone(LONDON):%d.%m. %H:%M}" for each in busy_times(content, **WINDOW)]


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (DENTIST, ["10.03. 10:00"]),
        ("DTSTART:20260310T100000Z\nDURATION:PT1H", ["10.03. 10:00"]),
        ("DTSTART:20260310T100000\nDURATION:PT1H", ["10.03. 10:00"]),  # by our wall
        ("DTSTART;VALUE=DATE:20260310", ["10.03. 00:00"]),
        ("DTSTART;TZID=W. Europe Standard Time:20260310T100000\nDURATION:PT1H", ["10.03. 09:00"]),
        (DENTIST + "\nTRANSP:TRANSPARENT", []),
        (DENTIST + "\nSTATUS:CANCELLED", []),
        ("DTSTART:99991231T235959Z\nDURATION:P300D", []),
        ("DTSTART:20260310T100000Z", []),  # without a length it takes no time
        (
            "DTSTART;TZID=Europe/London:20260323T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
            ["23.03. 09:00", "30.03. 09:00"],
        ),  # nine by the wall on both sides of the change of the clocks
        (
            "DTSTART:20260309T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260311T100000Z\nEXDATE:20260310T100000Z",
            ["09.03. 10:00", "11.03. 10:00"],
        ),
    ],
)
def test_what_keeps_time_busy(entry: str, wanted: list[str]) -> None:
    assert walls(a_file(entry)) == wanted


def test_one_moved_time_of_a_repeating_entry_stands_where_it_was_moved() -> None:
    weekly = "UID:w\nDTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    moved = "UID:w\nRECURRENCE-ID:20260317T100000Z\nDTSTART:20260318T140000Z\nDURATION:PT1H"
    assert walls(a_file(weekly, moved)) == ["10.03. 10:00", "18.03. 14:00"]


@pytest.mark.parametrize(
    ("content", "trouble", "line"),
    [
        (b"", Trouble.NOT_A_CALENDAR, 1),
        (b"\x89PNG\r\n\x1a\n\0\0\0", Trouble.NOT_TEXT, None),
        (b"x" * 1_000_001, Trouble.TOO_LARGE, None),
        (b"<html>", Trouble.NOT_A_CALENDAR, 1),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", Trouble.BROKEN, 3),
        (b"BEGIN:VCALENDAR\n" * 50, Trouble.TOO_DEEP, 4),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 3001 + b"END:VCALENDAR", Trouble.TOO_MANY, 6002),
        (a_file("SUMMARY:No start"), Trouble.NO_START, 4),
        (a_file(DENTIST, "DTSTART:20260310T100000Z\nDTEND:20260309T100000Z"), Trouble.ENDS_BEFORE, 10),
        (a_file("DTSTART:20260310T100000Z\nDTEND:20290309T100000Z"), Trouble.TOO_LONG, 4),
        (a_file("DTSTART;TZID=Mars/Olympus:20260310T100000\nDURATION:PT1H"), Trouble.UNKNOWN_ZONE, 4),
        (a_file("DTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"), Trouble.TOO_OFTEN, 4),
        (a_file("DTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=1,2"), Trouble.UNKNOWN_RULE, 4),
        (a_file("DTSTART:19020310T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=999999"), Trouble.TOO_FAR_BACK, 4),
        (a_file("DTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0"), Trouble.BROKEN, 4),
        (a_file("DTSTART:20260310T100000Z\nDTEND:20261399T100000Z"), Trouble.BROKEN, 4),
        (a_file("DTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=not-a-day"), Trouble.UNKNOWN_RULE, 4),
        (a_file(*["DTSTART:20260310T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"] * 301), Trouble.TOO_MANY, None),
    ],
)  # fmt: skip
def test_a_file_that_means_harm_is_refused_by_line_and_leaves_nothing(
    content: bytes, trouble: Trouble, line: int | None
) -> None:
    therapist, began = a_therapist(), clock.perf_counter()
    with pytest.raises(CalendarUnreadable) as refused:
        actions.read_busy_calendar(actor=therapist, at=AT, content=content, name="Family")
    assert (refused.value.trouble, refused.value.line) == (trouble, line)
    assert clock.perf_counter() - began < 3
    assert not TimeBlock.objects.exists()
    assert not BusyCalendar.objects.exists()


def test_rules_that_never_come_cost_little() -> None:
    never = "DTSTART:20200106T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TU"
    began = clock.perf_counter()
    assert walls(a_file(*[never] * 200)) == []
    assert clock.perf_counter() - began < 3


def test_busy_time_is_kept_free_and_hours_in_it_are_named_not_touched() -> None:
    course = a_course(a_therapist())
    booked = an_hour(course, datetime(2026, 3, 10, 10, 30, tzinfo=UTC))
    reading = actions.read_busy_calendar(actor=course.therapist, at=AT, content=a_file(DENTIST), name="Family")
    assert (reading.count, reading.conflicts) == (1, (booked,))
    assert queries.session(viewer=course.therapist, at=AT, session_id=booked).state == "planned"
    with pytest.raises(actions.TherapistAway):
        an_hour(course, datetime(2026, 3, 10, 9, 40, tzinfo=UTC))
    block = TimeBlock.objects.get()
    assert (block.kind, block.words_sealed, block.source_id) == ("busy", None, reading.calendar_id)
    assert AuditEvent.objects.get(object_id=reading.calendar_id).reason == "1"


def test_titles_are_kept_only_when_wanted_and_sealed() -> None:
    therapist = a_therapist()
    actions.read_busy_calendar(actor=therapist, at=AT, content=a_file(DENTIST), name="Family", keep_titles=True)
    assert b"Dentist" not in bytes(TimeBlock.objects.get().words_sealed or b"")
    around = {"at": AT, "start": AT, "end": AT + timedelta(days=30)}
    assert [each.words for each in queries.blocks_between(viewer=therapist, **around)] == ["Dentist"]
    assert [each.words for each in queries.blocks_between(viewer=a_manager(), **around)] == [""]


def test_read_again_what_comes_is_replaced_and_what_was_stays() -> None:
    therapist = a_therapist()
    past = "UID:p\nDTSTART:20260302T070000Z\nDURATION:PT5H"  # still running
    first = actions.read_busy_calendar(actor=therapist, at=AT, content=a_file(DENTIST, past), name="Family")
    later = AT + timedelta(days=2)
    moved = DENTIST.replace("20260310", "20260312")
    again = actions.read_busy_calendar(
        actor=therapist, at=later, content=a_file(moved), name="", source_id=first.calendar_id
    )
    assert again.calendar_id == first.calendar_id
    standing = TimeBlock.objects.filter(voided_at=None).order_by("start")
    assert [each.start.day for each in standing] == [2, 12]
    (calendar,) = queries.busy_calendars(viewer=therapist, at=later)
    assert (calendar.name, calendar.coming) == ("Family", 1)
    actions.close_busy_calendar(actor=therapist, at=later, source_id=calendar.id)
    assert queries.busy_calendars(viewer=therapist, at=later) == ()
    assert not TimeBlock.objects.filter(voided_at=None, end__gt=later).exists()


def test_another_therapists_calendar_is_not_there() -> None:
    mine = actions.read_busy_calendar(actor=a_therapist(), at=AT, content=a_file(DENTIST), name="Family")
    other = a_therapist("Ida Other")
    with pytest.raises(NotFound):
        actions.read_busy_calendar(actor=other, at=AT, content=a_file(), name="", source_id=mine.calendar_id)
    with pytest.raises(NotFound):
        actions.close_busy_calendar(actor=other, at=AT, source_id=mine.calendar_id)
    assert queries.busy_calendars(viewer=other, at=AT) == ()


def test_a_full_file_of_zones_asks_the_disk_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """D12: three thousand entries that each name a zone must not each walk the folder of all zones."""
    asked = []
    monkeypatch.setattr(busy, "available_timezones", lambda: asked.append(1) or {"Europe/London", "UTC"})
    busy._zones.cache_clear()
    try:
        walls(a_file(*(DENTIST.replace("UID:a", f"UID:{number}") for number in range(20))))
    finally:
        busy._zones.cache_clear()
    assert len(asked) == 1
