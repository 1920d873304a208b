"""Reading the hours and their notes."""

from rapport.practice.sessions.queries.answers import (
    AppointmentBehind,
    CancelledHour,
    Messages,
    appointment_behind,
    cancelled_by_link,
    confirmed_hours,
    messages_of,
)
from rapport.practice.sessions.queries.blocks import BlockFacts, blocks_between
from rapport.practice.sessions.queries.charges import HourCharge, WaiverFacts, charge_of
from rapport.practice.sessions.queries.course import CourseOfHours, course_of_hours
from rapport.practice.sessions.queries.diary import (
    SessionFacts,
    between,
    day,
    next_session,
    own_sessions,
    room,
    session,
    sessions_of,
)
from rapport.practice.sessions.queries.missed import MissedHour, missed_hours
from rapport.practice.sessions.queries.notes import (
    AddendumFacts,
    KeptText,
    NoteFacts,
    NoteMark,
    UnsignedNote,
    kept_texts,
    note,
    note_marks,
    note_state,
    unsigned,
)
from rapport.practice.sessions.queries.prep import BeforeTheHour, LastNote, RememberedFacts, before_the_hour
from rapport.practice.sessions.queries.room import (
    AgendaFacts,
    Board,
    InterventionFacts,
    MarkFacts,
    RoomSettings,
    board,
    noted,
)
from rapport.practice.sessions.queries.steps import StepFacts, steps
from rapport.practice.sessions.queries.threads import ThreadFacts, threads

__all__ = [
    "AddendumFacts",
    "AgendaFacts",
    "AppointmentBehind",
    "BeforeTheHour",
    "BlockFacts",
    "Board",
    "CancelledHour",
    "CourseOfHours",
    "HourCharge",
    "InterventionFacts",
    "KeptText",
    "LastNote",
    "MarkFacts",
    "Messages",
    "MissedHour",
    "NoteFacts",
    "NoteMark",
    "RememberedFacts",
    "RoomSettings",
    "SessionFacts",
    "StepFacts",
    "ThreadFacts",
    "UnsignedNote",
    "WaiverFacts",
    "appointment_behind",
    "before_the_hour",
    "between",
    "blocks_between",
    "board",
    "cancelled_by_link",
    "charge_of",
    "confirmed_hours",
    "course_of_hours",
    "day",
    "kept_texts",
    "messages_of",
    "missed_hours",
    "next_session",
    "note",
    "note_marks",
    "note_state",
    "noted",
    "own_sessions",
    "room",
    "session",
    "sessions_of",
    "steps",
    "threads",
    "unsigned",
]
