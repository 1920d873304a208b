"""Where every course of a caseload began and where it stands now, whatever number of scores lies between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from rapport.clinical.measures.instrument import Instrument
from rapport.practice.clients.queries import births
from rapport.practice.episodes.rules import clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.models import Score
from rapport.practice.measures.rules.instruments import shelf
from rapport.practice.measures.rules.record import SCORE_LABEL, age_at
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


@dataclass(frozen=True, slots=True)
class SeriesEnds:
    """The first and the last score of one instrument in one episode, and how many forms gave one or none.

    `ages` are those of the person at the first and the last form: norms hold for a span of years.
    """

    instrument: Instrument
    ages: frozenset[int | None]
    first: tuple[datetime, float] | None
    last: tuple[datetime, float] | None
    n: int
    missing: int

    @property
    def judged(self) -> Instrument:
        """The instrument as it can be judged at these ages."""
        return self.instrument.judged_at(self.ages)


@dataclass(frozen=True, slots=True)
class CaseloadScores:
    """The series that open, by episode, and the episodes of those that do not: what is not whole is not judged."""

    series: dict[UUID, tuple[SeriesEnds, ...]]
    unopened: frozenset[UUID]


def caseload_scores(
    *, viewer: Actor, at: datetime, instrument_id: str | None = None, sifting: bool = False
) -> CaseloadScores:
    """The ends of every series of everybody in the viewer's care; of one instrument only, if it is named.

    One instrument is asked for to learn how scores spread over a caseload. Nobody's own score is shown then, so that is
    one reading, not one per client. The same holds for sifting the open courses: the caller then names to the trail
    whom it shows.
    """
    require(viewer, "list", Thing("course"), at=at)
    found = [_End(*row) for row in _ends(viewer, at, instrument_id, sifting)]
    clients = {end.client_id for end in found}
    if sifting or instrument_id is not None:
        kind = "caseload_sift" if sifting else "caseload_spread"
        trail.reading(actor=viewer, kind=kind, at=at, client=None)
    else:
        for client_id in sorted(clients):
            trail.reading(actor=viewer, kind="measure", at=at, client=client_id)
    return _grouped(found, births(viewer=viewer, at=at, client_ids=clients, only_readable=True))


class _End(NamedTuple):
    """The first or the last total of a series, among those that have a value or among those that have none."""

    episode_id: UUID
    instrument: str
    language: str
    client_id: UUID
    taken_at: datetime
    score_id: UUID
    value_sealed: bytes
    has_value: bool
    n: int


@prepared
def _ends(viewer: Actor, at: datetime, instrument_id: str | None, only_open: bool) -> QuerySet[Score, Any]:
    form = "administration__"
    anew = Score.objects.filter(administration=OuterRef("administration"), scale="total", number__gt=OuterRef("number"))
    rows = Score.objects.filter(
        ~Exists(anew),
        scale="total",
        administration__client__in=clients_in_care(viewer, at),
        administration__completed_at__isnull=False,
    )
    rows = rows.filter(administration__episode__closed_at=None) if only_open else rows
    rows = rows if instrument_id is None else rows.filter(administration__instrument=instrument_id)
    alike = (f"{form}episode", f"{form}instrument", f"{form}language", "has_value")
    in_time = (f"{form}taken_at", f"{form}opened_at", f"{form}id")
    rows = rows.annotate(
        place=Window(RowNumber(), partition_by=alike, order_by=in_time), n=Window(Count("*"), partition_by=alike)
    )
    return (
        rows.filter(Q(place=1) | Q(place=F("n")))
        .order_by(*alike, "place")
        .values_list(*alike[:3], f"{form}client", f"{form}taken_at", "id", "value_sealed", "has_value", "n")
    )


def _grouped(ends: list[_End], born: dict[UUID, date | None]) -> CaseloadScores:
    on_it = shelf({(end.instrument, end.language) for end in ends})
    series: dict[UUID, list[SeriesEnds]] = {}
    unopened: set[UUID] = set()
    for (episode_id, instrument, language), found in groupby(ends, key=lambda end: end[:3]):
        read = _read(on_it[instrument, language], list(found), born)
        if read is None:
            unopened.add(episode_id)
        else:
            series.setdefault(episode_id, []).append(read)
    return CaseloadScores({key: tuple(found) for key, found in series.items()}, frozenset(unopened))


def _read(instrument: Instrument, ends: list[_End], born: dict[UUID, date | None]) -> SeriesEnds | None:
    """One series, first and last with a value and first and last without; None where something does not open."""
    client_id = ends[0].client_id
    if client_id not in born:
        return None
    drawer = keys.client(client_id)
    known: list[tuple[datetime, float]] = []
    for end in ends:
        if end.has_value:
            try:
                kept = keys.unseal_data(drawer, SCORE_LABEL, end.score_id, end.value_sealed)
            except keys.SealBroken:
                keys.notice(SCORE_LABEL, end.score_id)
                return None
            known.append((end.taken_at, kept["value"]))
    forms = {end.has_value: end.n for end in ends}
    return SeriesEnds(
        instrument=instrument,
        ages=frozenset(age_at(end.taken_at, born[client_id]) for end in ends),
        first=known[0] if known else None,
        last=known[-1] if known else None,
        n=forms.get(True, 0),
        missing=forms.get(False, 0),
    )
