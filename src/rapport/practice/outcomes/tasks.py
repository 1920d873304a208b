"""Reading new scores, learning from them, and housekeeping of uploads. Run by the worker."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.outcomes.actions import learn_lines, read_new_scores
from rapport.practice.outcomes.choices import STAGED_FOR
from rapport.practice.outcomes.models import StagedImport
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

AT_ONCE = 20  # batches; whatever is left is read a moment later


def read_scores(*, actor: Actor, at: datetime) -> int:
    """Hold every score that waits against the expected course; what is left over waits for the next round."""
    done = 0
    for _round in range(AT_ONCE):
        read = read_new_scores(actor=actor, at=at)
        done += read
        if not read:
            break
    return done


def learn(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Learn the practice's own expected courses from what was answered until now."""
    return learn_lines(actor=actor, at=at)


def drop_staged(*, actor: Actor, at: datetime) -> int:
    """Drop uploads nobody imported within an hour."""
    require(actor, "run", Thing("system_task"), at=at)
    dropped, _ = StagedImport.objects.filter(staged_at__lte=at - STAGED_FOR).delete()
    return dropped
