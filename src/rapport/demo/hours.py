"""The hours themselves: forms before, the start, the end, who did not come, the note."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.sessions.attendance import Attendance, CancelledBy
from rapport.clinical.sessions.recurrence import Slot
from rapport.clinical.sessions.states import Place
from rapport.demo import notes, room, safety, speaking, together
from rapport.demo.between import tasks
from rapport.demo.diary import Hour, Plan
from rapport.demo.forms import Folder
from rapport.demo.frame import rate_goals
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words
from rapport.practice.sessions.actions import (
    book_series,
    cancel_session,
    end_session,
    move_session,
    record_missed,
    say_how_it_is,
    start_session,
)
from rapport.practice.sessions.choices import Side
from rapport.practice.sessions.queries import sessions_of
from rapport.practice.speaking.queries import hour_to_prepare

TOLD_BEFORE = {"in_notice": timedelta(days=4), "late": timedelta(hours=5), "therapist": timedelta(days=6)}
WHY = {
    "in_notice": "Away for work that week; told in good time.",
    "late": "A sick child at home; rang in the morning.",
    "therapist": "Therapist ill. Another time was offered.",
}
FORM_DUE = timedelta(hours=14)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What the hours of one client are played with."""

    stage: Stage
    client: Client
    plan: Plan
    folder: Folder
    sessions: dict[object, UUID]
    agreed: dict[UUID, Words] = field(default_factory=dict)  # tasks that were not yet looked at together

    def start(self, hour: Hour) -> datetime:
        if self.plan.moved and self.plan.moved[0] == hour.day:
            return self.plan.moved[1]
        return self.stage.moment(hour.day, self.plan.wall)

    @property
    def last(self) -> int:
        return self.plan.past[-1].held


def book(stage: Stage, client: Client, plan: Plan, at: datetime) -> dict[object, UUID]:
    """Book the whole series; return the sessions by their day."""
    series = book_series(
        actor=client.therapist,
        at=at,
        episode_id=client.episode_id,
        first_day=plan.days[0],
        slots=(Slot(plan.days[0].weekday(), plan.wall),),
        length_minutes=int(plan.length / MINUTE),
        count=plan.count,
        every_weeks=plan.every_weeks,
        leave_out=plan.left_out,
        place=Place(client.words["course"].get("place", "room")),
        room_id=stage.rooms[client.words["therapist"]],
    )
    booked = sessions_of(viewer=client.therapist, at=at, episode_id=client.episode_id)
    return {one.planned_start.astimezone(stage.zone).date(): one.id for one in booked if one.series_id == series}


def play(held: Held) -> Scene:
    """Every past hour of a client, then the one that is now."""
    for hour in held.plan.past:
        yield from _move(held, hour)
        if hour.came:
            yield from _came(held, hour)
        else:
            yield from _missed(held, hour)
    yield from _prepares_next(held)
    now = next((day for day in held.plan.ahead if day <= held.stage.today), None)
    if now is None:
        return
    hour = Hour(now, held.last + 1, "came")
    yield from _move(held, hour)
    if held.client.words["course"].get("running"):
        start = held.start(hour)
        yield start
        _say(held.client, start, held.sessions[hour.day], Side.BEFORE, 5)
        start_session(actor=held.client.therapist, at=start, session_id=held.sessions[hour.day])
        yield held.stage.at
        room.now(held.client, held.sessions[hour.day], start, held.stage.at)


def _prepares_next(held: Held) -> Scene:
    """Whoever comes today or tomorrow may have written what would make it useful."""
    client, at = held.client, held.stage.at - timedelta(hours=5)
    if client.account is None or client.number % 2 == 0 or "ending" in client.words:
        return
    yield at
    coming = hour_to_prepare(viewer=client.account, at=at)
    if coming is not None and coming.start > held.stage.at:
        speaking.before_hour(client, at, coming.session_id, held.last + 1)


def _move(held: Held, hour: Hour) -> Scene:
    """An hour at an unusual time was moved there some days before."""
    start = held.start(hour)
    if held.plan.moved is None or held.plan.moved[0] != hour.day:
        return
    at = start - timedelta(days=3)
    yield at
    move_session(
        actor=held.client.therapist, at=at, session_id=held.sessions[hour.day], start=start,
        end=start + held.plan.length,
    )  # fmt: skip


def _missed(held: Held, hour: Hour) -> Scene:
    client, session_id, start = held.client, held.sessions[hour.day], held.start(hour)
    if hour.fate == "dna":
        at = start + 20 * MINUTE
        yield at
        record_missed(
            actor=client.therapist, at=at, session_id=session_id,
            reason="No word. Rang on the agreed number in the afternoon and left no message.",
        )  # fmt: skip
        return
    at = start - TOLD_BEFORE[hour.fate]
    yield at
    by = CancelledBy.THERAPIST if hour.fate == "therapist" else CancelledBy.CLIENT
    cancel_session(actor=client.therapist, at=at, session_id=session_id, by=by, reason=WHY[hour.fate])


def _came(held: Held, hour: Hour) -> Scene:
    client, start = held.client, held.start(hour)
    alert = yield from _forms(held, hour)
    session_id, chance = held.sessions[hour.day], client.chance
    begun = start + (12 if hour.fate == "late_arrival" else chance.randrange(0, 4)) * MINUTE
    feeling = chance.randrange(3, 8)
    if not alert and speaking.prepares(client, hour.held):
        yield start - speaking.EARLY
        speaking.before_hour(client, start - speaking.EARLY, session_id, hour.held)
    yield start - 6 * MINUTE
    tasks.say(client, start - 6 * MINUTE, held.agreed)
    _say(client, start - 6 * MINUTE, session_id, Side.BEFORE, feeling)
    yield begun
    start_session(actor=client.therapist, at=begun, session_id=session_id)
    short = hour.fate == "cut_short"
    over = client.words["course"].get("runs_over", 0) if hour.held > held.last - 4 else 0
    ended = start + held.plan.length - (20 if short else chance.randrange(-1, 2) - over) * MINUTE
    yield ended
    attendance = {"late_arrival": Attendance.LATE, "cut_short": Attendance.CUT_SHORT}
    end_session(
        actor=client.therapist, at=ended, session_id=session_id,
        attendance=attendance.get(hour.fate, Attendance.ATTENDED), reason="Had to leave for a train." if short else "",
    )  # fmt: skip
    yield ended + 2 * MINUTE
    _say(client, ended + 2 * MINUTE, session_id, Side.AFTER, min(10, feeling + chance.choice((-1, 0, 1, 1, 2))))
    together.after_hour(client, ended + 2 * MINUTE, session_id, hour.held)
    yield from _after(held, hour, session_id, ended)
    story = _hard_moment(client, hour)
    if alert and story:
        at = ended + timedelta(hours=16)
        yield at
        safety.close(client, at, alert, story)
    yield from tasks.between_hours(held.stage, client, hour.held, ended)


def _after(held: Held, hour: Hour, session_id: UUID, ended: datetime) -> Scene:
    """Goals, the safety plan where there is one, the note and its signature."""
    client, number = held.client, hour.held
    if number % 4 == 1 or number == held.last:
        rate_goals(client, ended + 3 * MINUTE, number / held.last)
    if number == 1:
        room.choose(client, ended + MINUTE)
    speaking.after_hour(client, ended + 3 * MINUTE, number)
    if number > held.last - room.LAST_HOURS:
        room.note(client, session_id, ended, held.last - number)
    tasks.look_at(client, ended + 3 * MINUTE, held.agreed, session_id)
    held.agreed.clear()
    held.agreed.update(tasks.agree(client, ended + 3 * MINUTE, session_id, held.last - number))
    plan = client.words.get("safety_plan", {})
    if plan.get("session") == number:
        safety.write_plan(client, ended + 4 * MINUTE)
    if number in plan.get("rehearsed", ()):
        safety.rehearse(client, ended + 4 * MINUTE)
    at = ended + client.chance.randrange(6, 40) * MINUTE
    yield at
    note = notes.write(client, at, session_id, notes.text_for(client, number))
    together.ruptures(client, at, session_id, number)
    if number in client.words.get("process", ()):
        notes.write_process_note(client, at + 5 * MINUTE, session_id, number)
    if number <= held.last - client.words["course"].get("drafts", 0):
        at += client.chance.choice((3 * MINUTE, 4 * MINUTE, timedelta(hours=15)))
        yield at
        notes.sign(client, at, note)


def _forms(held: Held, hour: Hour) -> Generator[datetime, None, UUID | None]:
    """The questions before the hour; an answer that needs a person is acted on at once. Returns its alert."""
    client, start = held.client, held.start(hour)
    on_paper = client.account is None or client.words.get("answers") == "paper"
    at = start - (10 * MINUTE if on_paper else FORM_DUE)
    yield at
    story, alert = _hard_moment(client, hour), None
    for place, instrument in enumerate(held.folder.courses):
        if _is_asked(held, hour, instrument):
            item9 = story["item9"] if story else 0
            alert = held.folder.answer(instrument, hour.held, at + place * 2 * MINUTE, item9=item9) or alert
    if alert and story:
        at += 45 * MINUTE
        yield at
        safety.act_on(client, at, alert, story)
    return alert


def _hard_moment(client: Client, hour: Hour) -> Words | None:
    return next((one for one in client.words.get("positive", ()) if one["session"] == hour.held), None)


def _is_asked(held: Held, hour: Hour, instrument: str) -> bool:
    """Symptoms each time and well-being now and then; the other way round where somebody came to grow."""
    grows = held.client.words["course"]["shape"] == "healthy"
    often = (instrument == "who5") is grows
    return often or hour.held % 3 == 0 or hour.held == held.last


def _say(client: Client, at: datetime, session_id: UUID, side: Side, value: int) -> None:
    if client.chance.random() < 0.85:
        say_how_it_is(actor=client.speaker, at=at, session_id=session_id, side=side, value=value)
