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
from rapport.practice.sessions.queries.frame import ContactFacts, FrameOfCourse, frame
from rapport.practice.sessions.queries.notes import (
    AddendumFacts,
    KeptText,
    NoteFacts,
    NoteMark,
    UnsignedNote,
    kept_texts,
    last_signed,
    note,
    note_marks,
    note_state,
    unsigned,
)
from rapport.practice.sessions.queries.steps import StepFacts, steps
from rapport.practice.sessions.queries.writing import (
    PersonFacts,
    SnippetFacts,
    people_of,
    snippet,
    snippets,
    usual_form,
)

__all__ = [
    "AddendumFacts",
    "ContactFacts",
    "CourseOfHours",
    "FrameOfCourse",
    "KeptText",
    "NoteFacts",
    "NoteMark",
    "PersonFacts",
    "SessionFacts",
    "SnippetFacts",
    "StepFacts",
    "UnsignedNote",
    "between",
    "course_of_hours",
    "day",
    "frame",
    "kept_texts",
    "last_signed",
    "next_session",
    "note",
    "note_marks",
    "note_state",
    "own_sessions",
    "people_of",
    "room",
    "session",
    "sessions_of",
    "snippet",
    "snippets",
    "steps",
    "unsigned",
    "usual_form",
]
