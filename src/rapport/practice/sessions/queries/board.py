"""What lies on the table in one hour, for the therapist who holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.room.interventions import Mode
from rapport.clinical.sessions.room.marks import MarkKind, can_be_taken_back, minute_of
from rapport.clinical.sessions.room.threads import in_order
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import (
    AgendaItem,
    Remembered,
    RoomSwitches,
    SessionIntervention,
    SessionMark,
    SessionStep,
    TherapySession,
)
from rapport.practice.sessions.models.agenda import AGENDA_LABEL, REMEMBERED_LABEL
from rapport.practice.sessions.models.interventions import INTERVENTION_LABEL
from rapport.practice.sessions.models.marks import MARK_LABEL, WORDS_LABEL
from rapport.practice.sessions.queries.threads import ThreadFacts, opened, threads_of
from rapport.practice.sessions.rules import sessions_in_care


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """A mark, in which minute of the hour it was set, and whether it can still be taken back."""

    id: UUID
    kind: MarkKind
    at: datetime
    minute: int
    words: str
    can_go: bool


@dataclass(frozen=True, slots=True)
class InterventionFacts:
    """Something the therapist did."""

    id: UUID
    code: str
    mode: Mode
    at: datetime
    minute: int
    can_go: bool


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """One thing on the agenda."""

    id: UUID
    words: str
    of_client: bool
    is_covered: bool


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """How the viewer likes their room."""

    glow: bool = True
    keys: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of one hour but its clock and its note."""

    marks: tuple[MarkFacts, ...]
    interventions: tuple[InterventionFacts, ...]
    agenda: tuple[AgendaFacts, ...]
    threads: tuple[ThreadFacts, ...]
    remembered: str
    is_located: bool
    settings: RoomSettings


def board(*, viewer: Actor, at: datetime, session_id: UUID) -> Board:
    """What was noted in an hour, its agenda, the threads of the course and the line for the next time."""
    row = _own(viewer, at, session_id)
    client_id = row.episode.client_id
    liked = RoomSwitches.objects.filter(account_id=viewer.account).first()
    rows = threads_of(viewer=viewer, at=at, episode_id=row.episode_id, session_id=row.id)
    return Board(
        marks=_marks(viewer, at, row),
        interventions=_interventions(row, at),
        agenda=_agenda(row),
        threads=in_order(opened(viewer=viewer, at=at, rows=rows, client_id=client_id)),
        remembered=remembered_line(viewer=viewer, at=at, session_id=row.id),
        is_located=SessionStep.objects.filter(session=row, kind=StepKind.LOCATED).exists(),
        settings=RoomSettings(liked.glow, liked.keys) if liked else RoomSettings(),
    )


def noted(
    *, viewer: Actor, at: datetime, session_id: UUID
) -> tuple[tuple[MarkFacts, ...], tuple[InterventionFacts, ...]]:
    """Only what was noted in an hour, after one more thing was."""
    row = _own(viewer, at, session_id)
    return _marks(viewer, at, row), _interventions(row, at)


def _own(viewer: Actor, at: datetime, session_id: UUID) -> TherapySession:
    row = sessions_in_care(viewer, at).filter(id=session_id, therapist_id=viewer.account).first()
    if row is None:
        raise not_found(viewer, "run", Thing("room", id=session_id), at=at)
    client_id = row.episode.client_id
    require(viewer, "run", Thing("room", id=session_id, client=client_id), at=at)
    trail.reading(actor=viewer, kind="room", client=client_id, object_id=session_id, at=at)
    return row


def _marks(viewer: Actor, at: datetime, session: TherapySession) -> tuple[MarkFacts, ...]:
    rows = SessionMark.objects.filter(session=session, voided_at=None)
    return marks_of(viewer=viewer, at=at, rows=rows, session=session)


def marks_of(
    *, viewer: Actor, at: datetime, rows: Iterable[SessionMark], session: TherapySession
) -> tuple[MarkFacts, ...]:
    """Marks of one hour, opened, in the order of the hour."""
    drawer, start = keys.client(session.episode.client_id), session.started_at or session.planned_start
    return tuple(
        MarkFacts(
            row.id,
            MarkKind(keys.unseal(drawer, MARK_LABEL, row.id, row.kind_sealed)),
            row.at,
            minute_of(start, row.at),
            keys.unseal(drawer, WORDS_LABEL, row.id, row.words_sealed) if row.words_sealed else "",
            can_be_taken_back(row.recorded_at, at),
        )
        for row in sorted(rows, key=lambda row: (row.at, row.recorded_at))
    )


def remembered_line(*, viewer: Actor, at: datetime, session_id: UUID) -> str:
    """The line the viewer left at an hour for the next one; nothing without one."""
    own = Remembered.objects.select_related("session__episode").filter(author_id=viewer.account, put_aside_at=None)
    row = own.filter(session=session_id, session__in=sessions_in_care(viewer, at)).first()
    return remembered_words(viewer=viewer, at=at, row=row, client_id=row.session.episode.client_id) if row else ""


def remembered_words(*, viewer: Actor, at: datetime, row: Remembered, client_id: UUID) -> str:
    """The line, for its author."""
    trail.reading(actor=viewer, kind="remembered", client=client_id, object_id=row.id, at=at,
                  private_to=viewer.id)  # fmt: skip
    return keys.unseal(keys.process_note(viewer.account, client_id), REMEMBERED_LABEL, row.id, row.words_sealed)


def _interventions(session: TherapySession, at: datetime) -> tuple[InterventionFacts, ...]:
    drawer, start = keys.client(session.episode.client_id), session.started_at or session.planned_start
    found = []
    for row in SessionIntervention.objects.filter(session=session, voided_at=None).order_by("at", "recorded_at"):
        code, mode = keys.unseal_data(drawer, INTERVENTION_LABEL, row.id, row.what_sealed)
        can_go = can_be_taken_back(row.recorded_at, at)
        found.append(InterventionFacts(row.id, code, Mode(mode), row.at, minute_of(start, row.at), can_go))
    return tuple(found)


def _agenda(session: TherapySession) -> tuple[AgendaFacts, ...]:
    """What the client wishes first."""
    drawer = keys.client(session.episode.client_id)
    rows = AgendaItem.objects.filter(session=session, dropped_at=None).order_by("-of_client", "place")
    return tuple(
        AgendaFacts(
            row.id,
            keys.unseal(drawer, AGENDA_LABEL, row.id, row.words_sealed),
            row.of_client,
            row.covered_at is not None,
        )
        for row in rows
    )
