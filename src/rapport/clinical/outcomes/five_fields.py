"""Off the expected course: five fields to think about, the decision it leads to, and whether the course then bent.

The fields follow the clinical support tools of Lambert et al. 2004 and Whipple et al. 2003 in substance (alliance,
motivation, social support, life events), with safety first and the regulation of feelings last; the words are our own.
Nothing here is scored or adds up: a field is a question, the decision is a person's. No treatment changes by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rapport.clinical.outcomes.signals import Signal


class Field(StrEnum):
    """What may lie behind a course that is not as expected, in the order to think about it."""

    SAFETY = "safety"
    MOTIVATION_AND_GOALS = "motivation_and_goals"
    RELATIONSHIP = "relationship"
    LIFE_EVENTS_AND_SUPPORT = "life_events_and_support"
    REGULATION = "regulation"

    @property
    def prompts(self) -> tuple[str, ...]:
        """Codes of the questions of this field; the top floor knows the words.

        >>> Field.RELATIONSHIP.prompts
        ('unsaid', 'rupture', 'fit_of_method')
        """
        return PROMPTS[self]


PROMPTS = {
    Field.SAFETY: ("harm_to_self", "harm_by_or_to_others", "safety_plan"),
    Field.MOTIVATION_AND_GOALS: ("own_wish", "shared_goals", "what_getting_better_costs"),
    Field.RELATIONSHIP: ("unsaid", "rupture", "fit_of_method"),
    Field.LIFE_EVENTS_AND_SUPPORT: ("events", "who_is_there", "body_and_substances", "money_and_home"),
    Field.REGULATION: ("overwhelmed_or_numb", "sleep_and_rhythm", "skills_between_hours"),
}


class Look(StrEnum):
    """What thinking about one field came to."""

    NOT_YET = "not_yet"
    NOTHING = "nothing"
    SOMETHING = "something"


@dataclass(frozen=True, slots=True)
class FieldThought:
    """One of the five fields: looked at or not, whether there is something, and what."""

    look: Look = Look.NOT_YET
    words: str = ""


Fields = Mapping[Field, FieldThought]


class Decision(StrEnum):
    """What was decided; the reason is the therapist's own words."""

    GO_ON = "go_on"
    TALK_WITH_CLIENT = "talk_with_client"
    CHANGE_FOCUS = "change_focus"
    CHANGE_METHOD = "change_method"
    CHANGE_HOURS = "change_hours"
    INVOLVE_OTHERS = "involve_others"
    CONSULT = "consult"
    SAFETY_STEP = "safety_step"
    END_OR_REFER = "end_or_refer"


class Bend(StrEnum):
    """Whether the course bent after the decision; it does not say that the decision bent it."""

    BETTER = "better"
    NOT_YET_KNOWN = "not_yet_known"
    STILL_OFF = "still_off"
    WORSE = "worse"


class Signalled(Protocol):
    """A score that was read, fresh or from the record."""

    @property
    def signal(self) -> Signal | None: ...


def bent(after: Sequence[Signalled], signal: Signal) -> Bend:
    """Compare the newest signal since the decision with the signal that led to it.

    Back on course (green or white) is better; from yellow to red is worse; anything else off the course is still off.

    >>> bent([], Signal.RED).value
    'not_yet_known'
    """
    known = [one.signal for one in after if one.signal is not None]
    if not known:
        return Bend.NOT_YET_KNOWN
    newest = known[-1]
    if not newest.off_track:
        return Bend.BETTER
    return Bend.WORSE if newest is Signal.RED and signal is not Signal.RED else Bend.STILL_OFF
