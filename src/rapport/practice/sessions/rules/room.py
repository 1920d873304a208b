"""What may be noted in an hour, and when."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from rapport.clinical.sessions.room.marks import ENTERED_UNTIL
from rapport.clinical.sessions.states import SessionState
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules.diary import DiaryRefusal, NotNow

LINE = 300


class WordsMissing(DiaryRefusal):
    """A line without words."""


class LineTooLong(DiaryRefusal):
    """One line is a line."""


class NothingToTakeBack(DiaryRefusal):
    """Nothing was noted within the last hour."""


class OutsideTheHour(DiaryRefusal):
    """The chosen minute lies before the start or after the end."""


class UnknownIntervention(DiaryRefusal):
    """No list has this code."""


class AgendaFull(DiaryRefusal):
    """An hour does not hold more than that."""


class ThingGone(DiaryRefusal):
    """What the page showed is not there any more."""


def line(text: str, *, may_be_empty: bool = False) -> str:
    """One line as it is kept."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    tidy = "".join(character for character in tidy if unicodedata.category(character) not in {"Cc", "Cs"})
    if not tidy and not may_be_empty:
        raise WordsMissing("Write a few words.")
    if len(tidy) > LINE:
        raise LineTooLong("One line is enough.")
    return tidy


def moment_of(session: TherapySession, at: datetime, minute: int | None, ago: timedelta = timedelta()) -> datetime:
    """When in the hour something was: the chosen minute, or now less the little while it took to arrive."""
    if session.state not in {SessionState.RUNNING, SessionState.ENDED} or session.started_at is None:
        raise NotNow("The hour has not begun.")
    last = session.ended_at or at
    if at > last + ENTERED_UNTIL:
        raise NotNow("The hour is too far away; what is missing belongs into an addendum.")
    if minute is None:
        moment = min(at - max(timedelta(), ago), last)
        return max(moment, session.started_at)
    moment = session.started_at + timedelta(minutes=minute)
    if not session.started_at <= moment <= last:
        raise OutsideTheHour("Choose a minute of the hour.")
    return moment
