"""The safety plan: six steps, owned by the client, in the client's words.

The order of the steps follows Stanley & Brown (2012); their form is theirs, so wording and layout are our own. There is
no "no-suicide contract" here and never will be: it does not help and can silence a person.
"""

from __future__ import annotations

from enum import StrEnum


class SafetyPlanStep(StrEnum):
    """The six steps in the order in which a person uses them."""

    WARNING_SIGNS = "warning_signs"
    THINGS_I_CAN_DO_ALONE = "things_i_can_do_alone"
    PEOPLE_AND_PLACES = "people_and_places"
    PEOPLE_I_CAN_ASK = "people_i_can_ask"
    PROFESSIONALS = "professionals"
    SAFER_SURROUNDINGS = "safer_surroundings"


STEPS: tuple[SafetyPlanStep, ...] = tuple(SafetyPlanStep)
