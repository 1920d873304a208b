"""A new version of the scoring: everything is computed again, into new rows."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.measures.actions.sheets import Sheet
from rapport.practice.measures.rules.scoring import outdated
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing

AT_A_TIME = 200


@action
def rescore(*, actor: Actor, at: datetime) -> int:
    """Score again what an older version of its scoring made; how many forms got new scores. Old scores stay."""
    require(actor, "run", Thing("system_task"), at=at)
    done = 0
    for row in outdated(AT_A_TIME):
        sheet = Sheet.of(row, actor, at)
        if sheet.rescore():
            sheet.record("score")
            done += 1
    return done
