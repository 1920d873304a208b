"""Keeping what is typed, and forgetting it once it was sent."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.models import Account
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.unsent.models import LABEL, UnsentTyping
from rapport.practice.unsent.rules import (
    MOST_WINDOWS,
    TypingRefused,
    check_typing,
    drawer,
    reachable_clients,
    typing_about,
)

__all__ = ["TypingRefused", "forget_typing", "keep_typing"]


@action
def keep_typing(
    *,
    actor: Actor,
    at: datetime,
    client_id: UUID | None,
    place: str,
    tab: UUID,
    seq: int,
    fields: list[tuple[str, str]],
) -> None:
    """Keep one window's typing on one page, about a client or (None) about nobody.

    A save that arrives late never replaces a newer one, nor one sent since.
    """
    thing = typing_about(client_id)
    known = client_id is None or reachable_clients(actor, at).filter(pk=client_id).exists()
    require(actor, "keep", thing, at=at)
    if not known:
        raise not_found(actor, "keep", thing, at=at)
    check_typing(place, seq, fields)
    window = {"author_id": actor.account, "place": place, "tab": tab}
    list(Account.objects.select_for_update(no_key=True).filter(id=actor.account))  # one save of a person at a time
    row = UnsentTyping.objects.select_for_update(no_key=True).filter(**window).first()
    if row is not None and row.client_seq >= seq:
        return
    is_new = row is None or row.fields_sealed is None
    row = row or UnsentTyping(id=uuid.uuid4(), **window)
    row.client_seq, row.client_id, row.saved_at = seq, client_id, at
    row.fields_sealed = keys.seal_data(drawer(actor, client_id), LABEL, row.id, {"fields": fields})
    row.save()
    if is_new:
        _empty_oldest(actor)
        trail.record(
            actor=actor, action="keep", object_type="typing", object_id=row.id, client=client_id, at=at,
            private_to=actor.account,
        )  # fmt: skip


@action
def forget_typing(*, actor: Actor, at: datetime, place: str, tab: UUID | None = None, seq: int = 0) -> None:
    """What was typed on this page was sent or is not wanted: the words go. `seq` was the last save of `tab`."""
    require(actor, "forget", Thing("typing", client=actor.client_id), at=at)
    check_typing(place, seq, [])
    mine = UnsentTyping.objects.filter(author_id=actor.account, place=place)
    kept = list(mine.filter(fields_sealed__isnull=False).values_list("id", "client_id"))
    mine.update(fields_sealed=None, client=None)
    if tab is not None and not mine.filter(tab=tab, client_seq__lt=seq).update(client_seq=seq):
        UnsentTyping.objects.get_or_create(
            author_id=actor.account, place=place, tab=tab, defaults={"client_seq": seq, "saved_at": at}
        )
    for row_id, client_id in kept:
        trail.record(
            actor=actor, action="forget", object_type="typing", object_id=row_id, client=client_id, at=at,
            private_to=actor.account,
        )  # fmt: skip


def _empty_oldest(actor: Actor) -> None:
    rows = UnsentTyping.objects.filter(author_id=actor.account, fields_sealed__isnull=False)
    old = list(rows.order_by("-saved_at").values_list("id", flat=True)[MOST_WINDOWS:])
    if old:
        UnsentTyping.objects.filter(id__in=old).update(fields_sealed=None, client=None)
