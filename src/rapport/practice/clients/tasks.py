"""Housekeeping of clients' keys. Run by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.practice.clients.models import Client
from rapport.practice.security.audit import trail
from rapport.practice.security.keys.models import CompartmentKey
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

SETTLED = timedelta(hours=1)


def sweep_orphan_keys(*, actor: Actor, at: datetime) -> int:
    """Delete keys of clients that were never written: the key comes first, and a crash may leave it alone.

    Keys younger than an hour are left: their client may be in a transaction that has not ended.
    """
    require(actor, "run", Thing("system_task"), at=at)
    old = CompartmentKey.objects.filter(kind="client", created_at__lt=at - SETTLED)
    subjects = set(old.values_list("subject", flat=True))
    orphans = subjects - set(Client.objects.filter(id__in=subjects).values_list("id", flat=True))
    for subject in orphans:
        CompartmentKey.objects.filter(kind="client", subject=subject).delete()
    if orphans:
        trail.record(actor=actor, action="sweep_keys", object_type="system_task", object_id=None, at=at,
                     purpose="housekeeping", reason=f"{len(orphans)} keys")  # fmt: skip
    return len(orphans)
