"""The diary by hand: drawn with the mouse, walked with the keys, without a script, on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist
from tests.factories.sessions import an_hour
from tests.journeys.calendar import Calendar
from tests.journeys.windows import Window

from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.security.accounts.actions import open_sign_in
from rapport.practice.sessions import actions
from rapport.practice.sessions.models import TherapySession

pytestmark = pytest.mark.journey

LONDON = ZoneInfo("Europe/London")
NEXT_MONDAY = date(2026, 3, 9)
TUESDAY = NEXT_MONDAY + timedelta(days=1)
WEEK = f"/desk/diary/?on={NEXT_MONDAY}"


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def enters(course: Course, window: Callable[..., Window], calendar: Calendar) -> Callable[..., Window]:
    """The therapist, signed in at a window of some kind."""

    def open_desk(**kind: bool) -> Window:
        desk = window(**kind)
        who = course.therapist
        token = open_sign_in(actor=who, at=calendar.now(), account_id=who.account, second_factor="totp")
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": token, "url": desk.findings.home}
        desk.page.context.add_cookies([cookie])
        return desk

    return open_desk


def a_series(course: Course, count: int = 4) -> list[TherapySession]:
    actions.book_series(
        actor=course.therapist, at=course_begins(), episode_id=course.episode, first_day=NEXT_MONDAY,
        slots=(Slot(0, time(9)),), length_minutes=50, count=count,
    )  # fmt: skip
    return list(TherapySession.objects.exclude(series=None).order_by("planned_start"))


def course_begins() -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


def point(desk: Window, day: date, hour: float) -> tuple[float, float]:
    """Where a time of a day is on the screen."""
    column = desk.page.locator(f'.diary-column[data-day="{day}"]')
    column.scroll_into_view_if_needed()
    box = column.bounding_box()
    assert box
    first = int(desk.page.locator("[data-diary]").get_attribute("data-first") or 0)
    high = box["height"] / desk.page.locator(".diary-times li").count()
    return box["x"] + box["width"] / 2, box["y"] + (hour - first) * high


def drags(desk: Window, begin: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
    mouse = desk.page.mouse
    mouse.move(*begin)
    mouse.down()
    mouse.move((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2, steps=4)
    mouse.move(*end, steps=4)
    if let_go:
        with desk.turning():
            mouse.up()


def asked_for(desk: Window) -> dict[str, str]:
    """What the address of the page says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(desk.page.url).query).items()}


def field(desk: Window, name: str) -> str:
    return desk.page.locator(f"[name='{name}']").first.input_value()


def test_a_time_is_drawn_and_the_form_knows_it(enters: Callable[..., Window], course: Course) -> None:
    # Given an empty week, when the therapist draws from ten to a quarter to eleven on Tuesday
    desk = enters().opens(WEEK)
    drags(desk, point(desk, TUESDAY, 10), point(desk, TUESDAY, 10.75))
    # Then the form asks for whom, and knows the rest; nothing is booked yet
    assert (desk.path, field(desk, "day"), field(desk, "start"), field(desk, "length")) == (
        "/desk/diary/book/", TUESDAY.isoformat(), "10:00", "45"
    )  # fmt: skip
    assert not TherapySession.objects.exists()
    # When the client is named, then the hour stands where it was drawn
    desk.chooses(episode=str(course.episode)).presses("Book", within="main form")
    desk.sees("10:00–10:45")
    # When one begins to draw and thinks better of it, then nothing happens
    drags(desk, point(desk, TUESDAY, 12), point(desk, TUESDAY, 13), let_go=False)
    assert desk.page.locator(".ghost").inner_text() == "12:00–13:00"
    desk.page.keyboard.press("Escape")
    assert desk.page.locator(".ghost").count() == 0
    desk.page.mouse.up()
    assert desk.path == "/desk/diary/"


def test_a_time_is_found_with_the_arrow_keys(enters: Callable[..., Window], course: Course) -> None:
    # Given a week whose first free hour is Monday at nine
    desk = enters().opens(WEEK)
    desk.tabs_to(f"Book {NEXT_MONDAY:%a} {NEXT_MONDAY.day} {NEXT_MONDAY:%b}, 09:00")
    # When the keys go a day to the right and two hours down
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        desk.page.keyboard.press(key)
    # Then one more step of the tab key leaves the free times, and Enter books the one that has the focus
    assert desk.page.locator("a.free:focus").get_attribute("data-start") == "11:00"
    assert desk.page.locator('a.free[tabindex="0"]').count() == 1
    desk.enters()
    assert (field(desk, "day"), field(desk, "start")) == (TUESDAY.isoformat(), "11:00")


def test_an_hour_of_a_series_is_drawn_elsewhere(enters: Callable[..., Window], course: Course) -> None:
    # Given a series of four Mondays at nine
    a_series(course)
    desk = enters().opens(WEEK)
    # When the therapist draws the first to Tuesday at half past eleven
    drags(desk, point(desk, NEXT_MONDAY, 9.25), point(desk, TUESDAY, 11.75))
    # Then nothing has moved, and the page asks: this one, or this one and the following
    assert asked_for(desk) == {"day": TUESDAY.isoformat(), "start": "11:30"}
    desk.looks().sees("this one and the following")
    assert not TherapySession.objects.filter(planned_start__iso_week_day=2).exists()
    # When they say the following too, then all four are on Tuesdays, also the one after the clocks have changed
    desk.page.locator("form:has([name='day']) input[name='which'][value='following']").check()
    desk.presses("Move", within="main form")
    desk.sees("11:30–12:20")
    moved = [row.planned_start.astimezone(LONDON) for row in TherapySession.objects.filter(state="planned")]
    assert sorted(f"{start:%a %H:%M}" for start in moved) == ["Tue 11:30"] * 4
    # When an hour that only was touched is pressed, then its card opens
    desk.page.locator("a.block").first.click()
    desk.page.wait_for_url("**/desk/sessions/**")


def test_a_screen_others_see_keeps_to_initials(enters: Callable[..., Window], course: Course) -> None:
    # Given an hour of Jonas Weber
    an_hour(course, datetime.combine(NEXT_MONDAY, time(10), LONDON))
    desk = enters().opens(WEEK)
    desk.sees("Jonas Weber")
    # When the therapist asks for initials, then the name is gone from this screen, also on the next page
    desk.presses("Initials only")
    desk.sees("JW")
    desk.opens(f"{WEEK}&view=month")
    assert not desk.has("Jonas")
    # When they ask for names again, then it is back
    desk.presses("Write names out").sees("Jonas Weber")


def test_without_a_script_every_free_time_is_a_link(enters: Callable[..., Window]) -> None:
    # Given a browser that runs no scripts, when a free time is pressed
    desk = enters(scripts=False).opens(WEEK)
    assert not desk.has("Drag over free time")
    desk.page.locator(f'.diary-column[data-day="{TUESDAY}"] a.free[data-start="14:00"]').click()
    # Then the form knows it
    assert (field(desk, "day"), field(desk, "start")) == (TUESDAY.isoformat(), "14:00")


def test_on_a_telephone_a_week_is_a_list_and_a_day_a_grid(enters: Callable[..., Window], course: Course) -> None:
    # Given an hour on Monday, when the week is opened on a telephone
    an_hour(course, datetime.combine(NEXT_MONDAY, time(10), LONDON))
    phone = enters(telephone=True).opens(WEEK)
    # Then the days stand under each other, and nothing sticks out
    days = phone.page.locator(".diary-day")
    tops = [days.nth(n).bounding_box() for n in range(2)]
    assert tops[0] and tops[1] and tops[0]["x"] == tops[1]["x"] and tops[0]["y"] < tops[1]["y"]
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    # When the day is opened, then its hour stands at its time, and a free time can be tapped
    phone.follows(f"{NEXT_MONDAY:%a} {NEXT_MONDAY.day} {NEXT_MONDAY:%b}")
    assert phone.page.locator(".diary-day").count() == 1
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.locator('a.free[data-start="15:00"]').click()
    assert field(phone, "start") == "15:00"
