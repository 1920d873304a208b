"""Who may open a client's record: granted and ended by a manager, never taken."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.models import CareRelationship, Episode
from rapport.practice.episodes.rules import CannotGrantSelf, EpisodeRefused, check_open, check_therapist
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


class AlreadyInCare(EpisodeRefused):
    """This therapist already cares for the client in this course."""


@action
def grant_care(*, actor: Actor, at: datetime, episode_id: UUID, therapist_id: UUID) -> UUID:
    """Let a therapist care for a client in a course. Nobody grants themselves what others confided."""
    episode = _managed(actor, at, episode_id, "grant")
    if therapist_id == actor.id:
        raise CannotGrantSelf("therapist", _("You cannot open a client's record to yourself. Ask another manager."))
    check_therapist(therapist_id)
    check_open(episode)
    Episode.objects.select_for_update(no_key=True).get(id=episode.id)  # of two at once the second sees the first
    if CareRelationship.objects.filter(episode=episode, account_id=therapist_id, ended_at=None).exists():
        raise AlreadyInCare("therapist", _("This therapist already cares for the client."))
    return Course(episode, actor, at).grant(therapist_id)


@action
def end_care(*, actor: Actor, at: datetime, care_id: UUID) -> None:
    """End a therapist's access; it is gone at their next click, the history of who cared stays."""
    thing = Thing("care_relationship", id=care_id)
    require(actor, "end", thing, at=at)
    care = (
        CareRelationship.objects.select_for_update(of=("self",), no_key=True)
        .select_related("episode")
        .filter(id=care_id)
        .first()
    )
    if care is None or care.ended_at is not None:
        raise not_found(actor, "end", thing, at=at)
    CareRelationship.objects.filter(id=care.id).update(ended_at=at, ended_by=actor.account)
    Course(care.episode, actor, at).record("end", "care_relationship", care.id, purpose="access")


@action
def transfer_care(*, actor: Actor, at: datetime, care_id: UUID, therapist_id: UUID) -> UUID:
    """Hand a client over: one therapist's access ends, another's begins at the same moment."""
    thing = Thing("care_relationship", id=care_id)
    require(actor, "end", thing, at=at)
    care = CareRelationship.objects.filter(id=care_id, ended_at=None).first()
    if care is None:
        raise not_found(actor, "end", thing, at=at)
    granted = grant_care(actor=actor, at=at, episode_id=care.episode_id, therapist_id=therapist_id)
    end_care(actor=actor, at=at, care_id=care_id)
    return granted


def _managed(actor: Actor, at: datetime, episode_id: UUID, verb: str) -> Episode:
    """An episode as the practice's manager handles it: whose it is, never what it says."""
    thing = Thing("care_relationship", id=episode_id)
    require(actor, verb, thing, at=at)
    episode = Episode.objects.filter(id=episode_id).first()
    if episode is None:
        raise not_found(actor, verb, thing, at=at)
    return episode
