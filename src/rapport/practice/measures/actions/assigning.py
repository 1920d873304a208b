"""Asking a client to answer forms: which, how often, and never more at once than a person should meet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.burden import Burden
from rapport.clinical.measures.sets import measure_sets
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of
from rapport.practice.measures.choices import MOST_EVERY, USUAL_EVERY, Rhythm
from rapport.practice.measures.models import Assignment
from rapport.practice.measures.rules.asking import Place, burden_of, still_asked
from rapport.practice.measures.rules.instruments import LANGUAGE, can_be_asked, instrument_named, pre_assessment_pack
from rapport.practice.measures.rules.record import REASON_LABEL, care_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

LONGEST_REASON = 500


class NoWordingHere(Exception):
    """The words of this instrument are not here; a client cannot be asked with it."""


class BadRhythm(ValueError):
    """“Every few sessions” is a number between 2 and 26."""


@dataclass(frozen=True, slots=True)
class SetAsked:
    """What a set came to: the forms now asked, and those whose words are not here."""

    asked: tuple[str, ...]
    left_out: tuple[str, ...]


@action
def assign(
    *,
    actor: Actor,
    at: datetime,
    episode_id: UUID,
    instrument_id: str,
    rhythm: Rhythm,
    every: int | None = None,
    reason: str = "",
) -> UUID:
    """Ask the client to answer a form. Asked already, only its rhythm changes.

    More than the caps of `clinical.measures.burden` is refused by TooMuchAsked, unless a reason is given.
    """
    episode = care_episode(actor, at, episode_id, "assign")
    if not instrument_named(instrument_id).can_be_asked:
        raise NoWordingHere("Only its total or its numbers can be entered.")
    return _ask(actor, at, episode, [(instrument_id, rhythm, _every(rhythm, every))], reason)[0]


@action
def assign_pack(*, actor: Actor, at: datetime, episode_id: UUID, reason: str = "") -> tuple[UUID, ...]:
    """Ask everything that is asked before the first interview, once. What is asked already stays as it is.

    Returned are the assignments of all these forms, in their order.
    """
    episode = care_episode(actor, at, episode_id, "assign")
    pack = pre_assessment_pack()
    rows = Assignment.objects.filter(episode=episode, instrument__in=pack, ended_at=None)
    here = dict(rows.values_list("instrument", "id"))
    missing = [one for one in pack if one not in here]
    asked = _ask(actor, at, episode, [(one, Rhythm.ONCE, None) for one in missing], reason)
    here |= zip(missing, asked, strict=True)
    return tuple(here[one] for one in pack)


@action
def assign_set(*, actor: Actor, at: datetime, episode_id: UUID, domain: ProblemDomain, reason: str = "") -> SetAsked:
    """Ask what suits a kind of problem; forms without words here are named, not asked. What is asked besides stays."""
    episode = care_episode(actor, at, episode_id, "assign")
    here = can_be_asked()
    taken = [(form, form.taken_by(here)) for form in measure_sets()[domain]]
    asked = [(name, Rhythm(form.rhythm), form.every) for form, name in taken if name is not None]
    _ask(actor, at, episode, asked, reason)
    return SetAsked(tuple(one[0] for one in asked), tuple(form.any_of[0] for form, name in taken if name is None))


@action
def end_assignment(*, actor: Actor, at: datetime, assignment_id: UUID) -> None:
    """Stop asking. What was answered stays."""
    care = care_of(actor, at).values("client")
    row = Assignment.objects.filter(id=assignment_id, client__in=care, ended_at=None).first()
    if row is None:
        raise not_found(actor, "assign", Thing("questionnaire", id=assignment_id), at=at)
    require(actor, "assign", Thing("questionnaire", client=row.client_id), at=at)
    _end(actor, at, row)


def _end(actor: Actor, at: datetime, row: Assignment) -> None:
    Assignment.objects.filter(id=row.id).update(ended_at=at, ended_by=actor.account)
    _record(actor, at, "unassign", row)


def _ask(
    actor: Actor, at: datetime, episode: Episode, asked: Sequence[tuple[str, Rhythm, int | None]], reason: str
) -> tuple[UUID, ...]:
    """Ask these forms together, if they are not too much; what is kept of a reason is kept with each of them."""
    Episode.objects.select_for_update().get(id=episode.id)  # one after the other: asked twice at once is asked once
    before = still_asked(episode.client_id)
    together = before | {(episode.id, name): rhythm for name, rhythm, _ in asked}
    excess = _burden(together).excess_beside(_burden(before))
    why = reason.strip()[:LONGEST_REASON]
    if excess is not None and not why:
        raise excess
    return tuple(_keep(actor, at, episode, one, why if excess else "") for one in asked)


def _burden(asked: Mapping[Place, Rhythm]) -> Burden:
    return burden_of(((name, rhythm) for (_, name), rhythm in asked.items()), LANGUAGE)


def _keep(actor: Actor, at: datetime, episode: Episode, asked: tuple[str, Rhythm, int | None], why: str) -> UUID:
    instrument, rhythm, every = asked
    row = Assignment.objects.select_for_update().filter(episode=episode, instrument=instrument, ended_at=None).first()
    if row is not None and rhythm is Rhythm.ONCE and row.administrations.filter(completed_at__isnull=False).exists():
        _end(actor, at, row)  # answered under it before: “once” means once more
        row = None
    row_id = row.id if row is not None else uuid.uuid4()
    sealed = keys.seal(keys.client(episode.client_id), REASON_LABEL, row_id, why) if why else None
    if row is None:
        row = Assignment(
            id=row_id,
            client_id=episode.client_id,
            episode=episode,
            instrument=instrument,
            language=LANGUAGE,
            assigned_at=at,
            assigned_by=actor.account,
        )
    row.rhythm, row.every, row.reason_sealed = rhythm, every, sealed
    row.save()
    _record(actor, at, "assign", row)
    return row.id


def _every(rhythm: Rhythm, every: int | None) -> int | None:
    if rhythm is not Rhythm.EVERY_N:
        return None
    number = USUAL_EVERY if every is None else every
    if not 2 <= number <= MOST_EVERY:
        raise BadRhythm("Between 2 and 26 sessions.")
    return number


def _record(actor: Actor, at: datetime, what: str, row: Assignment) -> None:
    trail.record(
        actor=actor,
        action=what,
        object_type="questionnaire",
        object_id=row.id,
        client=row.client_id,
        at=at,
        reason=row.instrument,
    )
