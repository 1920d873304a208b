"""What an hour costs by the contract, and what a person decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor
from uuid import UUID

from rapport.clinical.sessions.attendance import Attendance, ChargeDue, charge_due, notice_hours
from rapport.practice.episodes.queries import terms
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import ChargeWaiver, SessionStep
from rapport.practice.sessions.models.waivers import WAIVER_LABEL
from rapport.practice.sessions.rules import sessions_in_care


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """One decision about a charge."""

    waived: bool
    reason: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class HourCharge:
    """What one hour costs. `notice_hours` is how long before it a cancellation came; decisions are the newest first."""

    attendance: Attendance
    notice_hours: float | None
    agreed_notice_hours: int
    due: ChargeDue
    currency: str
    decisions: tuple[WaiverFacts, ...]

    @property
    def whole_notice_hours(self) -> int | None:
        """Full hours only: what came half an hour too late is not shown as in time."""
        return None if self.notice_hours is None else floor(self.notice_hours)

    @property
    def is_waived(self) -> bool:
        return bool(self.decisions) and self.decisions[0].waived


def charge_of(*, viewer: Actor, at: datetime, session_id: UUID) -> HourCharge | None:
    """What an hour costs by the agreement that held when it was to begin; None as long as nothing became of it."""
    session = sessions_in_care(viewer, at).filter(id=session_id).first()
    if session is None:
        raise not_found(viewer, "read", Thing("charge", id=session_id), at=at)
    client_id = session.episode.client_id
    require(viewer, "read", Thing("charge", id=session_id, client=client_id), at=at)
    if not session.attendance:
        return None
    trail.reading(actor=viewer, kind="charge", client=client_id, object_id=session_id, at=at)
    agreed = terms(viewer=viewer, at=at, episode_id=session.episode_id, as_of=session.planned_start)
    code = Attendance(session.attendance)
    told = (
        SessionStep.objects.filter(session=session, kind=StepKind.CANCELLED)
        .order_by("seq")
        .values_list("told_at", flat=True)
        .last()
        if code in {Attendance.CANCELLED_IN_NOTICE, Attendance.CANCELLED_LATE, Attendance.CANCELLED_BY_THERAPIST}
        else None
    )
    return HourCharge(
        attendance=code,
        notice_hours=notice_hours(session.planned_start, told) if told else None,
        agreed_notice_hours=agreed.notice_hours,
        due=charge_due(code, agreed.clinical),
        currency=agreed.currency,
        decisions=_decisions(session_id, client_id),
    )


def _decisions(session_id: UUID, client_id: UUID) -> tuple[WaiverFacts, ...]:
    rows = list(ChargeWaiver.objects.filter(session_id=session_id).order_by("-number"))
    if not rows:
        return ()
    people, drawer = staff_names(), keys.client(client_id)
    return tuple(
        WaiverFacts(
            row.waived,
            keys.unseal(drawer, WAIVER_LABEL, row.id, row.reason_sealed),
            row.decided_at,
            people.get(row.decided_by, ""),
        )
        for row in rows
    )
