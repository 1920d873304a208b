"""What the practice keeps of its hours."""

from rapport.practice.sessions.models.agenda import AgendaItem, Remembered, RoomSwitches
from rapport.practice.sessions.models.answers import AnswerLink
from rapport.practice.sessions.models.blocks import BusyCalendar, TimeBlock
from rapport.practice.sessions.models.contacts import ContactEvent
from rapport.practice.sessions.models.drafts import Draft, DraftQuerySet, Kept
from rapport.practice.sessions.models.feeds import CalendarFeed
from rapport.practice.sessions.models.hours import SessionMoment, SessionStep, TherapySession
from rapport.practice.sessions.models.interventions import SessionIntervention
from rapport.practice.sessions.models.marks import SessionMark
from rapport.practice.sessions.models.notes import NoteAddendum, NoteDraft, ProgressNote
from rapport.practice.sessions.models.series import Series, SeriesException, SeriesSlot
from rapport.practice.sessions.models.threads import Thread, ThreadStep
from rapport.practice.sessions.models.waiting import SlotOffer, WaitingWish, WishedHours
from rapport.practice.sessions.models.waivers import ChargeWaiver
from rapport.practice.sessions.models.writing import NoteHabit, PersonInLife, Snippet

__all__ = [
    "AgendaItem",
    "AnswerLink",
    "BusyCalendar",
    "CalendarFeed",
    "ChargeWaiver",
    "ContactEvent",
    "Draft",
    "DraftQuerySet",
    "Kept",
    "NoteAddendum",
    "NoteDraft",
    "NoteHabit",
    "PersonInLife",
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
    "Snippet",
    "TherapySession",
    "Thread",
    "ThreadStep",
    "TimeBlock",
    "WaitingWish",
    "WishedHours",
]
