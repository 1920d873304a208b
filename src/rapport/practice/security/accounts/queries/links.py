"""Single-use links that still count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries.accounts import name_of
from rapport.practice.security.accounts.queries.sign_ins import token_hash
from rapport.practice.security.keys import api as keys

DETAIL_LABEL = "accounts.link.detail"


class LinkDead(Exception):
    """This link was used, revoked, has expired or never was."""


def drawer_of(client_id: UUID | None) -> keys.Compartment:
    """Where a link's detail is sealed."""
    return keys.client(client_id) if client_id else keys.practice()


def find_link(kind: LinkKind, token: str, at: datetime) -> SingleUseLink:
    """The row of a link that still counts, without using it up."""
    row = SingleUseLink.objects.filter(
        kind=kind, token_hash=token_hash(token), used_at=None, revoked_at=None, expires_at__gt=at, made_at__lte=at
    ).first()
    if row is None:
        raise LinkDead("This link does not work any more.")
    return row


def detail_of(row: SingleUseLink) -> Any:
    """What was sealed into a link when it was made; the link of somebody erased is dead."""
    try:
        return keys.unseal_data(drawer_of(row.client_id), DETAIL_LABEL, row.id, row.detail_sealed)
    except keys.KeyDestroyed:
        raise LinkDead("This link does not work any more.") from None


def link_works(*, kind: LinkKind, token: str, at: datetime) -> bool:
    """Whether a link still opens something."""
    try:
        find_link(kind, token, at)
    except LinkDead:
        return False
    return True


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What somebody who holds an invitation may know before they accept it."""

    is_staff: bool
    invited_by: str
    name: str
    email: str


def invitation(*, token: str, at: datetime) -> InvitationFacts:
    """The invitation behind a link, for staff or for a client."""
    row = find_invitation(token, at)
    sender = Account.objects.filter(id=row.made_by).first() if row.made_by else None
    detail = detail_of(row)
    is_staff = row.kind == LinkKind.STAFF_INVITATION
    return InvitationFacts(
        is_staff=is_staff,
        invited_by=name_of(sender) if sender else "",
        name=detail["name"] if is_staff else "",  # a client's name does not stand on a page that a link alone opens
        email=detail["email"] if is_staff else "",
    )


def find_invitation(token: str, at: datetime) -> SingleUseLink:
    """The row of an invitation of either kind."""
    try:
        return find_link(LinkKind.INVITATION, token, at)
    except LinkDead:
        return find_link(LinkKind.STAFF_INVITATION, token, at)
