"""What the hours of one course come to: who came, how regularly, what the hours themselves did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.sessions.attendance import CAME, AttendanceRates, PlannedHour, asks_for_a_review, attendance_rates
from rapport.clinical.sessions.hour_effect import mean_effect
from rapport.practice.episodes.queries import terms
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.queries.diary import SessionFacts, sessions_of


@dataclass(frozen=True, slots=True)
class CourseOfHours:
    """The sessions of an episode with their rates and the mean effect of an hour, each with its card."""

    sessions: tuple[SessionFacts, ...]
    rates: AttendanceRates
    effect: NumberCard
    asks_for_a_review: bool


def course_of_hours(*, viewer: Actor, at: datetime, episode_id: UUID) -> CourseOfHours:
    """The course of an episode in hours."""
    sessions = sessions_of(viewer=viewer, at=at, episode_id=episode_id, among_others=False)
    client_id = sessions[0].client_id if sessions else None
    if client_id is not None:
        require(viewer, "read", Thing("session_moment", client=client_id), at=at)
        trail.reading(actor=viewer, kind="session_moment", client=client_id, at=at)
    known = [PlannedHour(hour.planned_start, hour.attendance) for hour in sessions if hour.attendance is not None]
    came = [hour.effect for hour in sessions if hour.attendance in CAME]
    agreed = terms(viewer=viewer, at=at, episode_id=episode_id)
    rates = attendance_rates(known, agreed.clinical if agreed.agreed else None)
    return CourseOfHours(sessions, rates, mean_effect(came), asks_for_a_review([hour.attendance for hour in known]))
