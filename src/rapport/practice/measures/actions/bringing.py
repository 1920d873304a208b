"""Bringing totals from a spreadsheet, many at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.scoring import score_total
from rapport.practice.episodes.models import CareRelationship, Episode
from rapport.practice.episodes.rules import cares_for
from rapport.practice.measures.choices import Mode
from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.rules.forms import check_paper_date
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.measures.rules.record import SCORE_LABEL
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

NOON = time(12)  # as well as a date can say when answers were true


@dataclass(frozen=True, slots=True)
class BroughtTotal:
    """A total somebody else computed, on the day it was taken."""

    taken_on: date
    total: float


@action
def bring_totals(
    *, actor: Actor, at: datetime, episode_id: UUID, instrument_id: str, totals: Sequence[BroughtTotal]
) -> tuple[UUID, ...]:
    """Keep the totals of one course at once, in the order given. Their method says that nothing was recomputed.

    For somebody who cares for the client, or who opened this course to its therapist in the same breath: a manager may
    bring a spreadsheet for a therapist, and can read nothing of it afterwards.
    """
    episode = _brought(actor, at, episode_id)
    instrument, zone = instrument_named(instrument_id), practice_zone()
    today = at.astimezone(zone).date()
    kept: list[tuple[Administration, Score]] = []
    for each in totals:
        check_paper_date(each.taken_on, today)
        row = Administration(
            id=uuid.uuid4(),
            client_id=episode.client_id,
            episode=episode,
            instrument=instrument.id,
            version=instrument.version,
            language=instrument.language,
            mode=Mode.IMPORTED,
            opened_at=at,
            opened_by=actor.account,
            taken_at=min(datetime.combine(each.taken_on, NOON, zone), at),
            answered_on=each.taken_on,
            completed_at=at,
        )
        kept.append((row, _score(row, instrument, each.total, at)))
    Administration.objects.bulk_create(row for row, _ in kept)
    Score.objects.bulk_create(score for _, score in kept)
    trail.record(
        actor=actor,
        action="enter_total",
        object_type="questionnaire",
        object_id=episode.id,
        client=episode.client_id,
        at=at,
        reason=f"{len(kept)} {instrument.id}",
    )
    return tuple(row.id for row, _ in kept)


def _score(row: Administration, instrument: Instrument, total: float, at: datetime) -> Score:
    scored = score_total(instrument, total)
    scale = scored.scales[0]
    score_id = uuid.uuid4()
    value = {"value": scale.value, "reason": scale.reason}
    return Score(
        id=score_id,
        administration=row,
        scale=scale.key,
        number=1,
        method=scored.method,
        version=scored.instrument_version,
        value_sealed=keys.seal_data(keys.client(row.client_id), SCORE_LABEL, score_id, value),
        has_value=scale.value is not None,
        n_missing=scale.n_missing,
        prorated=scale.prorated,
        computed_at=at,
    )


def _brought(actor: Actor, at: datetime, episode_id: UUID) -> Episode:
    thing = Thing("import", id=episode_id)
    require(actor, "create", thing, at=at)
    row = Episode.objects.filter(id=episode_id, client__erased_at=None, closed_at=None).first()
    if row is None:
        raise not_found(actor, "create", thing, at=at)
    opened = CareRelationship.objects.filter(episode=row, granted_by=actor.account, started_at=at, ended_at=None)
    if not cares_for(actor, row.client_id, at) and not opened.exists():
        raise not_found(actor, "create", thing, at=at)
    return row
