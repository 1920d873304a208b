"""Ending a course of therapy: each step by a person, closing last of all."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.practice.endings.choices import EndingDetails, FinalMeasures
from rapport.practice.endings.models import Closing, EndingVersion, FinalRiskCheck, Letter
from rapport.practice.endings.queries import CONTENT_LABEL, LETTER_LABEL, RESULT_LABEL, RISK_LABEL
from rapport.practice.endings.queries import ending as ending_facts
from rapport.practice.endings.rules import EndingIncomplete, LetterOut
from rapport.practice.episodes.actions import close_episode, move_episode
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.queries import episode as episode_facts
from rapport.practice.episodes.rules import EpisodeRefused, care_of, check_open, find_episode, words
from rapport.practice.measures.actions import assign, end_assignment
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Assignment
from rapport.practice.measures.rules.instruments import instrument_named, pre_assessment_pack
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.queries import course
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

LONGEST_LETTER = 20_000
BEFORE_ENDING = frozenset({EpisodeState.CONTRACTED, EpisodeState.ACTIVE, EpisodeState.PAUSED})
TEXTS = ("work_done", "what_helped", "what_did_not", "relapse_plan", "return_route", "negative_words")


@action
def record_ending(*, actor: Actor, at: datetime, episode_id: UUID, details: EndingDetails) -> UUID:
    """Record how the therapy ends, as a new version; a therapy that still ran is ending from now on."""
    episode = _open_one(actor, at, episode_id)
    kept = _checked(details, at)
    last = EndingVersion.objects.filter(episode=episode).aggregate(last=Max("number"))["last"] or 0
    row_id = uuid.uuid4()
    EndingVersion.objects.create(
        id=row_id,
        episode=episode,
        number=last + 1,
        kind=details.kind,
        content_sealed=keys.seal_data(keys.client(episode.client_id), CONTENT_LABEL, row_id, kept),
        at=at,
        by=actor.account,
    )
    _record(actor, at, "edit", "ending", row_id, episode)
    if episode_facts(viewer=actor, at=at, episode_id=episode.id).state in BEFORE_ENDING:
        move_episode(actor=actor, at=at, episode_id=episode.id, to=EpisodeState.ENDING)
    return row_id


@action
def record_risk_check(*, actor: Actor, at: datetime, episode_id: UUID, said: str, has_plan: bool) -> UUID:
    """Record the last look at safety: what was asked and said, or why nobody could be asked."""
    episode = _open_one(actor, at, episode_id)
    row_id = uuid.uuid4()
    FinalRiskCheck.objects.create(
        id=row_id,
        episode=episode,
        at=at,
        by=actor.account,
        words_sealed=keys.seal(keys.client(episode.client_id), RISK_LABEL, row_id, words("said", said, required=True)),
        has_plan=has_plan,
    )
    _record(actor, at, "check_risk", "ending", row_id, episode)
    return row_id


@action
def ask_final_measures(*, actor: Actor, at: datetime, episode_id: UUID) -> int:
    """Ask once more what was asked at the start and since, so that start and end can be compared."""
    episode = _open_one(actor, at, episode_id)
    asked = Assignment.objects.filter(episode=episode)
    again = dict.fromkeys([*pre_assessment_pack(), *asked.order_by("assigned_at").values_list("instrument", flat=True)])
    for row_id in list(asked.filter(ended_at=None).values_list("id", flat=True)):
        end_assignment(actor=actor, at=at, assignment_id=row_id)
    wanted = [name for name in again if instrument_named(name).can_be_asked]
    for name in wanted:
        assign(
            actor=actor, at=at, episode_id=episode.id, instrument_id=name, rhythm=Rhythm.ONCE, reason=_("At the end")
        )
    return len(wanted)


@action
def write_letter(*, actor: Actor, at: datetime, episode_id: UUID, text: str) -> UUID:
    """Write the summary letter. Until it is released it is written over; after that a new one begins."""
    episode = find_episode(actor, at, episode_id, "letter", "create")
    tidy = words("text", text, longest=LONGEST_LETTER, required=True)
    last = Letter.objects.filter(episode=episode).select_for_update(no_key=True).order_by("-number").first()
    row_id = last.id if last is not None and last.released_at is None else uuid.uuid4()
    sealed = keys.seal(keys.client(episode.client_id), LETTER_LABEL, row_id, tidy)
    if last is not None and row_id == last.id:
        Letter.objects.filter(id=row_id).update(text_sealed=sealed, written_at=at, written_by=actor.account)
    else:
        Letter.objects.create(
            id=row_id,
            episode=episode,
            number=last.number + 1 if last else 1,
            text_sealed=sealed,
            written_at=at,
            written_by=actor.account,
        )
    _record(actor, at, "write", "letter", row_id, episode)
    return row_id


@action
def release_letter(*, actor: Actor, at: datetime, letter_id: UUID) -> None:
    """Give the letter to the client. It cannot be taken back or changed."""
    in_care = care_of(actor, at).values("client")
    row = Letter.objects.select_related("episode").filter(id=letter_id, episode__client__in=in_care).first()
    if row is None:
        raise not_found(actor, "release", Thing("letter", id=letter_id), at=at)
    require(actor, "release", Thing("letter", id=row.id, client=row.episode.client_id), at=at)
    still = Letter.objects.filter(id=row.id, released_at=None)
    if still.update(released_at=at, released_by=actor.account) == 0:
        raise LetterOut("This letter was released already.")
    _record(actor, at, "release", "letter", row.id, row.episode)


@action
def close_course(*, actor: Actor, at: datetime, episode_id: UUID) -> None:
    """Close the course for good, with its result. Only a person does that, and only when nothing is missing."""
    facts = ending_facts(viewer=actor, at=at, episode_id=episode_id)
    require(actor, "close", Thing("ending", id=episode_id, client=facts.client_id), at=at)
    episode = _open_one(actor, at, episode_id)
    if facts.missing:
        raise EndingIncomplete(facts.missing)
    result = course(viewer=actor, at=at, episode_id=episode_id).result
    kept = {
        "outcome": str(result.outcome) if result.outcome else "",
        "code": str(result.code),
        "basis": str(result.basis),
        "measures": list(result.measures),
        "reason": result.reason,
    }
    row_id = uuid.uuid4()
    Closing.objects.create(
        id=row_id,
        episode=episode,
        ending=EndingVersion.objects.filter(episode=episode).latest("number"),
        risk_check=FinalRiskCheck.objects.filter(episode=episode).latest("at"),
        at=at,
        by=actor.account,
        result_sealed=keys.seal_data(keys.client(episode.client_id), RESULT_LABEL, row_id, kept),
    )
    close_episode(actor=actor, at=at, episode_id=episode.id)
    _record(actor, at, "close", "ending", row_id, episode)


def _open_one(actor: Actor, at: datetime, episode_id: UUID) -> Episode:
    episode = find_episode(actor, at, episode_id, "ending", "edit")
    check_open(episode)
    return episode


def _checked(details: EndingDetails, at: datetime) -> dict[str, Any]:
    """The ending as it is kept, or what is wrong with it."""
    announced = details.announced_on
    if announced is not None and announced > at.astimezone(practice_zone()).date():
        raise EpisodeRefused("announced_on", _("This day has not come yet. When was the ending first spoken of?"))
    kept = asdict(details)
    del kept["kind"]
    no_measures = details.final_measures is FinalMeasures.NOT_ASKED
    return {
        **kept,
        "announced_on": announced.isoformat() if announced else "",
        **{name: words(name, kept[name]) for name in TEXTS},
        "reason_no_measures": words("reason_no_measures", details.reason_no_measures, required=no_measures),
    }


def _record(actor: Actor, at: datetime, what: str, kind: str, row: UUID, episode: Episode) -> None:
    trail.record(actor=actor, action=what, object_type=kind, object_id=row, client=episode.client_id, at=at)
