"""Reading the hours and their notes."""

from rapport.practice.sessions.queries.blocks import BlockFacts, blocks_between
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
from rapport.practice.sessions.queries.frame import ContactFacts, FrameOfCourse, frame, has_frame
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
    "AgendaFacts",
    "BeforeTheHour",
    "BlockFacts",
    "Board",
    "ContactFacts",
    "CourseOfHours",
    "FrameOfCourse",
    "InterventionFacts",
    "KeptText",
    "LastNote",
    "MarkFacts",
    "NoteFacts",
    "NoteMark",
    "PersonFacts",
    "RememberedFacts",
    "RoomSettings",
    "SessionFacts",
    "SnippetFacts",
    "StepFacts",
    "ThreadFacts",
    "UnsignedNote",
    "before_the_hour",
    "between",
    "blocks_between",
    "board",
    "course_of_hours",
    "day",
    "frame",
    "has_frame",
    "kept_texts",
    "last_signed",
    "next_session",
    "note",
    "note_marks",
    "note_state",
    "noted",
    "own_sessions",
    "people_of",
    "room",
    "session",
    "sessions_of",
    "snippet",
    "snippets",
    "steps",
    "threads",
    "unsigned",
    "usual_form",
]
