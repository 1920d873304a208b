"""Doing what was approved, or what has waited long enough."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from rapport.practice.security.approvals.models import PendingAct
from rapport.practice.security.approvals.queries import facts_of
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

log = logging.getLogger("rapport.approvals")


class Act(Protocol):
    """What is done once it may be done. `requested_by` is who answers for it."""

    def __call__(
        self, *, actor: Actor, at: datetime, subject: UUID, requested_by: UUID, facts: dict[str, Any]
    ) -> None: ...


_acts: dict[str, Callable[..., None]] = {}


def register_act(name: str, do: Act) -> None:
    """Tell the approvals how an act is done; the duty that owns it calls this when the practice starts."""
    _acts[name] = do


def run_due_acts(*, actor: Actor, at: datetime) -> int:
    """Do every act that is ready. Each in a transaction of its own, so that one failure stops no other."""
    require(actor, "run", Thing("system_task"), at=at)
    due = list(
        PendingAct.objects.filter(done_at=None, cancelled_at=None, ready_at__lte=at).values_list("id", flat=True)
    )
    failure = None
    for act_id in due:
        try:
            _run(act_id, actor, at)
        except Exception as problem:
            log.error("approvals: act %s: %s", act_id, type(problem).__name__)
            failure = problem
    keys.empty_log()
    if failure is not None:
        raise failure
    return len(due)


def _run(act_id: UUID, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        row = (
            PendingAct.objects.select_for_update(no_key=True).filter(id=act_id, done_at=None, cancelled_at=None).first()
        )
        if row is None:
            return
        _acts[row.act](actor=actor, at=at, subject=row.subject, requested_by=row.requested_by, facts=facts_of(row))
        row.done_at = at
        row.save(update_fields=["done_at"])
