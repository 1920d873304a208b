"""Hours that were missed: which ask for a call today, and which courses for a letter that offers a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.sessions.attendance import CAME, MISSED, Attendance, asks_for_a_review, missed_in_a_row
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import clients_in_care
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.safety.queries import with_plan_or_alert
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import SessionMark, TherapySession
from rapport.practice.sessions.models.marks import MARK_LABEL

LOOKED_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MissedHour:
    """A client whose last hours were missed.

    `is_fresh`: they did not come today. `call_today`: missed today, with a safety plan or an open alert.
    `after_rupture`: the hour held before was marked with a rupture.
    """

    session_id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    planned_start: datetime
    in_a_row: int
    asks_for_a_review: bool
    is_fresh: bool
    call_today: bool
    after_rupture: bool


Came = tuple[UUID, UUID, UUID, datetime, str]  # hour, course, client, when, what became of it


@prepared
def _lately(viewer: Actor, at: datetime, since: datetime) -> QuerySet[TherapySession, Came]:
    rows = TherapySession.objects.filter(
        therapist_id=viewer.account,
        episode__client__in=clients_in_care(viewer, at),
        episode__closed_at=None,
        planned_start__gt=since,
    ).exclude(attendance="")
    columns = ("id", "episode_id", "episode__client_id", "planned_start", "attendance")
    return rows.order_by("planned_start").values_list(*columns)


def missed_hours(*, viewer: Actor, at: datetime) -> tuple[MissedHour, ...]:
    """The viewer's own open courses whose last hour was missed today, or whose last two were missed."""
    require(viewer, "list", Thing("appointment"), at=at)
    by_episode: dict[UUID, list[Came]] = {}
    for row in _lately(viewer, at, at - LOOKED_BACK):
        by_episode.setdefault(row[1], []).append(row)
    zone = practice_zone()
    today = at.astimezone(zone).date()
    found = []
    for hours in by_episode.values():
        outcomes = [Attendance(row[4]) for row in hours]
        missed = [row for row in hours if row[4] in MISSED]
        if not missed_in_a_row(outcomes):
            continue
        is_today = missed[-1][3].astimezone(zone).date() == today
        if is_today or asks_for_a_review(outcomes):
            held = [row[0] for row in hours if row[4] in CAME]
            found.append((missed[-1], missed_in_a_row(outcomes), asks_for_a_review(outcomes), is_today, held[-1:]))
    if not found:
        return ()
    clients = {row[2] for row, *_ in found}
    before = {held[0]: row[2] for row, *_, held in found if held}
    for client_id in sorted(set(before.values())):
        trail.reading(actor=viewer, kind="room", client=client_id, at=at)
    ruptured = _with_rupture(before)
    called = names(viewer=viewer, at=at, client_ids=clients)
    in_need = with_plan_or_alert(viewer=viewer, at=at, client_ids=clients)
    return tuple(
        MissedHour(
            session_id=row[0],
            episode_id=row[1],
            client_id=row[2],
            client_name=called.get(row[2], ""),
            planned_start=row[3],
            in_a_row=count,
            asks_for_a_review=review,
            is_fresh=is_today and row[4] == Attendance.DID_NOT_ATTEND,
            call_today=is_today and row[2] in in_need,
            after_rupture=not ruptured.isdisjoint(held),
        )
        for row, count, review, is_today, held in found
    )


def _with_rupture(client_of: dict[UUID, UUID]) -> set[UUID]:
    """Which of these hours hold a mark that says rupture, or one that does not open and may say it."""
    return {
        mark.session_id
        for mark in SessionMark.objects.filter(session__in=client_of, voided_at=None)
        if keys.unseal_or(
            MarkKind.RUPTURE, keys.client(client_of[mark.session_id]), MARK_LABEL, mark.id, mark.kind_sealed
        )
        == MarkKind.RUPTURE
    }
