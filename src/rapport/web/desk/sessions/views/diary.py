"""The diary: a day, a week or a month, of a therapist, of a room or of everybody; and every hour of one course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.practice.episodes.queries import episode
from rapport.practice.organisation.choices import PracticeFacts
from rapport.practice.organisation.queries import practice, rooms
from rapport.practice.security.policy.actor import Role
from rapport.practice.sessions import queries
from rapport.practice.sessions.queries import GridHour
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.grid.asked import Asked, By, View, asked
from rapport.web.desk.sessions.grid.chips import Chip, Reader, chip_of, chip_of_block
from rapport.web.desk.sessions.grid.columns import Source, grid_of
from rapport.web.desk.sessions.grid.reader import keep_names, reader_of
from rapport.web.desk.sessions.grid.table import MonthDay, lines_of, times_of, weeks_of
from rapport.web.doors.page import PageRequest, page

USUAL_MINUTES = 50
MOST_SIDE_BY_SIDE = 8
People = tuple[tuple[UUID, str], ...]


@page("appointment", "list")
def diary(request: PageRequest) -> HttpResponse:
    """Whose hours take which time."""
    house = practice(viewer=request.actor, at=request.at)
    wanted = asked(request, house.zone)
    today = request.at.astimezone(house.zone).date()
    reader = reader_of(request, house.zone)
    who = _who(request, wanted)
    shown = (_of_many if _is_of_many(wanted, who) else _of_some)(request, wanted, who, house, reader)
    return show(
        request,
        "sessions/diary/diary.html",
        asked=wanted,
        everyone=who,
        can_choose=wanted.by is By.ROOM or Role.MANAGER in request.actor.roles,
        title=_title(wanted, who),
        period=_period(wanted),
        today_link=wanted.link(on=today),
        before_link=wanted.link(on=wanted.before),
        after_link=wanted.link(on=wanted.after),
        views=[(wanted.link(view=each), words, wanted.view is each) for each, words in _views()],
        sides=[(wanted.link(by=each, whose=None), words, wanted.by is each) for each, words in _sides()],
        free=_next_free(request, wanted, house),
        book=_book(wanted),
        with_names=reader.with_names,
        here=request.get_full_path(),
        **shown,
    )


@page("appointment", "list")
def names(request: PageRequest) -> HttpResponseRedirect:
    """Write names out on this screen, or initials only; the screen remembers."""
    back = request.POST.get("back", "")
    here = reverse("desk:diary")
    response = HttpResponseRedirect(back if back == here or back.startswith(f"{here}?") else here, status=303)
    if request.method == "POST":
        keep_names(response, with_names=request.POST.get("names") != "initials")
        messages.success(request, _("This screen remembers it."))
    return response


@page("appointment", "read")
def sessions(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Every hour of an episode, with what the hours come to."""
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    course = queries.course_of_hours(viewer=request.actor, at=request.at, episode_id=episode_id)
    marks = queries.note_marks(viewer=request.actor, at=request.at, session_ids=[h.id for h in course.sessions])
    rows = [(hour, marks.get(hour.id, ())) for hour in reversed(course.sessions)]
    return show(
        request,
        "sessions/sessions.html",
        episode=facts,
        course=course,
        rows=rows,
        coming=queries.next_session(viewer=request.actor, at=request.at, episode_id=episode_id),
    )


def _who(request: PageRequest, wanted: Asked) -> People:
    """The therapists or rooms one can choose from."""
    if wanted.by is By.THERAPIST:
        return queries.diaries(viewer=request.actor, at=request.at)
    return tuple((room.id, room.name) for room in rooms(viewer=request.actor, at=request.at))


def _hours(request: PageRequest, wanted: Asked) -> tuple[GridHour, ...]:
    start, end = wanted.span
    return queries.diary(
        viewer=request.actor,
        at=request.at,
        start=start,
        end=end,
        therapist_id=wanted.therapist_id,
        room_id=wanted.room_id,
        in_rooms=wanted.by is By.ROOM,
    )


def _is_of_many(wanted: Asked, who: People) -> bool:
    """A month of everybody, or a week of more people than stand side by side: when, and not who."""
    week_of_many = wanted.view is View.WEEK and len(who) > MOST_SIDE_BY_SIDE
    return wanted.whose is None and (wanted.view is View.MONTH or week_of_many)


def _of_many(request: PageRequest, wanted: Asked, who: People, house: PracticeFacts, reader: Reader) -> dict[str, Any]:
    """When time is taken, of everybody or in all rooms."""
    start, end = wanted.span
    taken = queries.taken_times(
        viewer=request.actor, at=request.at, start=start, end=end, in_rooms=wanted.by is By.ROOM
    )  # fmt: skip
    if wanted.view is View.MONTH:
        counted = Counter(each.start.astimezone(house.zone).date() for each in taken)
        return {"weeks": _weeks(request, wanted, house, (), counted), "count": len(taken)}
    people = [(key, name, wanted.link(whose=key), _days_of(wanted, key)) for key, name in who]
    return {
        "lines": times_of(wanted.days, taken, people, reader),
        "days": wanted.days,
        "count": len(taken),
        "many": True,
    }


def _days_of(wanted: Asked, whose: UUID) -> Callable[[date], str]:
    """The address of one person's day; built once, because many are needed."""
    link = wanted.link(view=View.DAY, whose=whose)
    return lambda day: link.replace(f"on={wanted.on.isoformat()}", f"on={day.isoformat()}")


def _of_some(request: PageRequest, wanted: Asked, who: People, house: PracticeFacts, reader: Reader) -> dict[str, Any]:
    """The grid, the lines or the month with its hours, whichever holds what was asked for."""
    hours = _hours(request, wanted)
    count = {"count": sum(not hour.is_off for hour in hours)}
    if wanted.whose is None and (wanted.view is View.WEEK or len(who) > MOST_SIDE_BY_SIDE):
        people = [(key, name, wanted.link(whose=key)) for key, name in who]
        lines = lines_of(wanted.days, hours, people, reader, by_room=wanted.by is By.ROOM)
        return count | {"lines": lines, "days": wanted.days}
    chips = [chip_of(hour, reader) for hour in hours]
    if wanted.view is View.MONTH:
        return count | {"weeks": _weeks(request, wanted, house, chips, Counter()), "with_chips": True}
    kept = _kept_free(request, wanted, reader)
    sources = _by_day(wanted, chips + kept) if wanted.whose else _by_person(wanted, who, hours, chips)
    if not sources:
        return count | {"nobody": True}
    return count | {"grid": grid_of(sources, house.working, request.at, house.zone)}


def _weeks(
    request: PageRequest, wanted: Asked, house: PracticeFacts, chips: Sequence[Chip], taken: Counter[date]
) -> list[list[MonthDay]]:
    days = [(day, wanted.link(view=View.DAY, on=day)) for day in wanted.days]
    today = request.at.astimezone(house.zone).date()
    return weeks_of(days, chips, taken, house.working, today, wanted.on.month)


def _kept_free(request: PageRequest, wanted: Asked, reader: Reader) -> list[Chip]:
    """The times a therapist or the practice keeps free, where the diary is a therapist's."""
    if wanted.therapist_id is None:
        return []
    start, end = wanted.span
    blocks = queries.blocks_between(viewer=request.actor, at=request.at, start=start, end=end)
    return [chip_of_block(block, reader) for block in blocks if block.therapist_id in {None, wanted.therapist_id}]


def _by_day(wanted: Asked, chips: Sequence[Chip]) -> list[Source]:
    return [
        Source(
            date_format(day, "D j M"),
            wanted.link(view=View.DAY, on=day),
            day,
            _book(wanted, day),
            _touching(chips, day),
        )
        for day in wanted.days
    ]


def _touching(chips: Sequence[Chip], day: date) -> tuple[Chip, ...]:
    return tuple(chip for chip in chips if chip.day <= day <= chip.end.date())


def _by_person(wanted: Asked, who: People, hours: Sequence[GridHour], chips: Sequence[Chip]) -> list[Source]:
    """One day, the therapists or the rooms side by side."""
    found: dict[UUID | None, list[Chip]] = {}
    for hour, chip in zip(hours, chips, strict=True):
        found.setdefault(hour.room_id if wanted.by is By.ROOM else hour.therapist_id, []).append(chip)
    return [
        Source(
            name,
            wanted.link(whose=key, view=View.WEEK),
            wanted.on,
            _book(wanted, wanted.on, whose=key),
            tuple(found.get(key, ())),
        )
        for key, name in who
    ]


def _next_free(request: PageRequest, wanted: Asked, house: PracticeFacts) -> dict[str, Any] | None:
    """The next free hour of one diary, with where to book it."""
    if wanted.whose is None:
        return None
    moment = queries.next_free(
        viewer=request.actor,
        at=request.at,
        working=house.working,
        minutes=USUAL_MINUTES,
        therapist_id=wanted.therapist_id,
        room_id=wanted.room_id,
    )
    if moment is None:
        return {"at": None}
    wall = moment.astimezone(house.zone)
    return {"at": moment, "href": f"{_book(wanted, wall.date())}&start={wall:%H:%M}"}


def _book(wanted: Asked, day: date | None = None, whose: UUID | None = None) -> str:
    """Where a time of this diary is booked."""
    said = {"day": day.isoformat()} if day else {}
    if chosen := whose or wanted.whose:
        said[str(wanted.by)] = str(chosen)
    return f"{reverse('desk:book')}?{urlencode(said)}"


def _title(wanted: Asked, who: People) -> str:
    if wanted.whose is None:
        return _("All rooms") if wanted.by is By.ROOM else _("Everybody")
    return dict(who).get(wanted.whose, _("Diary"))


def _period(wanted: Asked) -> str:
    if wanted.view is View.DAY:
        return date_format(wanted.on, "l j F Y")
    if wanted.view is View.MONTH:
        return date_format(wanted.on, "F Y")
    first, last = wanted.days[0], wanted.days[0] + timedelta(days=6)
    return f"{date_format(first, 'j F')} – {date_format(last, 'j F Y')}"


def _views() -> list[tuple[View, str]]:
    return [(View.DAY, _("Day")), (View.WEEK, _("Week")), (View.MONTH, _("Month"))]


def _sides() -> list[tuple[By, str]]:
    return [(By.THERAPIST, _("People")), (By.ROOM, _("Rooms"))]
