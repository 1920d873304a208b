"""Reading courses of therapy, one noun per file."""

from rapport.practice.episodes.queries.assessments import need_summary, problems, section_history, sections
from rapport.practice.episodes.queries.contracts import (
    agreement_waits,
    contract,
    contracts,
    days_between,
    holiday_notice,
    reviews_agreed,
    terms,
)
from rapport.practice.episodes.queries.courses import (
    care_relationships,
    caseload,
    courses_of,
    episode,
    history,
    managed_courses,
    own_episode,
    therapists,
    therapists_of,
)
from rapport.practice.episodes.queries.goals import goal_series
from rapport.practice.episodes.queries.happened import happened
from rapport.practice.episodes.queries.referrals import decided_referrals, referral, referral_inbox, referral_of

__all__ = [
    "agreement_waits",
    "care_relationships",
    "caseload",
    "contract",
    "contracts",
    "courses_of",
    "days_between",
    "decided_referrals",
    "episode",
    "goal_series",
    "happened",
    "history",
    "holiday_notice",
    "managed_courses",
    "need_summary",
    "own_episode",
    "problems",
    "referral",
    "referral_inbox",
    "referral_of",
    "reviews_agreed",
    "section_history",
    "sections",
    "terms",
    "therapists",
    "therapists_of",
]
