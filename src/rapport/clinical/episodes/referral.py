"""Words of a referral: where it came from, what it is about, what became of it."""

from __future__ import annotations

from enum import StrEnum


class ReferralSource(StrEnum):
    """Who asked."""

    SELF = "self"
    GP = "gp"
    PROFESSIONAL = "professional"
    COURT = "court"
    EMPLOYER = "employer"
    INSURER = "insurer"
    OTHER = "other"


class ReferralOutcome(StrEnum):
    """What became of it; each but WAITING is final, and DECLINED needs a reason."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    SIGNPOSTED = "signposted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProblemDomain(StrEnum):
    """The five domains in which a person may bring a problem."""

    BEHAVIOURAL = "behavioural"
    RELATIONSHIP = "relationship"
    PERSONAL_GROWTH = "personal_growth"
    TRAUMA = "trauma"
    MENTAL_HEALTH = "mental_health"


IMPACT_LOW, IMPACT_HIGH = 0, 10
