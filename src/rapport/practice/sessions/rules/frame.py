"""Whose frame it is."""

from __future__ import annotations

from uuid import UUID

from rapport.practice.episodes.models import CareRelationship


def therapist_of_record(episode_id: UUID) -> UUID | None:
    """Who has cared in this course for longest and still does. Somebody who joins to cover does not take its place."""
    cares = CareRelationship.objects.filter(episode=episode_id, ended_at=None).order_by("started_at")
    return cares.values_list("account_id", flat=True).first()
