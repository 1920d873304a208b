"""Who works here, and who was invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries.accounts import email_in_a_list, name_of
from rapport.practice.security.accounts.queries.links import DETAIL_LABEL, detail_of
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Somebody who works here, for the office."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    disabled_at: datetime | None
    has_second_factor: bool


def people(*, viewer: Actor, at: datetime) -> tuple[PersonFacts, ...]:
    """Everybody who works here, by name."""
    require(viewer, "list", Thing("account"), at=at)
    rows = Account.objects.filter(client_id=None).prefetch_related("role_grants", "time_codes", "passkeys")
    return tuple(sorted((_person_facts(row) for row in rows), key=lambda facts: facts.name.casefold()))


def _person_facts(row: Account) -> PersonFacts:
    has_code = any(code.confirmed_at and not code.removed_at for code in row.time_codes.all())
    return PersonFacts(
        id=row.id,
        name=name_of(row),
        email=email_in_a_list(row),
        roles=frozenset(Role(grant.role) for grant in row.role_grants.all() if grant.ended_at is None),
        disabled_at=row.disabled_at,
        has_second_factor=has_code or any(not passkey.removed_at for passkey in row.passkeys.all()),
    )


@dataclass(frozen=True, slots=True)
class PortalAccess:
    """Whether a client can come into the portal: `none`, `invited`, `expired`, `open` or `disabled`."""

    state: str
    invitation_id: UUID | None = None
    invited_at: datetime | None = None
    expires_at: datetime | None = None


def portal_access(*, viewer: Actor, at: datetime, client_id: UUID) -> PortalAccess:
    """What the client's way into the portal looks like."""
    require(viewer, "read", Thing("invitation", client=client_id), at=at)
    account = Account.objects.filter(client_id=client_id).first()
    if account is not None:
        return PortalAccess("disabled" if account.disabled_at else "open")
    newest = SingleUseLink.objects.filter(kind=LinkKind.INVITATION, client_id=client_id).order_by("-made_at").first()
    if newest is None or newest.revoked_at or newest.used_at:
        return PortalAccess("none")
    state = "invited" if at < newest.expires_at else "expired"
    return PortalAccess(state, newest.id, newest.made_at, newest.expires_at)


@dataclass(frozen=True, slots=True)
class StaffInvitation:
    """An invitation to work here that is still open."""

    id: UUID
    name: str
    invited_at: datetime
    expires_at: datetime


def staff_invitations(*, viewer: Actor, at: datetime) -> tuple[StaffInvitation, ...]:
    """Invitations to work here that nobody has answered yet."""
    require(viewer, "list", Thing("account"), at=at)
    rows = SingleUseLink.objects.filter(
        kind=LinkKind.STAFF_INVITATION, used_at=None, revoked_at=None, expires_at__gt=at
    ).order_by("made_at")
    return tuple(StaffInvitation(row.id, _invited_name(row), row.made_at, row.expires_at) for row in rows)


def _invited_name(row: SingleUseLink) -> str:
    """How somebody invited is called; an invitation changed past the practice hides no other."""
    try:
        return str(detail_of(row)["name"])
    except keys.SealBroken:
        keys.notice(DETAIL_LABEL, row.id)
        return gettext("A name that does not open")
