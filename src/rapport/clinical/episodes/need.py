"""The need-of-therapy decision: not therapy is a legitimate, recorded, explained outcome."""

from __future__ import annotations

from enum import StrEnum


class NeedDecision(StrEnum):
    """What the clinician decides after the assessment; the clinician decides, never this software."""

    THERAPY_NOW = "therapy_now"
    BRIEF_HELP = "brief_help"
    WATCHFUL_WAITING = "watchful_waiting"
    OTHER_SERVICE = "other_service"
    JOINT_CARE = "joint_care"
    NOT_WANTED = "not_wanted"
    UNCLEAR = "unclear"


NEEDS_A_DATE: frozenset[NeedDecision] = frozenset({NeedDecision.WATCHFUL_WAITING})
LEADS_TO_A_CONTRACT: frozenset[NeedDecision] = frozenset(
    {NeedDecision.THERAPY_NOW, NeedDecision.BRIEF_HELP, NeedDecision.JOINT_CARE}
)
