"""Who of the practice could be told about a client."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.organisation.queries import practice
from rapport.practice.safety.rules.clock import Staff
from rapport.practice.safety.rules.record import care_by_staff
from rapport.practice.security.accounts.models import Account, RoleGrant
from rapport.practice.security.policy.actor import Actor, Role


def staff_for(*, viewer: Actor, at: datetime, client_id: UUID, episode_id: UUID | None) -> Staff:
    """The client's active therapists, those of this episode first, the managers, and who is on call."""
    care = care_by_staff(at).filter(client_id=client_id).order_by("started_at", "id")
    carers = sorted(care.values_list("account_id", "episode_id"), key=lambda row: row[1] != episode_id)
    on_call = practice(viewer=viewer, at=at).on_call
    if on_call is not None and not Account.objects.filter(id=on_call, disabled_at=None).exists():
        on_call = None
    return Staff(tuple(dict.fromkeys(account for account, _ in carers)), managers(viewer=viewer, at=at), on_call)


def managers(*, viewer: Actor, at: datetime) -> tuple[UUID, ...]:
    """Everybody who manages the practice and can sign in."""
    grants = RoleGrant.objects.filter(role=Role.MANAGER, ended_at=None, account__disabled_at=None)
    return tuple(grants.order_by("granted_at", "id").values_list("account_id", flat=True))
