"""Housekeeping of uploads. Run by the worker."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.outcomes.choices import STAGED_FOR
from rapport.practice.outcomes.models import StagedImport
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def drop_staged(*, actor: Actor, at: datetime) -> int:
    """Drop uploads nobody imported within an hour."""
    require(actor, "run", Thing("system_task"), at=at)
    dropped, _ = StagedImport.objects.filter(staged_at__lte=at - STAGED_FOR).delete()
    return dropped
