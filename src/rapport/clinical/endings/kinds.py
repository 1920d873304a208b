"""How therapies end. An ending is recorded by a person, never by a timer."""

from __future__ import annotations

from enum import StrEnum


class EndingKind(StrEnum):
    """Who ended it and how."""

    PLANNED_MUTUAL = "planned_mutual"
    PLANNED_LIMIT = "planned_limit"
    CLIENT_CHOICE_DISCUSSED = "client_choice_discussed"
    CLIENT_STOPPED_UNANNOUNCED = "client_stopped_unannounced"
    THERAPIST_LEFT = "therapist_left"
    TRANSFERRED = "transferred"
    STEP_UP = "step_up"
    DIED = "died"
    OTHER = "other"


PLANNED: frozenset[EndingKind] = frozenset(
    {EndingKind.PLANNED_MUTUAL, EndingKind.PLANNED_LIMIT, EndingKind.CLIENT_CHOICE_DISCUSSED}
)
FOLLOW_UP_MONTHS: tuple[int, ...] = (1, 3, 6, 12)
