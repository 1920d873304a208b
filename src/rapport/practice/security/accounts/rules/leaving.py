"""Who may leave. Duties that stand higher hand down what still needs a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.models import RoleGrant
from rapport.practice.security.policy.actor import Role

LeavingCheck = Callable[[UUID, datetime], str | None]
_checks: list[LeavingCheck] = []


class StillNeeded(Exception):
    """This person still carries something that nobody else has taken over; the message says what."""


class LastManager(Exception):
    """Without this person nobody could manage the practice."""


def require_another_manager(account_id: UUID) -> None:
    """Refuse what would leave the practice without a manager."""
    others = RoleGrant.objects.filter(role=Role.MANAGER, ended_at=None, account__disabled_at=None)
    if not others.exclude(account_id=account_id).exists():
        raise LastManager("Without this person nobody could manage the practice. Make somebody else a manager first.")


def register_leaving_check(check: LeavingCheck) -> None:
    """`check(account_id, at)` returns a sentence that says what must be handed over first, or None."""
    if check not in _checks:
        _checks.append(check)


def require_free_to_leave(account_id: UUID, at: datetime) -> None:
    """Refuse to disable somebody who is still needed."""
    reasons = [reason for check in _checks if (reason := check(account_id, at))]
    if reasons:
        raise StillNeeded(" ".join(reasons))
