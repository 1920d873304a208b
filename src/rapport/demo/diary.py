"""When the hours of each client are: a year back, some weeks ahead, and some today whatever day and hour it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rapport.demo.stage import Client, Stage

WALL_TIMES = tuple(time(hour) for hour in (9, 10, 11, 12, 14, 15, 16, 17))
FIRST_HOUR, LAST_HOUR = time(8), time(18, 30)
HALF_HOURS = 48
AHEAD = 6
HELD = {"late_arrival", "cut_short"}
# Today's hours, counted in half hours from now; the second number is taken where the first is not within today.
TODAY = {"earlier": (-4, 9), "now": (1, 0), "later": (3, -7), "last": (6, -10)}


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a client: its day, its number among the hours that were held, and what became of it."""

    day: date
    held: int
    fate: str

    @property
    def came(self) -> bool:
        return self.fate in HELD | {"came"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A client's series: its wall time, its past hours, the days to come; today's hour may be at a time of its own."""

    wall: time
    length: timedelta
    every_weeks: int
    past: tuple[Hour, ...]
    ahead: tuple[date, ...]
    left_out: frozenset[date]
    moved: tuple[date, datetime] | None = None

    @property
    def days(self) -> tuple[date, ...]:
        return (*(hour.day for hour in self.past), *self.ahead)

    @property
    def count(self) -> int:
        """How many places the series has, those left out included."""
        return (self.days[-1] - self.days[0]).days // (7 * self.every_weeks) + 1


class Diary:
    """Hands out the hours of the week, each once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._given: Counter[tuple[str, int]] = Counter()

    def free_wall(self, therapist: str, weekday: int) -> time:
        """The next free time of a therapist on a weekday."""
        place = self._given[therapist, weekday]
        self._given[therapist, weekday] += 1
        return WALL_TIMES[place % len(WALL_TIMES)]

    def working_day(self, day: date) -> date:
        """The day, or the Monday after it."""
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day

    def plan(self, client: Client, length_minutes: int) -> Plan:
        """The hours of a client, counted back from the next or the last one."""
        course = client.words["course"]
        slot = course["slot"]
        length = timedelta(minutes=length_minutes)
        if isinstance(slot, str):
            start = self._today(slot, running=course.get("running", False))
            return self._today_plan(client, length, start)
        last = self.working_day(self.stage.today - timedelta(weeks=course.get("ended_weeks", 0)) + timedelta(days=slot))
        wall = self.free_wall(client.words["therapist"], last.weekday())
        if "ended_weeks" in course:
            return self._counted(client, wall, length, last, is_over=True)
        return self._counted(client, wall, length, last)

    def _today(self, slot: str, *, running: bool) -> datetime:
        local = self.stage.at.astimezone(self.stage.zone)
        now = local.hour * 2 + local.minute // 30
        first, second = (0, 0) if running else TODAY[slot]
        place = now + first if 0 <= now + first < HALF_HOURS - 1 else now + second
        return self.stage.moment(self.stage.today, time(place // 2, place % 2 * 30))

    def _today_plan(self, client: Client, length: timedelta, start: datetime) -> Plan:
        """Today's hour belongs to a series at an ordinary time; where now is none, it was moved from the day before."""
        today = self.stage.today
        if today.weekday() <= 4 and FIRST_HOUR <= start.time() <= LAST_HOUR:
            return self._counted(client, start.time(), length, today, is_over=start + length <= self.stage.at)
        day = today - timedelta(days=max(1, today.weekday() - 4, 3 if today.weekday() == 0 else 1))
        wall = self.free_wall(client.words["therapist"], day.weekday())
        return self._counted(client, wall, length, day, is_over=start + length <= self.stage.at, moved=(day, start))

    def _counted(
        self,
        client: Client,
        wall: time,
        length: timedelta,
        last: date,
        *,
        is_over: bool = False,
        moved: tuple[date, datetime] | None = None,
    ) -> Plan:
        course, therapist = client.words["course"], client.words["therapist"]
        every = course.get("every", 1)
        step = timedelta(weeks=every)
        fates = _fates(course)
        days: list[date] = []
        day = last if is_over else last - step
        while len(days) < len(fates):
            if not self.stage.is_closed(day, therapist) or (moved and day == moved[0]) or day == self.stage.today:
                days.append(day)
            day -= step
        days.reverse()
        coming = [] if "ended_weeks" in course else [last + step * n for n in range(is_over, AHEAD)]
        ahead = tuple(one for one in coming if one == last or one not in self.stage.closed_days())
        whole = (*days, *ahead)
        places = {days[0] + step * n for n in range((whole[-1] - days[0]).days // (7 * every) + 1)}
        return Plan(wall, length, every, _numbered(days, fates), ahead, frozenset(places - set(whole)), moved)


def _fates(course: dict[str, object]) -> list[str]:
    """What becomes of each past hour: as many held as the story says, and the missed ones in their places."""
    said = course.get("missed", {})
    missed = {int(place): str(fate) for place, fate in said.items()} if isinstance(said, dict) else {}
    wanted = course["sessions"]
    fates: list[str] = []
    while sum(fate == "came" or fate in HELD for fate in fates) < int(str(wanted)) or len(fates) + 1 in missed:
        fates.append(missed.get(len(fates) + 1, "came"))
    return fates


def _numbered(days: list[date], fates: list[str]) -> tuple[Hour, ...]:
    held, hours = 0, []
    for day, fate in zip(days, fates, strict=True):
        held += fate == "came" or fate in HELD
        hours.append(Hour(day, held, fate))
    return tuple(hours)
