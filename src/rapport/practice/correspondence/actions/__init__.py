"""Writing messages and letters."""

from rapport.practice.correspondence.actions.letters import (
    answer_letter,
    put_letter_aside,
    record_read_together,
    send_letter,
    show_letter,
    write_letter,
)
from rapport.practice.correspondence.actions.messages import send_message, settle_messages
from rapport.practice.correspondence.rules import (
    LetterClosed,
    LetterMoved,
    NoConsent,
    NotAgreed,
    NotReadYet,
    TooManyMessages,
)

__all__ = [
    "LetterClosed",
    "LetterMoved",
    "NoConsent",
    "NotAgreed",
    "NotReadYet",
    "TooManyMessages",
    "answer_letter",
    "put_letter_aside",
    "record_read_together",
    "send_letter",
    "send_message",
    "settle_messages",
    "show_letter",
    "write_letter",
]
