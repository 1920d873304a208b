"""The scores of a whole caseload, in a number of statements that does not grow with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.clients.queries import births
from rapport.practice.episodes.rules import clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.queries.series import OF_A_POINT, MeasurePoint, MeasureSeries
from rapport.practice.measures.rules.instruments import Name, shelf
from rapport.practice.measures.rules.record import SCORE_LABEL, totals_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def caseload_scores(
    *, viewer: Actor, at: datetime, instrument_id: str | None = None, sifting: bool = False
) -> CaseloadScores:
    """Every series of everybody in the viewer's care; of one instrument only, if it is named.

    One instrument is asked for to learn how scores spread over a caseload. Nobody's own score is shown then, so that is
    one reading, not one per client. The same holds for sifting the open courses: the caller then names to the trail
    whom it shows.
    """
    require(viewer, "list", Thing("course"), at=at)
    found = _completed(viewer, at, instrument_id, sifting)
    if sifting or instrument_id is not None:
        kind = "caseload_sift" if sifting else "caseload_spread"
        trail.reading(actor=viewer, kind=kind, at=at, client=None)
    else:
        for client_id in sorted({row.client_id for row in found}):
            trail.reading(actor=viewer, kind="measure", at=at, client=client_id)
    clients = {row.client_id for row in found}
    return _grouped(found, births(viewer=viewer, at=at, client_ids=clients, only_readable=True))


@dataclass(frozen=True, slots=True)
class CaseloadScores:
    """The series that open, by episode, and the episodes of those that do not: what is not whole is not judged."""

    series: dict[UUID, tuple[MeasureSeries, ...]]
    unopened: frozenset[UUID]


@prepared
def _completed(viewer: Actor, at: datetime, instrument_id: str | None, only_open: bool) -> QuerySet[Administration]:
    rows = Administration.objects.filter(client__in=clients_in_care(viewer, at), completed_at__isnull=False)
    rows = rows.filter(episode__closed_at=None) if only_open else rows
    rows = rows if instrument_id is None else rows.filter(instrument=instrument_id)
    return rows.only(*OF_A_POINT).order_by("taken_at", "opened_at", "id")


def _grouped(rows: list[Administration], born: dict[UUID, date | None]) -> CaseloadScores:
    on_it = shelf({(row.instrument, row.language) for row in rows})
    latest: dict[UUID, Score] = {}
    for total in totals_of({row.id for row in rows}):
        latest[total.administration_id] = total
    points: dict[UUID, dict[Name, list[MeasurePoint]]] = {}
    unopened: set[tuple[UUID, Name]] = set()
    for row in rows:
        name = (row.instrument, row.language)
        found = points.setdefault(row.episode_id, {}).setdefault(name, [])
        if row.client_id not in born:
            unopened.add((row.episode_id, name))
            continue
        try:
            found.append(MeasurePoint.of(row, latest.get(row.id), on_it[name], born[row.client_id]))
        except keys.SealBroken:
            keys.notice(SCORE_LABEL, latest[row.id].id)
            unopened.add((row.episode_id, name))
    whole = {
        episode: tuple(
            MeasureSeries(on_it[name], tuple(found))
            for name, found in by_name.items()
            if (episode, name) not in unopened
        )
        for episode, by_name in points.items()
    }
    return CaseloadScores(whole, frozenset(episode for episode, _ in unopened))
