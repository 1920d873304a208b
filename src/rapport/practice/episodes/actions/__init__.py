"""Changing courses of therapy, one noun per file."""

from rapport.practice.episodes.actions.assessments import decide_need, save_section, set_problems
from rapport.practice.episodes.actions.care import end_care, grant_care, transfer_care
from rapport.practice.episodes.actions.contracts import accept_contract, offer_contract, record_paper_acceptance
from rapport.practice.episodes.actions.courses import (
    begin_therapy,
    bring_episode,
    choose_modality,
    close_episode,
    close_without_therapy,
    move_episode,
)
from rapport.practice.episodes.actions.goals import add_goal, mark_goal, rate_goal
from rapport.practice.episodes.actions.referrals import (
    decide_referral,
    record_consent_to_refer,
    record_referral,
    record_return,
)

__all__ = [
    "accept_contract",
    "add_goal",
    "begin_therapy",
    "bring_episode",
    "choose_modality",
    "close_episode",
    "close_without_therapy",
    "decide_need",
    "decide_referral",
    "end_care",
    "grant_care",
    "mark_goal",
    "move_episode",
    "offer_contract",
    "rate_goal",
    "record_consent_to_refer",
    "record_paper_acceptance",
    "record_referral",
    "record_return",
    "save_section",
    "set_problems",
    "transfer_care",
]
