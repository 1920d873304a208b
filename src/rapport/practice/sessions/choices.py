"""The words of a session that are kept as codes."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """What happened to a session. Each is a row of its own that nobody changes."""

    BOOKED = "booked"
    MOVED = "moved"
    CONFIRMED = "confirmed"  # the client said that they come
    PLACE_CHANGED = "place_changed"
    LEFT_OUT = "left_out"  # fell out of its series before it came
    STARTED = "started"
    ENDED = "ended"
    RECORDED = "recorded"  # entered afterwards: it took place, these were its times
    CANCELLED = "cancelled"
    DID_NOT_ATTEND = "did_not_attend"
    CORRECTED = "corrected"
    LOCATED = "located"  # by video or telephone: the client said where they are; the place itself is not kept


# Steps that say when an hour took place, or that it did not: what a correction corrects.
OF_TIMES = (
    StepKind.STARTED,
    StepKind.ENDED,
    StepKind.RECORDED,
    StepKind.CANCELLED,
    StepKind.DID_NOT_ATTEND,
    StepKind.CORRECTED,
)


class ThreadStepKind(StrEnum):
    """What happened to a thread."""

    OPENED = "opened"
    TOUCHED = "touched"
    PARKED = "parked"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WEIGHED = "weighed"  # more or less important than before


class Telling(StrEnum):
    """What a client is written about an hour, by the kind of message."""

    BOOKED = "appointment_booked"
    CHANGED = "appointment_changed"
    CANCELLED = "appointment_cancelled"
    REMINDER = "appointment"


class Side(StrEnum):
    """When the client says how they are: as the hour begins, and as it ends."""

    BEFORE = "before"
    AFTER = "after"


class SaidBy(StrEnum):
    """Where it was said: in the portal, or on the therapist's device handed over."""

    PORTAL = "portal"
    IN_THE_ROOM = "in_the_room"


class Answer(StrEnum):
    """What a client says by the link in a message."""

    COMES = "comes"
    CANCELS = "cancels"


class DraftState(StrEnum):
    """What became of typed text that was kept."""

    LIVE = "live"  # not yet part of the note
    LATE = "late"  # typed after the note was signed: kept for its author
    SPENT = "spent"  # saved into the note, or put aside by its author


class SessionEvent(StrEnum):
    """What happens in the hours of a course and around them."""

    HOUR = "hour"
    NOTE_SIGNED = "note_signed"
    NOTE_ADDED_TO = "note_added_to"
    CONTACT = "contact"
    AWAY = "away"


class BlockKind(StrEnum):
    """Why nobody is booked then."""

    HOLIDAY = "holiday"
    BUSY = "busy"
    OTHER = "other"


class OfferWay(StrEnum):
    """How a freed time was offered."""

    MAIL = "mail"
    PHONE = "phone"


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    GONE = "gone"  # somebody else took the time, or it is no longer free
    WITHDRAWN = "withdrawn"


class Freed(StrEnum):
    """How a time became free."""

    CANCELLED = "cancelled"
    LEFT_OUT = "left_out"
    MOVED = "moved"


class FeedTitles(StrEnum):
    """What an entry of a calendar feed is called."""

    NEUTRAL = "neutral"
    INITIALS = "initials"


class ContactDirection(StrEnum):
    """Which way a contact between hours went."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class ContactChannel(StrEnum):
    """How two people were in touch between hours."""

    PHONE = "phone"
    EMAIL = "email"
    TEXT = "text"
    PORTAL = "portal"
    LETTER = "letter"
    IN_PERSON = "in_person"
