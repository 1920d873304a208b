"""What the practice keeps of its hours."""

from rapport.practice.sessions.models.agenda import AgendaItem, Remembered, RoomSwitches
from rapport.practice.sessions.models.blocks import BusyCalendar, TimeBlock
from rapport.practice.sessions.models.drafts import Draft, DraftQuerySet, Kept
from rapport.practice.sessions.models.feeds import CalendarFeed
from rapport.practice.sessions.models.hours import SessionMoment, SessionStep, TherapySession
from rapport.practice.sessions.models.interventions import SessionIntervention
from rapport.practice.sessions.models.marks import SessionMark
from rapport.practice.sessions.models.notes import NoteAddendum, NoteDraft, ProgressNote
from rapport.practice.sessions.models.series import Series, SeriesException, SeriesSlot
from rapport.practice.sessions.models.threads import Thread, ThreadStep
from rapport.practice.sessions.models.waiting import SlotOffer, WaitingWish, WishedHours

__all__ = [
    "AgendaItem",
    "BusyCalendar",
    "CalendarFeed",
    "Draft",
    "DraftQuerySet",
    "Kept",
    "NoteAddendum",
    "NoteDraft",
    "ProgressNote",
    "Remembered",
    "RoomSwitches",
    "Series",
    "SeriesException",
    "SeriesSlot",
    "SessionIntervention",
    "SessionMark",
    "SessionMoment",
    "SessionStep",
    "SlotOffer",
    "TherapySession",
    "Thread",
    "ThreadStep",
    "TimeBlock",
    "WaitingWish",
    "WishedHours",
]
