"""Nobody leaves with an alert in their hands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import ngettext

from rapport.practice.safety.choices import AlertState
from rapport.practice.safety.models import Alert


def alerts_to_hand_over(account_id: UUID, at: datetime) -> str | None:
    """What to say of alerts of this person's that are not closed; None if there are none."""
    waiting = Alert.objects.filter(owner_id=account_id, client__erased_at=None).exclude(state=AlertState.CLOSED).count()
    if not waiting:
        return None
    return ngettext(
        "%(count)d alert is with this person and not closed. Give it to somebody else first.",
        "%(count)d alerts are with this person and not closed. Give them to somebody else first.",
        waiting,
    ) % {"count": waiting}
