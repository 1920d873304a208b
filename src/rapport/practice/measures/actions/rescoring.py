"""A new version of the scoring: everything is computed again, into new rows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rapport.practice.measures.actions.sheets import Sheet
from rapport.practice.measures.rules.scoring import outdated
from rapport.practice.security.keys import api as keys
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
        try:
            with transaction.atomic():
                is_new = sheet.rescore()
        except keys.SealBroken:  # changed past the practice: the others are scored again
            keys.notice("measures.administration", row.id)
            continue
        if is_new:
            sheet.record("score")
            done += 1
    return done
