"""Trust steps of the first sessions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.models import TrustMoment


@action
def mark_trust_step(*, actor: Actor, at: datetime, episode_id: UUID, step: TrustStep, done: bool) -> None:
    """It was said or asked; or it was marked by mistake."""
    episode = find_episode(actor, at, episode_id, "trust_step", "edit")
    standing = TrustMoment.objects.filter(episode=episode, step=step, undone_at=None)
    if done == standing.exists():
        return
    if done:
        TrustMoment.objects.create(episode=episode, step=step, done_at=at, done_by=actor.account)
    else:
        standing.update(undone_at=at)
    trail.record(
        actor=actor, action="mark" if done else "unmark", object_type="trust_step", object_id=episode_id,
        client=episode.client_id, at=at, reason=step,
    )  # fmt: skip
