"""What the diary can hold, and the names of what it cannot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from rapport.practice.organisation.models import Room
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules.blocks import is_away
from rapport.practice.sessions.rules.moments import TAKES_TIME

LONGEST = timedelta(hours=10)
LONGEST_BLOCK = timedelta(days=366)
LONGEST_SERIES = 104
HELD_AFTER_END = timedelta(minutes=15)


class DiaryRefusal(Exception):
    """The diary cannot hold this. The class says why."""


class NoLength(DiaryRefusal):
    """The session would end the moment it begins."""


class EndsBeforeItStarts(DiaryRefusal):
    """The end lies before the start."""


class TooLong(DiaryRefusal):
    """Longer than ten hours."""


class TherapistBusy(DiaryRefusal):
    """The therapist already has a session then."""


class RoomBusy(DiaryRefusal):
    """The room is already taken then."""


class TherapistAway(DiaryRefusal):
    """The therapist, or the whole practice, is away or busy then."""


class ClientBusy(DiaryRefusal):
    """The client already has a session then."""


class RoomUnknown(DiaryRefusal):
    """There is no such open room."""


class EpisodeClosed(DiaryRefusal):
    """The episode is closed; nothing more is booked in it."""


class TooEarly(DiaryRefusal):
    """This can only be said once the hour has begun."""


class NotYetTold(DiaryRefusal):
    """A cancellation cannot have arrived in the future."""


class StateMoved(DiaryRefusal):
    """The session is no longer in the state this was meant for."""


class ReasonMissing(DiaryRefusal):
    """A correction, or an hour cut short, says why."""


class NoSeries(DiaryRefusal):
    """The session belongs to no series, so nothing follows it."""


class NoSuchContinuation(DiaryRefusal):
    """With several sessions a week, one moves within its week and to a day of its own."""


class NotNow(DiaryRefusal):
    """How the hour began and ended is said around the hour, not at any time."""


def check_block(start: datetime, end: datetime) -> None:
    """Refuse, by name, a time without length, backwards or longer than a year."""
    if end == start:
        raise NoLength("A time kept free needs a length.")
    if end < start:
        raise EndsBeforeItStarts("The time would end before it begins.")
    if end - start > LONGEST_BLOCK:
        raise TooLong("At most a year at a time.")


def check_hours(start: datetime, end: datetime) -> None:
    """Refuse, by name, a session without length, backwards or longer than ten hours."""
    if end == start:
        raise NoLength("A session needs a length.")
    if end < start:
        raise EndsBeforeItStarts("The session would end before it begins.")
    if end - start > LONGEST:
        raise TooLong("A session lasts at most ten hours.")


def open_room(room_id: UUID | None) -> Room | None:
    """The room of this id, if one was asked for; refuse one that does not exist or was given up."""
    if room_id is None:
        return None
    room = Room.objects.filter(id=room_id, closed_at=None).first()
    if room is None:
        raise RoomUnknown("There is no such room.")
    return room


def refuse_clash(session: TherapySession, besides: Collection[UUID] = ()) -> None:
    """Refuse by name if the therapist, the room or the client is taken then. `besides` are hours that make way.

    This look is there for its words. What decides are the guards of migration 0002, in the database.
    """
    if is_away(session.therapist_id, session.planned_start, session.planned_end):
        raise TherapistAway("This time is kept free.")
    wanted = Q(therapist_id=session.therapist_id) | Q(client_id=session.client_id)
    if session.room_id:
        wanted |= Q(room_id=session.room_id)
    taken = TherapySession.objects.filter(
        wanted, state__in=TAKES_TIME, planned_start__lt=session.planned_end, planned_end__gt=session.planned_start
    ).exclude(id__in={session.id, *besides})
    for therapist_id, room_id in taken.values_list("therapist_id", "room_id"):
        if therapist_id == session.therapist_id:
            raise TherapistBusy("There is already a session then.")
        if session.room_id and room_id == session.room_id:
            raise RoomBusy("The room is already taken then.")
        raise ClientBusy("The client already has a session then.")
