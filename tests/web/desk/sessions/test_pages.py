"""The day, the diary and the room as pages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from tests.factories.people import a_course, a_manager, a_therapist, client_account, signed_in
from tests.factories.sessions import a_held_hour, an_hour
from tests.web.desk.sessions.conftest import Desk

from rapport.practice.security.accounts.models import SignInSession
from rapport.practice.sessions import queries
from rapport.practice.sessions.models import TherapySession


def ours(desk: Desk) -> list[str]:
    session, episode = desk.session, desk.course.episode
    return [
        f"/desk/sessions/{session}/",
        f"/desk/room/{session}/",
        f"/desk/room/{session}/say/?side=before",
        f"/desk/episodes/{episode}/sessions/",
    ]


def test_a_day_without_anybody_is_a_sentence() -> None:
    assert "Nobody is booked today" in signed_in(a_therapist()).get("/desk/").content.decode()


def test_the_day_begins_with_its_sentence_and_offers_the_room(desk: Desk) -> None:
    page = desk.browser.get("/desk/").content.decode()
    assert "One hour with somebody today" in page
    assert f"/desk/room/{desk.session}/" in page
    assert "Nothing waits for you" in page


def test_unsigned_notes_need_their_therapist(desk: Desk) -> None:
    a_held_hour(desk.course, desk.now - timedelta(days=2))
    page = desk.browser.get("/desk/").content.decode()
    assert "One note unsigned" in page
    assert "overdue" in desk.browser.get("/desk/notes/unsigned/").content.decode()


@pytest.mark.parametrize(
    "path", ["/desk/", "/desk/diary/", "/desk/diary/book/", "/desk/diary/series/", "/desk/notes/unsigned/"]
)
def test_pages_of_ones_own_open(desk: Desk, path: str) -> None:
    assert desk.browser.get(path).status_code == 200


def test_a_stranger_hears_the_same_as_for_what_is_unknown(desk: Desk) -> None:
    stranger = signed_in(a_therapist("Ruth Stranger"))
    for path in ours(desk):
        unknown = path.replace(str(desk.session), str(uuid.uuid4())).replace(
            str(desk.course.episode), str(uuid.uuid4())
        )
        assert desk.browser.get(path).status_code == 200
        foreign, missing = stranger.get(path), stranger.get(unknown)
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert foreign.content == missing.content


def test_a_manager_and_a_client_have_no_room(desk: Desk) -> None:
    for actor in (a_manager(), client_account(desk.course)):
        assert signed_in(actor).get(f"/desk/room/{desk.session}/").status_code == 403


@pytest.mark.parametrize("path", ["/desk/", "/desk/diary/"])
def test_more_hours_cost_no_more_statements(desk: Desk, path: str) -> None:
    counts = []
    for number in (1, 2):
        for extra in range(number):
            an_hour(
                a_course(desk.course.therapist, f"Client {number}{extra}"),
                desk.now + timedelta(minutes=60 * number + 55 * extra),
            )
        with CaptureQueriesContext(connection) as captured:
            desk.browser.get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def booking(desk: Desk, **changed: object) -> dict[str, object]:
    day = (desk.now + timedelta(days=3)).date()
    asked = {
        "episode": desk.course.episode,
        "day": day,
        "first_day": day,
        "start": "09:00",
        "length": 50,
        "place": "room",
    }
    return {**asked, "every_weeks": 1, "count": 3, "key": uuid.uuid4(), **changed}


def test_what_the_page_of_a_therapist_holds_is_what_it_takes(desk: Desk) -> None:
    page = desk.browser.get("/desk/diary/book/").content.decode()
    offered = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    assert desk.browser.post("/desk/diary/book/", offered | booking(desk)).status_code == 303


def test_booking_an_hour(desk: Desk) -> None:
    said = booking(desk, words="Ring twice")
    for _ in range(2):  # sent twice, booked once
        assert desk.browser.post("/desk/diary/book/", said).status_code == 303
    assert TherapySession.objects.count() == 2
    assert (
        queries.session(viewer=desk.course.therapist, at=desk.now, session_id=said["key"]).place_words == "Ring twice"
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"length": 0}, "greater than or equal to 1"),
        ({"start": ""}, "required"),
        ({"episode": uuid.uuid4()}, "valid choice"),
    ],
)
def test_a_wrong_booking_comes_back_with_what_was_typed(desk: Desk, changed: dict[str, object], said: str) -> None:
    answer = desk.browser.post("/desk/diary/book/", booking(desk, words="Ring twice", **changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Ring twice" in answer.content.decode()


def test_a_taken_time_is_refused_in_words(desk: Desk) -> None:
    desk.browser.post("/desk/diary/book/", booking(desk))
    answer = desk.browser.post("/desk/diary/book/", booking(desk, start="09:30"))
    assert answer.status_code == 422
    assert "You already have a session then" in answer.content.decode()


def test_a_series_names_the_taken_day_and_leaves_it_out(desk: Desk) -> None:
    desk.browser.post("/desk/diary/book/", booking(desk))
    wanted = booking(desk)
    answer = desk.browser.post("/desk/diary/series/", wanted)
    taken = str(wanted["day"])
    assert answer.status_code == 422
    assert f'value="{taken}"' in answer.content.decode()
    assert desk.browser.post("/desk/diary/series/", {**wanted, "leave_out": [taken]}).status_code == 303
    assert TherapySession.objects.filter(series__isnull=False).count() == 2


def test_the_room_starts_holds_itself_open_and_ends(desk: Desk) -> None:
    room = f"/desk/room/{desk.session}/"
    assert "Begin when you are both here" in desk.browser.get(room).content.decode()
    assert desk.browser.post(f"{room}start/").status_code == 303
    held = SignInSession.objects.get(account_id=desk.course.therapist.account)
    planned_end = TherapySession.objects.get(id=desk.session).planned_end
    assert (held.held_path, held.held_open_until) == (room, planned_end + timedelta(minutes=15))
    page = desk.browser.get(room).content.decode()
    assert "data-room" in page
    assert "data-autosave" in page
    assert desk.browser.post(f"{room}end/", {"attendance": "cut_short"}).status_code == 422
    assert desk.browser.post(f"{room}end/", {"attendance": "attended"}).status_code == 303
    assert "You were together from" in desk.browser.get(room).content.decode()


def test_while_held_only_the_room_answers(desk: Desk) -> None:
    room = f"/desk/room/{desk.session}/"
    desk.browser.post(f"{room}start/")
    SignInSession.objects.update(active_at=desk.now - timedelta(minutes=40))
    typed = {"version": 1, "client_tab": uuid.uuid4().hex, "client_seq": 1, "text": "She came late"}
    assert desk.browser.get(room).status_code == 200
    assert desk.browser.post(f"{room}note/", typed, headers={"accept": "application/json"}).status_code == 200
    assert desk.browser.get("/desk/").status_code == 302
    assert desk.browser.get(f"/desk/sessions/{desk.session}/").status_code == 302


@pytest.mark.parametrize(("what", "place", "data"), [
    ("before", "say/", {"side": "before", "value": "4"}),
    ("ladder", "ladder/", {"rung": "quiet"}),
])  # fmt: skip
def test_a_device_handed_over_opens_one_question_and_nothing_else(
    desk: Desk, what: str, place: str, data: dict[str, str]
) -> None:
    room = f"/desk/room/{desk.session}/"
    asked = desk.browser.post(f"{room}over/", {"what": what}).headers["Location"]
    assert asked.startswith(f"{room}{place}")
    refused = desk.browser.post(f"{room}{place}", {"side": "before", "value": "11", "rung": "none"})
    for answer in (desk.browser.get(asked), refused):
        assert "Jonas" not in answer.content.decode()
    assert refused.status_code == 422
    assert desk.browser.post(f"{room}{place}", data).headers["Location"] == f"{room}{place}?given"
    assert "hand the device back" in desk.browser.get(f"{room}{place}?given").content.decode()
    for path in (room, "/desk/", f"{room}say/over/"):
        assert desk.browser.get(path).status_code in (302, 404)
    assert desk.browser.get(room).headers["Location"].startswith("/unlock/")


def test_what_the_client_tapped_stands_in_the_room(desk: Desk) -> None:
    asked = f"/desk/room/{desk.session}/say/"
    assert "How are you right now?" in desk.browser.get(f"{asked}?side=before").content.decode()
    assert desk.browser.post(asked, {"side": "before", "value": "4"}).status_code == 303
    assert "Before: 4 of 10" in desk.browser.get(f"/desk/room/{desk.session}/").content.decode()


def test_cancelling_moving_missing(desk: Desk) -> None:
    coming = an_hour(desk.course, desk.now + timedelta(days=5))
    at = f"/desk/sessions/{coming}"
    day = (desk.now + timedelta(days=6)).date().isoformat()
    assert desk.browser.post(f"{at}/move/", {"day": day, "start": "10:00", "length": 50}).status_code == 303
    assert desk.browser.post(f"{at}/missed/").status_code == 422
    told = {"by": "client", "told_on": (desk.now - timedelta(days=1)).date(), "told_at": "12:00"}
    assert desk.browser.post(f"{at}/cancel/", told).status_code == 303
    assert "cancelled in notice" in desk.browser.get(f"{at}/").content.decode()


def test_no_page_changes_anything_by_being_opened(desk: Desk) -> None:
    before = list(TherapySession.objects.values())
    for name in ("start", "end"):
        desk.browser.get(f"/desk/room/{desk.session}/{name}/")
    for name in ("move", "cancel", "missed", "skip", "times", "note", "process"):
        desk.browser.get(f"/desk/sessions/{desk.session}/{name}/")
    assert list(TherapySession.objects.values()) == before


def test_nobody_signed_in_is_sent_to_the_door(desk: Desk) -> None:
    assert Browser().get("/desk/").status_code == 302
