"""The way two people work together in a course of therapy."""

from __future__ import annotations

from enum import StrEnum


class Modality(StrEnum):
    """The method a course is held in. What a page shows and hides follows it; it judges nothing."""

    PSYCHODYNAMIC = "psychodynamic"
    CBT = "cbt"
    HYPNOTHERAPY = "hypnotherapy"
    INTEGRATIVE = "integrative"
    COUPLE = "couple"
    OTHER = "other"


def client_begins(modality: Modality | None) -> bool:
    """Whether the hour has no agenda: in psychodynamic work the client begins with whatever comes.

    >>> client_begins(Modality.PSYCHODYNAMIC), client_begins(None)
    (True, False)
    """
    return modality is Modality.PSYCHODYNAMIC
