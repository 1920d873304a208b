"""Errors a person can act on: which field, what is wrong, what to do about it."""

from __future__ import annotations

from typing import ClassVar


class ClinicalError(ValueError):
    """A value the clinical floor refuses.

    ``code`` names the kind of mistake, so that a page can say it in its own language; ``message`` and ``remedy`` are
    plain English for a console. No clinical content ever goes into either: they may end up in a log.

    >>> error = ClinicalError("length", "A session lasts at least one minute.", "Give the length in minutes.")
    >>> str(error)
    'length: A session lasts at least one minute. Give the length in minutes.'
    """

    code: ClassVar[str] = "refused"

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(f"{field}: {message} {remedy}")
        self.field = field
        self.message = message
        self.remedy = remedy


class OutOfRange(ClinicalError):
    """A number lies outside what its scale allows."""

    code = "out_of_range"


class NotAnInstant(ClinicalError):
    """A moment came without its time zone, so nobody can say when it was."""

    code = "not_an_instant"
