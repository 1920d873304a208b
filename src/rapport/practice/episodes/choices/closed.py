"""The closed words of this duty."""

from __future__ import annotations

from enum import StrEnum

MOST_GOALS = 3


class EpisodeState(StrEnum):
    """Where a course of therapy stands."""

    REFERRED = "referred"
    SCREENING = "screening"
    SIGNPOSTED = "signposted"
    DECLINED = "declined"
    WAITING = "waiting"
    ASSESSMENT = "assessment"
    OFFERED = "offered"
    CONTRACTED = "contracted"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDING = "ending"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class Urgency(StrEnum):
    """How soon somebody should be seen, as whoever referred stated it. Not a judgement of ours."""

    NOT_STATED = "not_stated"
    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"


class Explored(StrEnum):
    """How far a section of the interview went."""

    NOT_EXPLORED = "not_explored"
    EXPLORED = "explored"
    DECLINED = "declined"


class GuideSection(StrEnum):
    """The interview guide, then the formulation that grows beside it."""

    WHY_NOW = "why_now"
    STORY = "story"
    PROBLEMS = "problems"
    RELATIONSHIPS = "relationships"
    LOSSES = "losses"
    HEALTH = "health"
    PREVIOUS_HELP = "previous_help"
    STRENGTHS = "strengths"
    CULTURE = "culture"
    CIRCUMSTANCES = "circumstances"
    SAFETY = "safety"
    HOPES = "hopes"
    PREFERENCES = "preferences"
    MADE_LIKELY = "made_likely"
    SET_OFF = "set_off"
    KEEPS_GOING = "keeps_going"
    HELPS = "helps"
    SHARED_VIEW = "shared_view"


FORMULATION = (
    GuideSection.MADE_LIKELY,
    GuideSection.SET_OFF,
    GuideSection.KEEPS_GOING,
    GuideSection.HELPS,
    GuideSection.SHARED_VIEW,
)
INTERVIEW = tuple(section for section in GuideSection if section not in FORMULATION)


class Alternative(StrEnum):
    """What else could explain the trouble and be looked into before or beside therapy."""

    PHYSICAL_ILLNESS = "physical_illness"
    MEDICATION = "medication"
    SUBSTANCES = "substances"
    BEREAVEMENT = "bereavement"
    NEURODIVERGENCE = "neurodivergence"
    ABUSE_AT_HOME = "abuse_at_home"
    CIRCUMSTANCES = "circumstances"


class AcceptedHow(StrEnum):
    """How an agreement was accepted."""

    PORTAL = "portal"
    PAPER = "paper"


class GoalMark(StrEnum):
    """What became of a goal."""

    REACHED = "reached"
    SET_ASIDE = "set_aside"


class RatedBy(StrEnum):
    """Who gave a rating: the client in the portal, or the therapist with the client in the room."""

    CLIENT = "client"
    THERAPIST = "therapist"


class Missing(StrEnum):
    """What a referral still lacks, in the order in which it should be put right."""

    SAFE_CONTACT = "safe_contact"
    CONSENT_TO_REFER = "consent_to_refer"
    REASON = "reason"
    PROBLEMS = "problems"


class Need(StrEnum):
    """Why a referral stands where it stands in the inbox; the first that holds counts."""

    STATED_URGENT = "stated_urgent"
    MAY_NOT_BE_WRITTEN_TO = "may_not_be_written_to"
    STATED_SOON = "stated_soon"
    NOT_DECIDED = "not_decided"
    WAITING = "waiting"
