"""Single-use links: made, looked at, claimed once, revoked."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.models import SingleUseLink
from rapport.practice.security.accounts.queries import DETAIL_LABEL, LinkDead, drawer_of, find_link, token_hash
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor

LASTS = {
    LinkKind.INVITATION: timedelta(days=7),
    LinkKind.STAFF_INVITATION: timedelta(days=7),
    LinkKind.PASSWORD_RESET: timedelta(hours=1),
    LinkKind.OPENING: timedelta(minutes=30),
    LinkKind.DEMO: timedelta(days=1),
    LinkKind.CEREMONY: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh link. The token is known only now."""

    id: UUID
    token: str
    expires_at: datetime

    def address(self, page: str) -> str:
        """The whole address, from the installation's own origin and never from a request's Host."""
        return settings.INSTALLATION.origin.rstrip("/") + reverse(page, args=[self.token])


@action
def make_link(
    *,
    actor: Actor,
    at: datetime,
    kind: LinkKind,
    account_id: UUID | None = None,
    client_id: UUID | None = None,
    detail: Any = None,
) -> Link:
    """Make a link. Whoever calls has asked whether this person may."""
    link_id, token = uuid.uuid4(), secrets.token_urlsafe(32)
    row = SingleUseLink.objects.create(
        id=link_id,
        kind=kind,
        token_hash=token_hash(token),
        account_id=account_id,
        client_id=client_id,
        made_by=actor.id,
        made_at=at,
        expires_at=at + LASTS[kind],
        detail_sealed=keys.seal_data(drawer_of(client_id), DETAIL_LABEL, link_id, detail),
    )
    return Link(link_id, token, row.expires_at)


@action
def claim_link(*, actor: Actor, at: datetime, kind: LinkKind, token: str) -> SingleUseLink:
    """Use a link up; of two at once one wins."""
    row = find_link(kind, token, at)
    if not SingleUseLink.objects.filter(id=row.id, used_at=None, revoked_at=None).update(used_at=at):
        raise LinkDead("This link does not work any more.")
    return row
