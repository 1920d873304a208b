"""An hour in the diary's few words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.sessions.queries import BlockFacts, GridHour
from rapport.web.components.templatetags.components import initials
from rapport.web.desk.sessions.words import ATTENDANCE, PLACES, STATES

KEPT_FREE = "kept-free"
SOME = UUID(int=0)
WORTH_A_WORD = {SessionState.RUNNING, SessionState.RESCHEDULED}
LOOK = {Attendance.LATE, Attendance.CUT_SHORT, Attendance.CANCELLED_LATE, Attendance.DID_NOT_ATTEND}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: their zone, and whether names are written out on this screen."""

    account: UUID
    is_manager: bool
    zone: ZoneInfo
    with_names: bool
    card: str = field(default_factory=lambda: reverse("desk:session", args=[SOME]))
    moving: str = field(default_factory=lambda: reverse("desk:session_move", args=[SOME]))

    def card_of(self, session_id: UUID) -> str:
        """The address of an hour's card; looked up once for all hours."""
        return self.card.replace(str(SOME), str(session_id))

    def moving_of(self, session_id: UUID) -> str:
        """Where an hour is moved."""
        return self.moving.replace(str(SOME), str(session_id))

    def called(self, name: str) -> str:
        return name if self.with_names else initials(name)


@dataclass(frozen=True, slots=True)
class Chip:
    """An hour, ready to be written: times by the wall, a name or initials, place and state as words and as classes."""

    id: UUID
    day: date
    start: datetime
    end: datetime
    minutes: int
    when: str
    until: str
    name: str
    note: str
    css: str
    href: str
    move: str


def chip_of(hour: GridHour, reader: Reader) -> Chip:
    """What an hour says to this reader."""
    start, end = hour.start.astimezone(reader.zone), hour.end.astimezone(reader.zone)
    may_edit = bool(hour.client_name) and (reader.is_manager or hour.in_care)
    can_move = may_edit and hour.state is SessionState.PLANNED
    move = reader.moving_of(hour.id) if can_move else ""
    return Chip(
        id=hour.id,
        day=start.date(),
        start=start,
        end=end,
        minutes=round((hour.end - hour.start) / timedelta(minutes=1)),
        when=f"{start:%H:%M}",
        until=f"{end:%H:%M}",
        name=reader.called(hour.client_name) if hour.client_name else _("taken"),
        note=_note(hour, start),
        css=_css(hour),
        href=reader.card_of(hour.id) if hour.in_care else move,
        move=move,
    )


def _note(hour: GridHour, start: datetime) -> str:
    words = [hour.room_name or str(PLACES[hour.place])] if hour.client_name else []
    if hour.place is not Place.ROOM and hour.room_name:
        words.insert(0, str(PLACES[hour.place]))
    if hour.attendance and hour.attendance is not Attendance.ATTENDED:
        words.append(str(ATTENDANCE[hour.attendance]))
    elif hour.state in WORTH_A_WORD:
        words.append(str(STATES[hour.state]))
    if hour.is_confirmed and hour.client_name:
        words.append(_("client confirmed"))
    if theirs := _theirs(hour, start):
        words.append(theirs)
    if start.fold:
        words.append(_("the second time, after the clocks went back"))
    return " · ".join(words)


def _theirs(hour: GridHour, start: datetime) -> str:
    """What the client's clock says, where it says something else."""
    local = hour.start.astimezone(hour.client_zone) if hour.client_zone else start
    if local.utcoffset() == start.utcoffset():
        return ""
    place = str(hour.client_zone).rpartition("/")[2].replace("_", " ")
    return _("%(time)s in %(place)s") % {"time": f"{local:%H:%M}", "place": place}


def chip_of_block(block: BlockFacts, reader: Reader) -> Chip:
    """Time kept free. Its words are its owner's, and not for a screen that others see."""
    start, end = block.start.astimezone(reader.zone), block.end.astimezone(reader.zone)
    return Chip(
        id=block.id,
        day=start.date(),
        start=start,
        end=end,
        minutes=round((block.end - block.start) / timedelta(minutes=1)),
        when=f"{start:%H:%M}",
        until=f"{end:%H:%M}",
        name=_("kept free"),
        note=block.words if reader.with_names else "",
        css=KEPT_FREE,
        href="",
        move="",
    )


def _css(hour: GridHour) -> str:
    if not hour.client_name:
        return "taken"
    state = "off" if hour.is_off else hour.state
    confirmed = " confirmed" if hour.is_confirmed else ""
    return f"in-{hour.place} is-{state}{confirmed}" + (" look" if hour.attendance in LOOK else "")
