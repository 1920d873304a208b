"""Reading one's own typing again."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor
from rapport.practice.unsent.choices import KeptTyping
from rapport.practice.unsent.models import LABEL
from rapport.practice.unsent.rules import drawer, own_typing, typing_about


def kept_typing(*, viewer: Actor, at: datetime, place: str) -> KeptTyping | None:
    """What the viewer typed last on this page and did not send; None if there is nothing."""
    row = own_typing(viewer, at).filter(place=place).order_by("-saved_at", "-client_seq").first()
    if row is None or row.fields_sealed is None:
        return None
    require(viewer, "read", typing_about(row.client_id), at=at)
    trail.reading(actor=viewer, kind="typing", at=at, client=row.client_id, object_id=row.id, private_to=viewer.account)
    fields = keys.unseal_data(drawer(viewer, row.client_id), LABEL, row.id, row.fields_sealed)
    return KeptTyping(tuple((name, text) for name, text in fields["fields"]), row.saved_at)
