"""Moving a course of therapy along, each step by a person."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.episodes.referral import ReferralOutcome
from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import CareRelationship, Episode, ModalityChosen, ReferralDecision
from rapport.practice.episodes.rules import (
    BEFORE_THERAPY,
    BY_HAND,
    OVER,
    StepNotAllowed,
    cares_for,
    check_open,
    find_episode,
    words,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


@action
def move_episode(*, actor: Actor, at: datetime, episode_id: UUID, to: EpisodeState, reason: str = "") -> None:
    """Move a course by hand: back to assessment, begun, paused, taken up again, ending, in follow-up."""
    episode = find_episode(actor, at, episode_id, "episode", "edit")
    if to not in BY_HAND or (to is EpisodeState.ASSESSMENT and not _was_accepted(episode)):
        raise StepNotAllowed("state", _("The course comes there only by its own decision, not by hand."))
    Course(episode, actor, at).enter(to, reason)


@action
def begin_therapy(*, actor: Actor, at: datetime, episode_id: UUID) -> None:
    """The first hour after the agreement was held: the course is active. Does nothing to a course in another state."""
    course = Course(find_episode(actor, at, episode_id, "episode", "edit"), actor, at)
    if course.state() is EpisodeState.CONTRACTED:
        course.enter(EpisodeState.ACTIVE)


@action
def choose_modality(*, actor: Actor, at: datetime, episode_id: UUID, modality: Modality) -> None:
    """Say in which method the two work. Said again with the same word, nothing changes."""
    episode = find_episode(actor, at, episode_id, "episode", "edit")
    check_open(episode)
    last = ModalityChosen.objects.filter(episode=episode).order_by("-at").first()
    if last is not None and last.modality == modality:
        return
    ModalityChosen.objects.create(id=uuid.uuid4(), episode=episode, modality=modality, at=at, by=actor.account)
    trail.record(
        actor=actor, action="choose_modality", object_type="episode", object_id=episode.id, client=episode.client_id,
        at=at, reason=modality,
    )  # fmt: skip


@action
def close_without_therapy(*, actor: Actor, at: datetime, episode_id: UUID, reason: str, where: str = "") -> None:
    """End a course that did not become a therapy: the client is helped elsewhere, or does not want it."""
    course = Course(find_episode(actor, at, episode_id, "episode", "edit"), actor, at)
    if course.state() not in BEFORE_THERAPY - {EpisodeState.REFERRED}:
        raise StepNotAllowed("state", _("A therapy that began is closed through its ending."))
    said, where = words("reason", reason, required=True), words("where", where)
    course.enter(EpisodeState.SIGNPOSTED if where else EpisodeState.CLOSED, f"{where}\n{said}".strip())


@action
def close_episode(*, actor: Actor, at: datetime, episode_id: UUID, reason: str = "") -> None:
    """Close a therapy whose ending is recorded. The duty of endings calls this after its own guards; no timer can."""
    course = Course(find_episode(actor, at, episode_id, "ending", "close"), actor, at)
    now = course.state()
    if now in BEFORE_THERAPY or now in OVER:
        raise StepNotAllowed("state", _("Only a therapy that began can be closed by its ending."))
    if now not in {EpisodeState.ENDING, EpisodeState.FOLLOW_UP}:
        course.enter(EpisodeState.ENDING, reason)
    course.enter(EpisodeState.CLOSED, reason)


@action
def bring_episode(*, actor: Actor, at: datetime, client_id: UUID, therapist_id: UUID, began: datetime) -> UUID:
    """Take over a course that began elsewhere, with a spreadsheet: it is active from the day it began.

    Only for a client nobody ever cared for (just registered), or one already in the actor's own care.
    """
    thing = Thing("import", client=client_id)
    require(actor, "create", thing, at=at)
    if CareRelationship.objects.filter(client_id=client_id).exists() and not cares_for(actor, client_id, at):
        raise not_found(actor, "create", thing, at=at)
    course = Course(Episode.objects.create(id=uuid.uuid4(), client_id=client_id, opened_at=began), actor, at)
    course.grant(therapist_id)
    course.write_state(EpisodeState.ACTIVE, "", number=1, since=began)
    return course.episode.id


def _was_accepted(episode: Episode) -> bool:
    last = ReferralDecision.objects.filter(referral__episode=episode).order_by("-number").first()
    return last is None or last.outcome == ReferralOutcome.ACCEPTED
