"""Counting that nothing was lost: every answer that needs a person led to an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rapport.clinical.measures.registry import available_packs, instruments
from rapport.clinical.safety.answers import answers_needing_a_person
from rapport.practice.measures.choices import LocalKind
from rapport.practice.measures.models import Answer, LocalInstrument
from rapport.practice.measures.rules.instruments import LANGUAGE, as_instrument
from rapport.practice.measures.rules.record import value_of
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class SafetyBalance:
    """Answers that need a person, and those of them without an alert: this must be none."""

    positive: int
    without_alert: int


def safety_balance(*, viewer: Actor, at: datetime) -> SafetyBalance:
    """Open every answer to a safety question and look for its alert."""
    require(viewer, "run", Thing("system_task"), at=at)
    own = map(as_instrument, LocalInstrument.objects.filter(kind=LocalKind.FORM))
    known = (*instruments(LANGUAGE, packs=available_packs()), *own)
    asking = {one.id: one for one in known if one.safety_rules}
    items = {rule.item for one in asking.values() for rule in one.safety_rules}
    rows = Answer.objects.filter(
        administration__instrument__in=asking, item__in=items, administration__client__erased_at=None
    ).select_related("administration", "led_to")
    positive = without = 0
    for row in rows.iterator(chunk_size=500):
        administration = row.administration
        found = {row.item: value_of(row, administration.client_id)}
        if answers_needing_a_person(asking[administration.instrument], found):
            positive += 1
            without += not hasattr(row, "led_to")
    return SafetyBalance(positive, without)
