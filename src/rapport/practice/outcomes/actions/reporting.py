"""Concluding from a service report: kept with a mark of the figures it was drawn from, and never changed."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from rapport.practice.outcomes.choices.service import Conclusions, ReportAsked, ReportScope
from rapport.practice.outcomes.models import ServiceReport
from rapport.practice.outcomes.queries.service import service_facts
from rapport.practice.outcomes.rules.service import (
    CONCLUSIONS_LABEL,
    ConclusionRefused,
    ConclusionsMoved,
    check_conclusions,
    drawer,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

__all__ = ["ConclusionRefused", "ConclusionsMoved", "conclude"]

WRITES = {ReportScope.OWN: "write_own", ReportScope.PRACTICE: "write"}


@action
def conclude(*, actor: Actor, at: datetime, asked: ReportAsked, said: Conclusions, version: int, figures: str) -> UUID:
    """Keep the conclusions as a new version, if nobody saved others since `version` and `figures` still hold."""
    thing = Thing("service_report")
    require(actor, WRITES[asked.scope], thing, at=at)
    facts = service_facts(viewer=actor, at=at, asked=asked)
    if facts.report is None:
        raise not_found(actor, WRITES[asked.scope], thing, at=at)
    kept = check_conclusions(said)
    if facts.version != version or facts.figures != figures:
        raise ConclusionsMoved
    row_id = uuid.uuid4()
    content = {"words": asdict(kept), "figures": figures}
    sealed = keys.seal_data(drawer(asked.scope, actor.account), CONCLUSIONS_LABEL, row_id, content)
    try:
        with transaction.atomic():
            ServiceReport.objects.create(
                id=row_id, scope=asked.scope, author_id=actor.account, period=asked.period, question=asked.question,
                reading=asked.reading, number=version + 1, conclusions_sealed=sealed, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise ConclusionsMoved from None
    trail.record(
        actor=actor, action="conclude", object_type="service_report", object_id=row_id, at=at, reason=asked.scope
    )
    return row_id
