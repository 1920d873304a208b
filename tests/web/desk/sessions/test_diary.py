"""The diary as a grid: what stands where, for whom, and what every screen may show."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import an_hour
from tests.web.desk.sessions.conftest import Desk

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.clients.actions import set_zone
from rapport.practice.organisation.models import Room
from rapport.practice.security.keys.compartments import forget_keys
from rapport.practice.sessions import actions
from rapport.practice.sessions.choices import BlockKind, StepKind
from rapport.practice.sessions.models import SessionStep, TherapySession

LONDON = ZoneInfo("Europe/London")
DIARY = "/desk/diary/"


def coming_monday(desk: Desk) -> date:
    day = (desk.now + timedelta(days=14)).date()
    return day - timedelta(days=day.weekday())


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def seen(browser: Browser, **said: object) -> str:
    answer = browser.get(DIARY, said)
    assert answer.status_code == 200
    return answer.content.decode()


def block(page: str, words: str) -> str:
    """The classes of the block that holds these words."""
    found = re.search(r'class="block ([^"]*)"(?:(?!class="block).)*?' + re.escape(words), page, re.DOTALL)
    assert found, words
    return found[1]


def in_room(course: Course, start: datetime, room: UUID) -> UUID:
    return actions.book_session(
        actor=course.therapist,
        at=AT,
        episode_id=course.episode,
        start=start,
        end=start + timedelta(minutes=50),
        room_id=room,
    )


def test_an_hour_stands_at_its_wall_time_with_its_words(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 10, 30), 45)
    page = seen(desk.browser, on=monday)
    assert block(page, "10:30–11:15").startswith("at-10 m-30 for-0 fm-45 in-room is-planned")
    assert "Jonas Weber" in page
    assert "in person" in page


def test_free_time_is_a_link_that_fills_the_form(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 9), 50)
    page = seen(desk.browser, on=monday, view="day")
    links = [each.replace("&amp;", "&") for each in re.findall(r'class="free [^"]*" href="([^"]*)"', page)]
    assert len(links) == 8  # nine to six, without the hour that is taken; ten past is too little of nine
    form = desk.browser.get(f"{links[0]}&length=45").content.decode()
    for value in (f'value="{monday.isoformat()}"', 'value="10:00"', 'value="45"'):
        assert value in form
    assert '<option value="30">' in form


def test_the_past_is_not_offered_and_now_is_marked(desk: Desk) -> None:
    page = seen(desk.browser, on=desk.now.date() - timedelta(days=30))
    assert 'class="free ' not in page
    assert "The clocks change" not in page or "hours" in page


@pytest.mark.parametrize(
    ("day", "hours", "height", "first_free"),
    [("2027-03-28", 23, "for-1 fm-50", "02:20"), ("2027-10-31", 25, "for-0 fm-50", "01:20")],
)
def test_the_days_on_which_the_clocks_change_say_so(
    desk: Desk, day: str, hours: int, height: str, first_free: str
) -> None:
    changed = date.fromisoformat(day)
    start = wall(changed, 0, 30)
    an_hour(desk.course, start.astimezone(UTC))
    page = seen(desk.browser, on=day, view="day")
    assert f"The clocks change: {hours} hours" in page
    assert block(page, "00:30–").startswith(f"at-0 m-30 {height}")
    assert re.findall(r'data-start="([^"]*)"', page)[:2] == ["00:00", first_free]


def test_an_hour_over_midnight_stands_on_both_days(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 23, 30))
    page = seen(desk.browser, on=monday)
    assert "at-23 m-30 for-0 fm-30" in page
    assert "at-0 m-0 for-0 fm-20" in page


def test_hours_at_once_stand_side_by_side(desk: Desk) -> None:
    monday = coming_monday(desk)
    first = an_hour(desk.course, wall(monday, 10))
    actions.cancel_session(actor=desk.course.therapist, at=desk.now, session_id=first, by=CancelledBy.CLIENT)
    an_hour(a_course(desk.course.therapist, "Amina Bello"), wall(monday, 10))
    page = seen(desk.browser, on=monday)
    assert "lane-0 of-2" in page
    assert "lane-1 of-2" in page
    assert "cancelled in notice" in page


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_a_screen_that_others_see_shows_initials_and_remembers(desk: Desk, view: str) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 10))
    back = f"{DIARY}?on={monday.isoformat()}"
    answer = desk.browser.post(f"{DIARY}names/", {"names": "initials", "back": back})
    assert (answer.status_code, answer["Location"]) == (303, back)
    page = seen(desk.browser, on=monday, view=view)
    assert "Jonas" not in page
    assert "Weber" not in page
    assert "JW" in page
    desk.browser.post(f"{DIARY}names/", {"names": "names", "back": "https://elsewhere.example/"})
    assert "Jonas Weber" in seen(desk.browser, on=monday, view=view)


def test_a_forged_choice_shows_names_and_a_foreign_way_back_is_not_taken(desk: Desk) -> None:
    desk.browser.cookies["rapport-diary-names"] = "initials"
    assert desk.browser.get(DIARY).status_code == 200
    answer = desk.browser.post(f"{DIARY}names/", {"names": "names", "back": "https://elsewhere.example/desk/diary/"})
    assert answer["Location"] == DIARY


def test_a_manager_sees_whose_hours_and_books_them(desk: Desk) -> None:
    monday, therapist = coming_monday(desk), desk.course.therapist
    hour = an_hour(desk.course, wall(monday, 10))
    manager = signed_in(a_manager())
    everybody = seen(manager, on=monday)
    assert "Everybody" in everybody
    assert "Mara Okonjo" in everybody
    around = re.findall(r'href="(/desk/(?:diary|waiting)/[^"?]*)"', everybody)
    assert "/desk/diary/away/" in around
    assert all(manager.get(address).status_code == 200 for address in set(around))
    one = seen(manager, on=monday, who=therapist.account)
    assert "Jonas Weber" in one
    assert f"/desk/sessions/{hour}/move/" in one
    assert f'href="/desk/sessions/{hour}/"' not in one
    said = {
        "episode": desk.course.episode, "therapist": therapist.account, "day": monday, "start": "14:00", "length": 50,
        "place": "room", "key": uuid4(),
    }  # fmt: skip
    assert manager.post("/desk/diary/book/", said).status_code == 303
    assert TherapySession.objects.get(planned_start=wall(monday, 14)).therapist_id == therapist.account


def test_a_therapist_does_not_see_a_colleague_s_diary(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 10))
    stranger = signed_in(a_therapist("Ruth Stranger"))
    for who in (desk.course.therapist.account, uuid4(), "all"):
        page = seen(stranger, on=monday, who=who)
        assert "Jonas" not in page
        assert "10:00–10:50" not in page


def test_a_room_shows_a_colleague_only_that_it_is_taken(desk: Desk) -> None:
    monday = coming_monday(desk)
    room = Room.objects.create(name="Lime room", added_at=AT)
    hour = in_room(desk.course, wall(monday, 10), room.id)
    stranger = signed_in(a_therapist("Ruth Stranger"))
    for who in (room.id, "all"):
        page = seen(stranger, on=monday, by="room", who=who, view="day")
        assert "Lime room" in page
        assert "taken" in block(page, "10:00–10:50")
        assert "Jonas" not in page
        assert str(hour) not in page
    assert "Jonas Weber" in seen(desk.browser, on=monday, by="room", who=room.id)


@pytest.mark.parametrize(
    "said", [{"view": "year"}, {"on": "soon"}, {"on": "9999-12-31"}, {"who": "me"}, {"by": "moon"}]
)
def test_an_address_that_makes_no_sense_shows_this_week(desk: Desk, said: dict[str, str]) -> None:
    assert 'aria-current="page">Week<' in seen(desk.browser, **said)


def test_the_next_free_hour_is_offered(desk: Desk) -> None:
    page = seen(desk.browser)
    found = re.search(r'Next free hour:\s*<a href="([^"]*)"', page)
    assert found
    assert desk.browser.get(found[1].replace("&amp;", "&")).status_code == 200


def test_time_kept_free_is_not_offered_as_the_next_free_hour(desk: Desk) -> None:
    until = desk.now + timedelta(days=10)
    actions.block_time(
        actor=desk.course.therapist, at=desk.now, start=desk.now + timedelta(hours=1), end=until, kind=BlockKind.HOLIDAY
    )
    found = re.search(r'Next free hour:\s*<a href="[^"]*day=([0-9-]+)', seen(desk.browser))
    assert found
    assert date.fromisoformat(found[1]) >= until.date()


def test_an_hour_its_client_confirmed_says_so(desk: Desk) -> None:
    hour = an_hour(desk.course, desk.now + timedelta(days=7))
    on = (desk.now + timedelta(days=7)).date().isoformat()
    assert "client confirmed" not in seen(desk.browser, on=on)
    actions.say_i_come(actor=client_account(desk.course), at=desk.now, session_id=hour)
    assert "client confirmed" in seen(desk.browser, on=on)


def test_a_month_counts_and_leads_to_its_days(desk: Desk) -> None:
    monday = coming_monday(desk)
    for hour in range(9, 16):
        an_hour(desk.course, wall(monday, hour))
    page = seen(desk.browser, on=monday, view="month")
    assert "2 more" in page
    assert "7 hours" in page
    assert f"view=day&amp;by=therapist&amp;on={monday.isoformat()}" in page
    everybody = seen(signed_in(a_manager()), on=monday, view="month")
    assert "7 hours" in everybody
    assert "Jonas" not in everybody


@pytest.mark.parametrize("said", [{}, {"view": "month"}, {"view": "day"}, {"by": "room"}, {"who": "all"}])
def test_more_hours_cost_no_more_statements(desk: Desk, said: dict[str, str]) -> None:
    monday, manager = coming_monday(desk), signed_in(a_manager())
    room = Room.objects.create(name="Lime room", added_at=AT)
    for browser in (desk.browser, manager):
        counts = []
        for _number in range(3):
            course = a_course(desk.course.therapist, f"Client {uuid4()}")
            start = TherapySession.objects.count()
            in_room(course, wall(monday, 9 + start % 12), room.id)
            forget_keys()
            with CaptureQueriesContext(connection) as captured, CaptureQueriesContext(connections["keys"]) as opened:
                seen(browser, on=monday, **said)
            counts.append(len(captured) + len(opened))
        assert counts[1] == counts[2]  # one key is found by itself, several together
        assert counts[2] <= 25


def a_series(desk: Desk, monday: date) -> list[TherapySession]:
    actions.book_series(
        actor=desk.course.therapist,
        at=AT,
        episode_id=desk.course.episode,
        first_day=monday,
        slots=(Slot(0, time(9)),),
        length_minutes=50,
        count=4,
    )
    return list(TherapySession.objects.exclude(series=None).order_by("planned_start"))


def test_a_dropped_hour_asks_before_it_moves(desk: Desk) -> None:
    monday = coming_monday(desk)
    hour = an_hour(desk.course, wall(monday, 9))
    at = f"/desk/sessions/{hour}/move/"
    tuesday = monday + timedelta(days=1)
    page = desk.browser.get(at, {"day": tuesday.isoformat(), "start": "11:15"}).content.decode()
    assert "Move the hour of Jonas Weber?" in page
    assert f'value="{tuesday.isoformat()}"' in page
    assert 'value="11:15' in page
    assert "this one and the following" not in page
    assert TherapySession.objects.get(id=hour).planned_start == wall(monday, 9)


def test_of_a_series_this_one_or_the_following(desk: Desk) -> None:
    monday = coming_monday(desk)
    hours = a_series(desk, monday)
    at = f"/desk/sessions/{hours[1].id}/move/"
    assert "this one and the following" in desk.browser.get(at).content.decode()
    to = {"day": monday + timedelta(days=8), "start": "11:00", "length": 50}
    assert desk.browser.post(at, {**to, "which": "one"}).status_code == 303
    assert desk.browser.post(at, {**to, "start": "12:00", "which": "following"}).status_code == 303
    rows = TherapySession.objects.exclude(series=None).order_by("planned_start")
    assert [row.planned_start.astimezone(LONDON).strftime("%a %H") for row in rows] == [
        "Mon 09", "Tue 12", "Tue 12", "Tue 12"
    ]  # fmt: skip


def test_taken_days_come_back_by_name_and_can_be_left_out(desk: Desk) -> None:
    monday = coming_monday(desk)
    hours = a_series(desk, monday)
    taken = monday + timedelta(days=15)
    an_hour(a_course(desk.course.therapist, "Amina Bello"), wall(taken, 11))
    at, to = f"/desk/sessions/{hours[1].id}/move/", {"day": monday + timedelta(days=8), "start": "11:00", "length": 50}
    answer = desk.browser.post(at, {**to, "which": "following"})
    assert answer.status_code == 422
    assert f'value="{taken.isoformat()}"' in answer.content.decode()
    assert desk.browser.post(at, {**to, "which": "following", "leave_out": [taken]}).status_code == 303


def test_a_busy_time_or_a_wrong_form_moves_nothing(desk: Desk) -> None:
    monday = coming_monday(desk)
    hour = an_hour(desk.course, wall(monday, 9))
    an_hour(a_course(desk.course.therapist, "Amina Bello"), wall(monday, 11))
    at = f"/desk/sessions/{hour}/move/"
    busy = desk.browser.post(at, {"day": monday, "start": "11:30", "length": 50})
    assert busy.status_code == 422
    assert "You already have a session then" in busy.content.decode()
    assert 'value="11:30' in busy.content.decode()
    assert desk.browser.post(at, {"day": monday, "start": "", "length": 50}).status_code == 422


def test_from_here_on_elsewhere(desk: Desk) -> None:
    hours = a_series(desk, coming_monday(desk))
    said = {"place": "video", "words": "the usual link", "which": "following"}
    assert desk.browser.post(f"/desk/sessions/{hours[2].id}/place/", said).status_code == 303
    places = TherapySession.objects.exclude(series=None).order_by("planned_start").values_list("place", flat=True)
    assert list(places) == ["room", "room", "video", "video"]


def test_a_taken_room_is_named_by_its_days(desk: Desk) -> None:
    monday = coming_monday(desk)
    hours = a_series(desk, monday)
    room = Room.objects.create(name="Lime room", added_at=AT)
    other = a_course(a_therapist("Ruth Other"), "Amina Bello")
    in_room(other, wall(monday + timedelta(days=7), 9), room.id)
    said = {"place": "room", "room": room.id, "which": "following"}
    answer = desk.browser.post(f"/desk/sessions/{hours[0].id}/place/", said)
    assert answer.status_code == 422
    assert f"taken on: {date_format(monday + timedelta(days=7), 'j F')}." in answer.content.decode()


def test_a_series_ends(desk: Desk) -> None:
    hours = a_series(desk, coming_monday(desk))
    at = f"/desk/diary/series/{hours[0].series_id}/end/"
    assert desk.browser.get(at).status_code == 405
    assert TherapySession.objects.filter(series=hours[0].series, state="planned").count() == 4
    assert desk.browser.post(at).status_code == 303
    assert not TherapySession.objects.filter(series=hours[0].series, state="planned").exists()


def test_a_series_on_days_and_times_of_its_own(desk: Desk) -> None:
    monday = coming_monday(desk)
    said = {
        "episode": desk.course.episode, "first_day": monday, "start": "09:00", "length": 45, "every_weeks": 5,
        "more_days": [3], "more_start": "17:30", "count": 4, "place": "room", "key": uuid4(),
    }  # fmt: skip
    assert desk.browser.post("/desk/diary/series/", said).status_code == 303
    rows = TherapySession.objects.exclude(series=None).order_by("planned_start")
    assert [(row.planned_start.astimezone(LONDON) - wall(monday, 0)).days for row in rows] == [0, 3, 35, 38]
    assert [f"{row.planned_start.astimezone(LONDON):%H:%M}" for row in rows] == ["09:00", "17:30"] * 2


def test_a_stranger_moves_nothing(desk: Desk) -> None:
    hour = an_hour(desk.course, wall(coming_monday(desk), 9))
    stranger = signed_in(a_therapist("Ruth Stranger"))
    for name in ("move", "place"):
        foreign, unknown = (stranger.get(f"/desk/sessions/{key}/{name}/") for key in (hour, uuid4()))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.content == unknown.content


def test_without_rooms_the_rooms_say_so() -> None:
    a_practice()
    assert "The practice has no rooms yet" in seen(signed_in(a_therapist()), by="room")


def test_the_client_s_clock_stands_beside_ours_where_it_says_something_else(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 15))
    assert "in New York" not in seen(desk.browser, on=monday)
    set_zone(actor=desk.course.therapist, at=desk.now, client_id=desk.course.client, zone="America/New_York")
    theirs = wall(monday, 15).astimezone(ZoneInfo("America/New_York"))
    assert f"{theirs:%H:%M} in New York" in seen(desk.browser, on=monday)


def test_time_kept_free_stands_on_the_grid_with_words_for_its_owner_s_eyes(desk: Desk) -> None:
    monday = coming_monday(desk)
    actions.block_time(
        actor=desk.course.therapist, at=desk.now, start=wall(monday, 13), end=wall(monday, 15), kind=BlockKind.OTHER,
        words="To the dentist",
    )  # fmt: skip
    page = seen(desk.browser, on=monday)
    assert "kept-free" in block(page, "13:00–15:00")
    assert "To the dentist" in page
    assert not {"13:00", "14:00"} & set(re.findall(r'data-start="([^"]*)"', page.split("Tue ")[0]))
    desk.browser.post(f"{DIARY}names/", {"names": "initials", "back": DIARY})
    assert "To the dentist" not in seen(desk.browser, on=monday)
    assert "To the dentist" not in seen(signed_in(a_therapist("Ruth Stranger")), on=monday)


def test_that_a_client_comes_is_said_until_the_hour_moves(desk: Desk) -> None:
    monday = coming_monday(desk)
    hour = an_hour(desk.course, wall(monday, 10))
    assert "client confirmed" not in words_of(seen(desk.browser, on=monday), "10:00–10:50")
    SessionStep.objects.create(
        session_id=hour, seq=9, kind=StepKind.CONFIRMED, starts_at=wall(monday, 10), recorded_at=desk.now,
        recorded_by=desk.course.client,
    )  # fmt: skip
    page = seen(desk.browser, on=monday)
    assert "client confirmed" in words_of(page, "10:00–10:50")
    assert "confirmed" in block(page, "10:00–10:50")
    actions.move_session(
        actor=desk.course.therapist, at=desk.now, session_id=hour, start=wall(monday, 12), end=wall(monday, 13)
    )  # fmt: skip
    assert "client confirmed" not in words_of(seen(desk.browser, on=monday), "12:00–13:00")


def words_of(page: str, when: str) -> str:
    """What a block says after its time."""
    return page.split(when, 1)[1].split("</a>", 1)[0]


def test_a_week_of_many_says_when_and_not_who(desk: Desk) -> None:
    monday = coming_monday(desk)
    an_hour(desk.course, wall(monday, 10))
    for number in range(8):
        a_therapist(f"Colleague {number}")
    manager = signed_in(a_manager())
    page = seen(manager, on=monday, who="all")
    assert "when, and not who" in page
    assert '<span class="chip in-room is-planned">10:00</span>' in page
    assert "Jonas" not in page
    day = re.search(r'class="times" href="([^"]*)"', page)
    assert day
    assert "Jonas Weber" in manager.get(DIARY + day[1].replace("&amp;", "&")).content.decode()
