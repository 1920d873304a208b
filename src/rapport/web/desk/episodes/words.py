"""What the closed words of a course are called on the therapist's pages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.contract import MissedCharge
from rapport.clinical.episodes.modality import Modality
from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ReferralOutcome, ReferralSource
from rapport.practice.episodes.choices import (
    Alternative,
    Explored,
    GuideSection,
    Missing,
    Need,
    Urgency,
)
from rapport.web.doors.domains import DOMAINS as BY_DOMAIN

Words = Mapping[StrEnum, Promise]

DOMAINS: Words = BY_DOMAIN
MODALITIES: Words = {
    Modality.PSYCHODYNAMIC: _("Psychodynamic"),
    Modality.CBT: _("Cognitive behavioural"),
    Modality.HYPNOTHERAPY: _("Hypnotherapy"),
    Modality.INTEGRATIVE: _("Integrative"),
    Modality.COUPLE: _("With a couple"),
    Modality.OTHER: _("Another way"),
}
SOURCES: Words = {
    ReferralSource.SELF: _("They asked themselves"),
    ReferralSource.GP: _("Family doctor"),
    ReferralSource.PROFESSIONAL: _("Another professional"),
    ReferralSource.COURT: _("Court"),
    ReferralSource.EMPLOYER: _("Employer"),
    ReferralSource.INSURER: _("Insurer"),
    ReferralSource.OTHER: _("Somebody else"),
}
URGENCIES: Words = {
    Urgency.NOT_STATED: _("Nothing was said"),
    Urgency.ROUTINE: _("No hurry"),
    Urgency.SOON: _("Soon"),
    Urgency.URGENT: _("Urgent"),
}
OUTCOMES: Words = {
    ReferralOutcome.ACCEPTED: _("Accepted"),
    ReferralOutcome.WAITING: _("Waiting"),
    ReferralOutcome.SIGNPOSTED: _("Shown another place"),
    ReferralOutcome.DECLINED: _("Declined"),
    ReferralOutcome.WITHDRAWN: _("Withdrawn"),
}
OUTCOME_CHOICES: Words = {
    ReferralOutcome.ACCEPTED: _("Accept: an assessment can begin"),
    ReferralOutcome.WAITING: _("Let wait: there is no room yet"),
    ReferralOutcome.SIGNPOSTED: _("Show another place that fits better"),
    ReferralOutcome.DECLINED: _("Decline"),
    ReferralOutcome.WITHDRAWN: _("They took their request back"),
}
MISSING: Words = {
    Missing.SAFE_CONTACT: _("safe contact"),
    Missing.CONSENT_TO_REFER: _("consent to be referred"),
    Missing.REASON: _("their own words"),
    Missing.PROBLEMS: _("problems"),
}
NEEDS: Words = {
    Need.STATED_URGENT: _("stated as urgent"),
    Need.MAY_NOT_BE_WRITTEN_TO: _("cannot be reached safely yet"),
    Need.STATED_SOON: _("stated as soon"),
    Need.NOT_DECIDED: _("not decided yet"),
    Need.WAITING: _("on the waiting list"),
}
DECISIONS: Words = {
    NeedDecision.THERAPY_NOW: _("Therapy now"),
    NeedDecision.BRIEF_HELP: _("Brief help"),
    NeedDecision.WATCHFUL_WAITING: _("Wait and look again on a day"),
    NeedDecision.OTHER_SERVICE: _("Another service"),
    NeedDecision.JOINT_CARE: _("Together with another service"),
    NeedDecision.NOT_WANTED: _("They do not want therapy"),
    NeedDecision.UNCLEAR: _("Unclear: a second opinion"),
}
ALTERNATIVES: Words = {
    Alternative.PHYSICAL_ILLNESS: _("Physical illness, such as the thyroid"),
    Alternative.MEDICATION: _("Medication"),
    Alternative.SUBSTANCES: _("Alcohol or other substances"),
    Alternative.BEREAVEMENT: _("Grief on its expected way"),
    Alternative.NEURODIVERGENCE: _("Neurodivergence"),
    Alternative.ABUSE_AT_HOME: _("Abuse that goes on at home"),
    Alternative.CIRCUMSTANCES: _("Money, housing, work, law"),
}
EXPLORED: Words = {
    Explored.NOT_EXPLORED: _("Not explored"),
    Explored.EXPLORED: _("Explored"),
    Explored.DECLINED: _("They would rather not"),
}
CHARGES: Words = {
    MissedCharge.FULL: _("the full fee"),
    MissedCharge.PART: _("half the fee"),
    MissedCharge.NONE: _("nothing"),
}
SECTIONS: Mapping[GuideSection, tuple[Promise, Promise]] = {
    GuideSection.WHY_NOW: (_("Why now"), _("What made this the moment to ask?")),
    GuideSection.STORY: (_("The story in their own words"), _("Where would they begin telling it?")),
    GuideSection.PROBLEMS: (
        _("Problems in five domains"),
        _("Behaviour, relationships, growth, trauma, mental health: what, since when, how much it takes."),
    ),
    GuideSection.RELATIONSHIPS: (_("Relationships, then and now"), _("Who mattered, who matters, who knows?")),
    GuideSection.LOSSES: (
        _("Losses and trauma"),
        _("Ask whether you may ask. Headlines are enough; detail is never needed here."),
    ),
    GuideSection.HEALTH: (_("Body and health"), _("Health, sleep, pain, medication, alcohol and other substances.")),
    GuideSection.PREVIOUS_HELP: (_("Help before"), _("What helped? What did harm?")),
    GuideSection.STRENGTHS: (_("Strengths, and what matters"), _("When is it a little better? What do they care for?")),
    GuideSection.CULTURE: (
        _("Culture, faith, language"),
        _("What should somebody from elsewhere know? Have they met discrimination?"),
    ),
    GuideSection.CIRCUMSTANCES: (_("Circumstances"), _("Work, money, housing, immigration: what therapy cannot mend.")),
    GuideSection.SAFETY: (_("Safety"), _("Theirs and others’. Ask openly; write what was said, not a level.")),
    GuideSection.HOPES: (_("Hopes and fears"), _("What should be different? What do they fear of therapy?")),
    GuideSection.PREFERENCES: (
        _("How they would like to work"),
        _("Pace, lead or follow, past or present, comfort or challenge, whom to work with."),
    ),
    GuideSection.MADE_LIKELY: (_("What made it likely"), _("What they came with into this.")),
    GuideSection.SET_OFF: (_("What set it off"), _("What happened before it began.")),
    GuideSection.KEEPS_GOING: (_("What keeps it going"), _("What is done about it that feeds it.")),
    GuideSection.HELPS: (_("What helps"), _("People, habits, places, beliefs that hold.")),
    GuideSection.SHARED_VIEW: (
        _("What we understand together"),
        _("As you would say it to them, in their words. Ask whether it fits."),
    ),
}


def choices(words: Words) -> list[tuple[str, Promise]]:
    """The words as a form offers them."""
    return [(str(code), said) for code, said in words.items()]
