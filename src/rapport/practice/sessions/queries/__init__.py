"""Reading the hours and their notes."""

from rapport.practice.sessions.queries.board import (
    AgendaFacts,
    Board,
    InterventionFacts,
    MarkFacts,
    RoomSettings,
    board,
    noted,
)
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
from rapport.practice.sessions.queries.steps import StepFacts, steps
from rapport.practice.sessions.queries.threads import ThreadFacts, threads

__all__ = [
    "AddendumFacts",
    "AgendaFacts",
    "BeforeTheHour",
    "Board",
    "CourseOfHours",
    "InterventionFacts",
    "KeptText",
    "LastNote",
    "MarkFacts",
    "NoteFacts",
    "NoteMark",
    "RememberedFacts",
    "RoomSettings",
    "SessionFacts",
    "StepFacts",
    "ThreadFacts",
    "UnsignedNote",
    "before_the_hour",
    "between",
    "board",
    "course_of_hours",
    "day",
    "kept_texts",
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
