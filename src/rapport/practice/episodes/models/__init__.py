"""One course of therapy, one noun per file."""

from rapport.practice.episodes.models.assessment import AssessmentText, NeedDecisionVersion, ProblemList
from rapport.practice.episodes.models.contract import Acceptance, ContractVersion
from rapport.practice.episodes.models.course import CareRelationship, Episode, ModalityChosen, StateChange
from rapport.practice.episodes.models.goal import Goal, GoalRating
from rapport.practice.episodes.models.referral import Referral, ReferralDecision

__all__ = [
    "Acceptance",
    "AssessmentText",
    "CareRelationship",
    "ContractVersion",
    "Episode",
    "Goal",
    "GoalRating",
    "ModalityChosen",
    "NeedDecisionVersion",
    "ProblemList",
    "Referral",
    "ReferralDecision",
    "StateChange",
]
