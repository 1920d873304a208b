"""A new practice key: every compartment's key is wrapped anew, nothing that is sealed changes.

Each row names the practice key that wraps it, so a practice whose renewal was cut short opens as before, with some rows
under the new key and some under the old. Renewing again finishes it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rapport.practice.security.audit import trail
from rapport.practice.security.keys.compartments import name_of, open_practice_key, unwrap, wrap, write_practice_key
from rapport.practice.security.keys.erasure import empty_log
from rapport.practice.security.keys.models import CompartmentKey, PracticeKey
from rapport.practice.security.keys.root import new_key
from rapport.practice.security.keys.router import KEYS

BATCH = 100  # a writer waits for one batch at most


def renew_practice_key(*, actor: trail.AuditActor, at: datetime) -> int:
    """Make a practice key, wrap all compartments' keys with it, destroy the old ones; how many were wrapped anew."""
    with transaction.atomic(using=KEYS):
        last = PracticeKey.objects.select_for_update(no_key=True).order_by("-version").first()
        new = write_practice_key(last.version + 1 if last else 1, new_key())
    # The trail is in the other database: it is told before anything can be lost, not after.
    trail.record(actor=actor, action="renew", object_type="practice_key", object_id=new.id, at=at, purpose="operation")
    key = open_practice_key(new)
    count = 0
    while done := _wrap_some(new, key):
        count += done
    with transaction.atomic(using=KEYS):
        PracticeKey.objects.filter(version__lt=new.version).delete()
    empty_log()
    return count


def _wrap_some(new: PracticeKey, key: bytes) -> int:
    with transaction.atomic(using=KEYS):
        old = CompartmentKey.objects.select_for_update(of=("self",), no_key=True).filter(
            practice_key__version__lt=new.version
        )
        rows = list(old.select_related("practice_key")[:BATCH])
        opened: dict[object, bytes] = {}
        for row in rows:
            if row.practice_key_id not in opened:
                opened[row.practice_key_id] = open_practice_key(row.practice_key)
            name = name_of(row.kind, row.subject, row.version)
            row.wrapped = wrap(key, unwrap(opened[row.practice_key_id], bytes(row.wrapped), name), name)
            row.practice_key = new
        CompartmentKey.objects.bulk_update(rows, ["wrapped", "practice_key"])
    return len(rows)
