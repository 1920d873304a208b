"""Reading the hours and their notes."""

from rapport.practice.sessions.queries.blocks import BlockFacts, blocks_between
from rapport.practice.sessions.queries.breaks import breaks_ahead, breaks_of, own_breaks
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
from rapport.practice.sessions.queries.feeds import BusyCalendarFacts, FeedFacts, busy_calendars, own_feed
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
from rapport.practice.sessions.queries.waiting import (
    FreedFor,
    OfferFacts,
    Waiting,
    freed,
    offer_behind,
    own_offers,
    waiting_list,
)

__all__ = [
    "AddendumFacts",
    "AgendaFacts",
    "BeforeTheHour",
    "BlockFacts",
    "Board",
    "BusyCalendarFacts",
    "CourseOfHours",
    "FeedFacts",
    "FreedFor",
    "InterventionFacts",
    "KeptText",
    "LastNote",
    "MarkFacts",
    "NoteFacts",
    "NoteMark",
    "OfferFacts",
    "RememberedFacts",
    "RoomSettings",
    "SessionFacts",
    "StepFacts",
    "ThreadFacts",
    "UnsignedNote",
    "Waiting",
    "before_the_hour",
    "between",
    "blocks_between",
    "board",
    "breaks_ahead",
    "breaks_of",
    "busy_calendars",
    "course_of_hours",
    "day",
    "freed",
    "kept_texts",
    "next_session",
    "note",
    "note_marks",
    "note_state",
    "noted",
    "offer_behind",
    "own_breaks",
    "own_feed",
    "own_offers",
    "own_sessions",
    "room",
    "session",
    "sessions_of",
    "steps",
    "threads",
    "unsigned",
    "waiting_list",
]
