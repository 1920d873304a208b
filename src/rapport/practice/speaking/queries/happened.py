"""What made speaking easier during a course, as dates and codes. Whoever shows them records the reading."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.choices import Happened
from rapport.practice.episodes.rules import during, find_episode
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import SpeakingEvent
from rapport.practice.speaking.models import ComfortVersion, OwnPage, Preparation
from rapport.practice.speaking.rules import HANDED


def happened(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[Happened, ...]:
    """When something was prepared, handed over or opened, or a wish for comfort said. A page still kept is not here."""
    row = find_episode(viewer, at, episode_id, "course", "read")
    prepared = Preparation.objects.filter(session__episode=row).values_list("saved_at", flat=True)
    pages = OwnPage.objects.filter(client=row.client_id, state__in=HANDED, **during(row, "handed_at"))
    handed = list(pages.values_list("handed_at", "read_at", "kind", "id"))
    wishes = ComfortVersion.objects.filter(client=row.client_id, **during(row, "set_at")).values_list(
        "set_at", "number"
    )
    return (
        *(Happened(when, SpeakingEvent.PREPARED) for when in prepared),
        *(
            Happened(when, SpeakingEvent.HANDED_OVER, kind, key)
            for when, _read, kind, key in handed
            if when is not None
        ),
        *(
            Happened(when, SpeakingEvent.HANDED_READ, kind, key)
            for _handed, when, kind, key in handed
            if when is not None
        ),
        *(Happened(when, SpeakingEvent.COMFORT_SAID, number=number) for when, number in wishes),
    )
