"""Which trust steps were done in a course, and when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.choices import TrustFacts
from rapport.practice.speaking.models import TrustMoment


def trust_steps(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[TrustFacts, ...]:
    """All of them, in the order in which they usually come up."""
    episode = find_episode(viewer, at, episode_id, "trust_step", "read")
    trail.reading(actor=viewer, kind="trust_step", at=at, client=episode.client_id)
    rows = TrustMoment.objects.filter(episode=episode, undone_at=None)
    done: dict[str, datetime] = dict(rows.values_list("step", "done_at"))
    return tuple(TrustFacts(step, done.get(step)) for step in TrustStep)
