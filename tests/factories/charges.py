"""Charges that are not asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.sessions.actions import waive_charge
from tests.factories.people import AT, Course


def waived(course: Course, session: UUID, reason: str, at: datetime = AT) -> None:
    """The therapist does not ask for what this hour costs."""
    waive_charge(actor=course.therapist, at=at, session_id=session, reason=reason)
