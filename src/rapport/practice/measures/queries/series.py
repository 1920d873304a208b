"""Scores over time: for the therapist with every item, for the client their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.measures.instrument import Band, Instrument
from rapport.clinical.measures.scoring import band
from rapport.practice.clients.queries import births, names
from rapport.practice.episodes.rules import care_of, find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.choices import Mode
from rapport.practice.measures.models import Administration, ItemToAsk, Score
from rapport.practice.measures.rules.instruments import Name, instrument_named, shelf
from rapport.practice.measures.rules.record import SCORE_LABEL, age_at, current_answers, totals_of
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

OF_A_POINT = ("client_id", "episode_id", "instrument", "language", "mode", "taken_at")  # columns; a row has many more


@dataclass(frozen=True, slots=True)
class MeasurePoint:
    """One score: when the answers were true, and how it came about. `value` None has a reason."""

    administration_id: UUID
    at: datetime
    value: float | None
    reason: str
    n_missing: int
    prorated: bool
    method: str
    mode: Mode
    band: Band | None
    age: int | None = None  # of the person, then

    @classmethod
    def of(cls, row: Administration, score: Score | None, instrument: Instrument, born: date | None) -> Self:
        """One score with its band, if the bands were published for people of this age."""
        mode, age = Mode(row.mode), age_at(row.taken_at, born)
        if score is None:
            return cls(row.id, row.taken_at, None, "not_finished", 0, False, "", mode, None, age)
        kept = keys.unseal_data(keys.client(row.client_id), SCORE_LABEL, score.id, score.value_sealed)
        value: float | None = kept["value"]
        placed = band(instrument, value, age)
        return cls(
            row.id,
            row.taken_at,
            value,
            kept["reason"],
            score.n_missing,
            score.prorated,
            score.method,
            mode,
            placed,
            age,
        )


@dataclass(frozen=True, slots=True)
class MeasureSeries:
    """All scores of one instrument in one episode, oldest first."""

    instrument: Instrument
    points: tuple[MeasurePoint, ...]

    @property
    def instrument_id(self) -> str:
        return self.instrument.id

    @property
    def ages(self) -> frozenset[int | None]:
        """How old the person was at these forms: norms hold where they were published for all of them."""
        return frozenset(point.age for point in self.points)

    @property
    def judged(self) -> Instrument:
        """The instrument as it can be judged at these ages."""
        return self.instrument.judged_at(self.ages)

    @property
    def known(self) -> tuple[MeasurePoint, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True)
class Administered:
    """One form as it was answered, item by item."""

    point: MeasurePoint
    instrument: Instrument
    completed: bool
    opened_at: datetime
    answered_on: date | None
    answers: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question the client left open that is worth asking in person."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    instrument: Instrument
    item: str
    raised_at: datetime

    @property
    def text(self) -> str:
        found = self.instrument.item(self.item)
        return found.text if found else self.item


def scores(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[MeasureSeries, ...]:
    """The series of every measure of an episode, for its therapist or its client."""
    client_id = _client_of(viewer, at, episode_id)
    trail.reading(actor=viewer, kind="measure", at=at, client=client_id, object_id=episode_id)
    return _series(viewer, at, _completed(episode_id))


@prepared
def _completed(episode_id: UUID) -> QuerySet[Administration]:
    rows = Administration.objects.filter(episode_id=episode_id, completed_at__isnull=False)
    return rows.only(*OF_A_POINT).order_by("taken_at", "opened_at", "id")


def own_scores(*, viewer: Actor, at: datetime) -> tuple[MeasureSeries, ...]:
    """Everything a client has answered, across their episodes."""
    client_id = viewer.client_id
    require(viewer, "read", Thing("questionnaire", client=client_id), at=at)
    if client_id is None:
        return ()
    trail.reading(actor=viewer, kind="measure", at=at, client=client_id)
    rows = Administration.objects.filter(client_id=client_id, completed_at__isnull=False)
    return _series(viewer, at, list(rows.order_by("taken_at", "opened_at", "id")))


def administered(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Administered, ...]:
    """Every form of an episode with its items, the newest first; unfinished ones too."""
    client_id = _client_of(viewer, at, episode_id)
    trail.reading(actor=viewer, kind="measure", at=at, client=client_id, object_id=episode_id)
    rows = list(Administration.objects.filter(episode_id=episode_id).order_by("-taken_at", "-opened_at", "id"))
    known = shelf((row.instrument, row.language) for row in rows)
    answers, points = current_answers(rows), _points(viewer, at, rows, known)
    return tuple(
        Administered(
            points[row.id],
            known[row.instrument, row.language],
            row.completed_at is not None,
            row.opened_at,
            row.answered_on,
            answers[row.id],
        )
        for row in rows
    )


def open_questions(*, viewer: Actor, at: datetime, episode_id: UUID | None = None) -> tuple[OpenQuestion, ...]:
    """The safety questions left unanswered by clients in the viewer's care, until somebody has asked."""
    require(viewer, "list", Thing("episode"), at=at)
    care = care_of(viewer, at).filter(client__erased_at=None).values("client")
    rows = ItemToAsk.objects.filter(asked_at=None, administration__client__in=care).select_related("administration")
    if episode_id is not None:
        rows = rows.filter(administration__episode_id=episode_id)
    found = list(rows.order_by("raised_at", "id"))
    called = names(viewer=viewer, at=at, client_ids={row.administration.client_id for row in found})
    for row in found:
        trail.reading(actor=viewer, kind="measure", at=at, client=row.administration.client_id)
    return tuple(
        OpenQuestion(
            row.id,
            row.administration.episode_id,
            row.administration.client_id,
            called[row.administration.client_id],
            instrument_named(row.administration.instrument, row.administration.language),
            row.item,
            row.raised_at,
        )
        for row in found
    )


def _client_of(viewer: Actor, at: datetime, episode_id: UUID) -> UUID:
    return find_episode(viewer, at, episode_id, "questionnaire", "read").client_id


def _series(viewer: Actor, at: datetime, rows: list[Administration]) -> tuple[MeasureSeries, ...]:
    known = shelf((row.instrument, row.language) for row in rows)
    points = _points(viewer, at, rows, known)
    grouped: dict[Name, list[MeasurePoint]] = {}
    for row in rows:
        grouped.setdefault((row.instrument, row.language), []).append(points[row.id])
    return tuple(MeasureSeries(known[name], tuple(found)) for name, found in grouped.items())


def _points(
    viewer: Actor, at: datetime, rows: list[Administration], known: dict[Name, Instrument]
) -> dict[UUID, MeasurePoint]:
    latest: dict[UUID, Score] = {}
    for score in totals_of({row.id for row in rows}):
        latest[score.administration_id] = score
    born = births(viewer=viewer, at=at, client_ids=(row.client_id for row in rows))
    return {
        row.id: MeasurePoint.of(row, latest.get(row.id), known[row.instrument, row.language], born[row.client_id])
        for row in rows
    }
