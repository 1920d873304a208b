"""The whole way of one client through the practice, from the request to wherever they are now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from rapport.demo import hours, notes, safety
from rapport.demo.arrival import come, enter_portal, withdraw
from rapport.demo.diary import Diary, Plan
from rapport.demo.endings import end
from rapport.demo.forms import ITEMS, Folder
from rapport.demo.frame import agree, agreement, decide, interview
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import words
from rapport.practice.sessions.actions import book_session, end_session, start_session

WAITS = 21  # days between the request and the first meeting
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def live(stage: Stage, diary: Diary, client: Client) -> Scene:
    """Whatever is written about this client."""
    if client.words.get("course", {}).get("sessions"):
        plan = diary.plan(client, agreement(client.words["agreement"]).length_minutes)
        return _in_therapy(stage, client, plan)
    if "assessing" in client.words:
        return _in_assessment(stage, diary, client)
    return come(stage, client, _request(stage, client, client.words["referral"]["days"]))


def _request(stage: Stage, client: Client, days_ago: int) -> datetime:
    """Somewhere in the working day."""
    wall = time(9 + client.number % 8, 10 + client.number % 40)
    return stage.moment(stage.today - timedelta(days=days_ago), wall)


def _in_therapy(stage: Stage, client: Client, plan: Plan) -> Scene:
    first = plan.days[0]
    meetings = _two_weeks_before(stage, client, first)
    asked = _request(stage, client, (stage.today - meetings[0]).days + WAITS)
    folder = Folder(stage, client, plan.past[-1].held + 1)
    yield from come(stage, client, asked)
    yield from enter_portal(client, asked + timedelta(days=3))
    yield from _answer_first(client, folder, asked + timedelta(days=6))
    yield from _assess(stage, client, plan.wall, meetings)
    decided = stage.moment(meetings[-1], time(18, 30))
    yield decided
    decide(client, decided)
    yield from agree(stage, client, decided + timedelta(hours=16))
    booked = stage.moment(first, time(8)) - timedelta(days=1)
    yield booked
    notes.note_people(client, booked)
    held = hours.Held(stage, client, plan, folder, hours.book(stage, client, plan, booked))
    yield from hours.play(held)
    if "ending" in client.words:
        yield from end(stage, client, held.start(plan.past[-1]) + plan.length)
    if "withdrawn" in client.words:
        yield from withdraw(client, stage.at - timedelta(hours=3))
    if "open_alert" in client.words:
        yield from _needs_a_person(stage, client, folder)


def _in_assessment(stage: Stage, diary: Diary, client: Client) -> Scene:
    """Not yet decided: some meetings were held, the next one is booked."""
    said = client.words["assessing"]
    coming = diary.working_day(stage.today + timedelta(days=said["next"]))
    wall = diary.free_wall(client.words["therapist"], coming.weekday())
    asked = _request(stage, client, client.words["referral"]["days"])
    folder = Folder(stage, client, 1)
    yield from come(stage, client, asked)
    yield from enter_portal(client, asked + timedelta(days=1, hours=6))
    if not client.words.get("invited"):
        yield from _answer_first(client, folder, asked + timedelta(days=5))
    past = [coming - WEEK * n for n in range(said["sessions"], 0, -1)]
    yield from _assess(stage, client, wall, past)
    at = stage.at - timedelta(hours=6)
    yield at
    _book(stage, client, stage.moment(coming, wall), at)


def _two_weeks_before(stage: Stage, client: Client, first: date) -> list[date]:
    """The last two days of the same weekday on which the therapist is there."""
    days = (first - WEEK * n for n in range(1, 9))
    there = [day for day in days if not stage.is_closed(day, client.words["therapist"])]
    return [there[1], there[0]]


def _answer_first(client: Client, folder: Folder, at: datetime) -> Scene:
    """The questions before the assessment. One client prefers to tell one answer in person."""
    yield at
    item9 = None if client.words["course"].get("tells_in_person") else 0
    for place, instrument in enumerate(ITEMS):
        folder.answer(instrument, 0, at + place * 3 * MINUTE, item9=item9)


def _assess(stage: Stage, client: Client, wall: time, days: list[date]) -> Scene:
    """The first meetings: held, written up, and the interview filled in."""
    for place, day in enumerate(days):
        start = stage.moment(day, wall)
        yield start - timedelta(days=4)
        session_id = _book(stage, client, start, start - timedelta(days=4))
        yield start
        start_session(actor=client.therapist, at=start, session_id=session_id)
        ended = start + 50 * MINUTE
        yield ended
        end_session(actor=client.therapist, at=ended, session_id=session_id)
        at = ended + 12 * MINUTE
        yield at
        safety.ask_in_person(client, at)
        if place == 0:
            interview(client, at)
        notes.sign(client, at, notes.write(client, at, session_id, words("notes")["assessment"][place]))


def _book(stage: Stage, client: Client, start: datetime, at: datetime) -> UUID:
    return book_session(
        actor=client.therapist, at=at, episode_id=client.episode_id, start=start, end=start + 50 * MINUTE,
        room_id=stage.rooms[client.words["therapist"]],
    )  # fmt: skip


def _needs_a_person(stage: Stage, client: Client, folder: Folder) -> Scene:
    """An answer given a little while ago, which nobody has acted on yet."""
    story = client.words["open_alert"]
    at = stage.at - timedelta(minutes=story["minutes"])
    yield at
    folder.answer("phq9", len(folder.courses["phq9"]) - 1, at, item9=story["item9"])
