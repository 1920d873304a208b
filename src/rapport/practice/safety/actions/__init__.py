"""What is done about safety."""

from rapport.practice.safety.actions.alerts import (
    AlreadyAnswered,
    NotACarer,
    WordsNeeded,
    acknowledge_alert,
    close_alert,
    raise_alert,
    reassign_alert,
)
from rapport.practice.safety.actions.crisis import ask_to_talk_about_safety, say_how_safe
from rapport.practice.safety.actions.plans import (
    PlanChanged,
    PlanTooLong,
    leave_device,
    make_plan_link,
    rehearse_plan,
    withdraw_device,
    withdraw_plan_links,
    write_safety_plan,
)

__all__ = [
    "AlreadyAnswered",
    "NotACarer",
    "PlanChanged",
    "PlanTooLong",
    "WordsNeeded",
    "acknowledge_alert",
    "ask_to_talk_about_safety",
    "close_alert",
    "leave_device",
    "make_plan_link",
    "raise_alert",
    "reassign_alert",
    "rehearse_plan",
    "say_how_safe",
    "withdraw_device",
    "withdraw_plan_links",
    "write_safety_plan",
]
