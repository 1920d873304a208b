"""What can be read about safety."""

from rapport.practice.safety.queries.alerts import (
    AlertCount,
    AlertFacts,
    AlertLine,
    AlertTile,
    StepFacts,
    alert,
    closed_alerts,
    count_of_alerts,
    open_alert_tiles,
    open_alerts,
    open_alerts_owned_by,
)
from rapport.practice.safety.queries.crisis import CrisisCard, crisis_card, public_crisis_card, said_last
from rapport.practice.safety.queries.happened import happened
from rapport.practice.safety.queries.needing import with_plan_or_alert
from rapport.practice.safety.queries.plans import (
    PlanFacts,
    VersionLine,
    own_device,
    own_safety_plan,
    plan_behind,
    plan_kept,
    safety_plan,
)

__all__ = [
    "AlertCount",
    "AlertFacts",
    "AlertLine",
    "AlertTile",
    "CrisisCard",
    "PlanFacts",
    "StepFacts",
    "VersionLine",
    "alert",
    "closed_alerts",
    "count_of_alerts",
    "crisis_card",
    "happened",
    "open_alert_tiles",
    "open_alerts",
    "open_alerts_owned_by",
    "own_device",
    "own_safety_plan",
    "plan_behind",
    "plan_kept",
    "public_crisis_card",
    "safety_plan",
    "said_last",
    "with_plan_or_alert",
]
