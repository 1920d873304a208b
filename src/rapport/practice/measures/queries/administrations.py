"""One form as it was answered: every item, what changed since the last time, every score ever computed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rapport.clinical.measures.criteria import Pattern, patterns
from rapport.clinical.measures.fhir import write_response
from rapport.clinical.measures.instrument import Instrument, Item, Option
from rapport.practice.measures.choices import Mode
from rapport.practice.measures.models import Administration
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.measures.rules.record import (
    SCORE_LABEL,
    STATED_LABEL,
    administrations_for,
    current_answers,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One question with its answer, and the answer of the time before. `None` was left open."""

    item: Item
    value: int | None
    said: bool  # whether an answer, or “in person”, was given at all
    before: int | None

    @property
    def label(self) -> str:
        return next((one.label for one in self.item.options if one.value == self.value), "")

    @property
    def change(self) -> int | None:
        """The step since the time before; None where one of the two is open."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def options(self) -> tuple[Option, ...]:
        return self.item.options


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """One scale as one version of the scoring computed it."""

    scale: str
    number: int
    value: float | None
    reason: str
    method: str
    version: str
    n_missing: int
    prorated: bool
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class AdministrationFacts:
    """A form item by item. `scores` are those that hold now, `earlier` those of older versions of the scoring."""

    id: UUID
    episode_id: UUID
    instrument: Instrument
    mode: Mode
    taken_at: datetime
    opened_at: datetime
    answered_on: date | None
    completed_at: datetime | None
    items: tuple[ItemFacts, ...]
    before_at: datetime | None
    scores: tuple[ScoreFacts, ...]
    earlier: tuple[ScoreFacts, ...]
    patterns: tuple[Pattern, ...]
    stated: float | None

    @property
    def total(self) -> ScoreFacts | None:
        return next((one for one in self.scores if one.scale == "total"), None)

    @property
    def disagrees(self) -> bool:
        """Whether the file stated another total than its answers come to."""
        return self.stated is not None and (self.total is None or self.total.value != self.stated)


def administration(*, viewer: Actor, at: datetime, episode_id: UUID, administration_id: UUID) -> AdministrationFacts:
    """One form of a course, with the finished one before it."""
    row = _find(viewer, at, episode_id, administration_id)
    earlier = Administration.objects.filter(
        episode_id=episode_id, instrument=row.instrument, language=row.language, completed_at__isnull=False
    )
    last = earlier.filter(taken_at__lt=row.taken_at).exclude(id=row.id).order_by("taken_at", "opened_at").last()
    answers = current_answers([row] if last is None else [row, last])
    before = answers[last.id] if last is not None else {}
    now, instrument = answers[row.id], instrument_named(row.instrument, row.language)
    newest, older = _scores(row)
    stated = row.stated_sealed
    return AdministrationFacts(
        id=row.id,
        episode_id=row.episode_id,
        instrument=instrument,
        mode=Mode(row.mode),
        taken_at=row.taken_at,
        opened_at=row.opened_at,
        answered_on=row.answered_on,
        completed_at=row.completed_at,
        items=_items(instrument, now, before) if now else (),
        before_at=last.taken_at if last is not None else None,
        scores=newest,
        earlier=older,
        patterns=patterns(instrument, now) if now else (),
        stated=keys.unseal_data(keys.client(row.client_id), STATED_LABEL, row.id, stated) if stated else None,
    )


def as_response(*, viewer: Actor, at: datetime, episode_id: UUID, administration_id: UUID) -> dict[str, Any]:
    """A form as a FHIR QuestionnaireResponse, to be taken elsewhere."""
    row = _find(viewer, at, episode_id, administration_id)
    instrument = instrument_named(row.instrument, row.language)
    answers = current_answers([row])[row.id]
    if row.completed_at is None or not answers:
        raise not_found(viewer, "read", Thing("questionnaire", id=administration_id), at=at)
    return write_response(instrument, answers, row.taken_at)


def _find(viewer: Actor, at: datetime, episode_id: UUID, administration_id: UUID) -> Administration:
    row = administrations_for(viewer, at).filter(id=administration_id, episode_id=episode_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("questionnaire", id=administration_id), at=at)
    require(viewer, "read", Thing("questionnaire", id=row.id, client=row.client_id), at=at)
    trail.reading(actor=viewer, kind="measure", at=at, client=row.client_id, object_id=row.id)
    return row


def _items(
    instrument: Instrument, now: Mapping[str, int | None], before: Mapping[str, int | None]
) -> tuple[ItemFacts, ...]:
    return tuple(
        ItemFacts(item, now.get(item.key), item.key in now, before.get(item.key))
        for item in instrument.items
        if item.follows(now) or item.key in now
    )


def _scores(row: Administration) -> tuple[tuple[ScoreFacts, ...], tuple[ScoreFacts, ...]]:
    """What holds now, in the order of the scales, and what older versions had computed."""
    drawer = keys.client(row.client_id)
    found = []
    for score in row.scores.order_by("number", "computed_at"):
        kept = keys.unseal_data(drawer, SCORE_LABEL, score.id, score.value_sealed)
        found.append(
            ScoreFacts(
                score.scale,
                score.number,
                kept["value"],
                kept["reason"],
                score.method,
                score.version,
                score.n_missing,
                score.prorated,
                score.computed_at,
            )
        )
    latest = {one.scale: one for one in found}
    return tuple(latest.values()), tuple(one for one in found if one is not latest[one.scale])
