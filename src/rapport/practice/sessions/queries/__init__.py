"""Reading the hours and their notes."""

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
from rapport.practice.sessions.queries.grid import GridHour, diaries, diary, next_free
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
from rapport.practice.sessions.queries.steps import StepFacts, steps

__all__ = [
    "AddendumFacts",
    "CourseOfHours",
    "GridHour",
    "KeptText",
    "NoteFacts",
    "NoteMark",
    "SessionFacts",
    "StepFacts",
    "UnsignedNote",
    "between",
    "course_of_hours",
    "day",
    "diaries",
    "diary",
    "kept_texts",
    "next_free",
    "next_session",
    "note",
    "note_marks",
    "note_state",
    "own_sessions",
    "room",
    "session",
    "sessions_of",
    "steps",
    "unsigned",
]
