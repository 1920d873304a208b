"""Reading alerts. A therapist sees those of the clients in their care; a manager sees only how many and whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.safety.answers import Severity
from rapport.practice.clients.queries import names
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.foundation.prepared import prepared
from rapport.practice.safety.choices import SEVERITY_ORDER, AlertState, Contact, StepKind
from rapport.practice.safety.models import Alert, AlertStep, SafetyAnswer
from rapport.practice.safety.rules.record import ANSWER_LABEL, EVIDENCE_LABEL, WORDS_LABEL, visible_alerts
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert in a list, the most pressing first."""

    id: UUID
    client_id: UUID
    client_name: str
    episode_id: UUID | None
    rule: str
    severity: Severity
    state: AlertState
    raised_at: datetime
    due_at: datetime
    overdue: bool
    times: int
    owner_id: UUID
    owner_name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One thing that happened to an alert, in words a therapist may read."""

    kind: StepKind
    at: datetime
    by_name: str
    to_name: str
    level: int
    contact: Contact | None
    words: str
    evidence: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """An alert with its evidence and its history."""

    line: AlertLine
    evidence: Mapping[str, Any]
    said_on: date | None
    safe_now: tuple[tuple[datetime, str], ...]
    steps: tuple[StepFacts, ...]


@dataclass(frozen=True, slots=True)
class AlertTile:
    """What a manager may know of an open alert: that it waits, since when, with whom, and who else could take it."""

    id: UUID
    raised_at: datetime
    due_at: datetime
    overdue: bool
    owner_name: str
    choices: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class AlertCount:
    """How many alerts wait for somebody, and how many of them too long."""

    open: int
    overdue: int


def open_alerts(*, viewer: Actor, at: datetime) -> tuple[AlertLine, ...]:
    """The alerts that are not closed, by severity and then by age."""
    require(viewer, "list", Thing("alert"), at=at)
    lines = _lines(_not_closed(viewer, at), viewer, at)
    return tuple(sorted(lines, key=_pressing))


@prepared
def _not_closed(viewer: Actor, at: datetime) -> QuerySet[Alert]:
    return visible_alerts(viewer, at).exclude(state=AlertState.CLOSED)


def closed_alerts(*, viewer: Actor, at: datetime) -> tuple[AlertLine, ...]:
    """The alerts closed last."""
    require(viewer, "list", Thing("alert"), at=at)
    rows = visible_alerts(viewer, at).filter(state=AlertState.CLOSED).order_by("-raised_at", "id")[:CLOSED_SHOWN]
    return tuple(_lines(list(rows), viewer, at))


def count_of_alerts(*, viewer: Actor, at: datetime) -> AlertCount:
    """How many wait: for a therapist those in their care, for a manager those of the whole practice."""
    require(viewer, "list", Thing("alert"), at=at)
    from_all = "manager" in viewer.roles
    rows = Alert.objects.all() if from_all else visible_alerts(viewer, at)
    due = list(rows.filter(state=AlertState.OPEN).values_list("due_at", flat=True))
    return AlertCount(len(due), sum(moment < at for moment in due))


def open_alert_tiles(*, viewer: Actor, at: datetime) -> tuple[AlertTile, ...]:
    """For a manager: what waits and who could take it. No client, no reason."""
    require(viewer, "assign", Thing("alert"), at=at)
    rows = list(Alert.objects.filter(state=AlertState.OPEN).order_by("due_at", "id"))
    care = CareRelationship.objects.filter(
        client__in={row.client_id for row in rows}, started_at__lte=at, ended_at=None, account__disabled_at=None
    )
    carers: dict[UUID, dict[UUID, None]] = {}
    for client, account in care.order_by("started_at", "id").values_list("client_id", "account_id"):
        carers.setdefault(client, {})[account] = None
    called = staff_names()
    return tuple(
        AlertTile(
            row.id,
            row.raised_at,
            row.due_at,
            row.due_at < at,
            called.get(row.owner_id, ""),
            tuple((one, called.get(one, "")) for one in carers.get(row.client_id, {}) if one != row.owner_id),
        )
        for row in rows
    )


def open_alerts_owned_by(*, viewer: Actor, at: datetime, account_id: UUID) -> int:
    """How many open alerts somebody owns: their account may not be closed before these have another owner."""
    require(viewer, "list", Thing("alert"), at=at)
    return Alert.objects.filter(owner_id=account_id).exclude(state=AlertState.CLOSED).count()


def alert(*, viewer: Actor, at: datetime, alert_id: UUID) -> AlertFacts:
    """One alert, its evidence opened and its reading recorded."""
    row = visible_alerts(viewer, at).filter(id=alert_id).first()
    if row is None:
        raise not_found(viewer, "read", Thing("alert", id=alert_id), at=at)
    require(viewer, "read", Thing("alert", id=row.id, client=row.client_id), at=at)
    drawer = keys.client(row.client_id)
    said = SafetyAnswer.objects.filter(alert=row).order_by("at", "id")
    return AlertFacts(
        line=_lines([row], viewer, at)[0],
        evidence=keys.unseal_data(drawer, EVIDENCE_LABEL, row.id, row.evidence_sealed),
        said_on=row.said_on,
        safe_now=tuple((one.at, keys.unseal(drawer, ANSWER_LABEL, one.id, one.answer_sealed)) for one in said),
        steps=_steps(row, drawer),
    )


def _pressing(line: AlertLine) -> tuple[bool, int, datetime]:
    return line.state != AlertState.OPEN, SEVERITY_ORDER[line.severity], line.raised_at


def _lines(rows: list[Alert], viewer: Actor, at: datetime) -> list[AlertLine]:
    known = names(viewer=viewer, at=at, client_ids={row.client_id for row in rows})
    called = staff_names() if rows else {}
    for row in rows:
        trail.reading(actor=viewer, kind="alert", at=at, client=row.client_id, object_id=row.id, purpose="safety")
    return [
        AlertLine(
            id=row.id,
            client_id=row.client_id,
            client_name=known[row.client_id],
            episode_id=row.episode_id,
            rule=row.rule,
            severity=Severity(row.severity),
            state=AlertState(row.state),
            raised_at=row.raised_at,
            due_at=row.due_at,
            overdue=row.state == AlertState.OPEN and row.due_at < at,
            times=row.times,
            owner_id=row.owner_id,
            owner_name=called.get(row.owner_id, ""),
            mine=row.owner_id == viewer.id,
        )
        for row in rows
    ]


def _steps(row: Alert, drawer: keys.Compartment) -> tuple[StepFacts, ...]:
    called = staff_names()
    found = []
    order = list(StepKind)
    rows = AlertStep.objects.filter(alert=row)
    for step in sorted(rows, key=lambda one: (one.at, order.index(StepKind(one.kind)), one.level, one.id)):
        sealed = step.words_sealed
        again = step.kind == StepKind.REPEATED and sealed is not None
        found.append(
            StepFacts(
                kind=StepKind(step.kind),
                at=step.at,
                by_name=called.get(step.by, "") if step.by else "",
                to_name=called.get(step.to, "") if step.to else "",
                level=step.level,
                contact=Contact(step.contact) if step.contact else None,
                words=keys.unseal(drawer, WORDS_LABEL, step.id, sealed) if sealed and not again else "",
                evidence=keys.unseal_data(drawer, WORDS_LABEL, step.id, sealed) if sealed and again else None,
            )
        )
    return tuple(found)
