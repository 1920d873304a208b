"""The steps every action of this duty takes, once it knows that its actor may."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from rapport.practice.episodes.choices import EpisodeState, Problem
from rapport.practice.episodes.models import CareRelationship, Episode, ProblemList, StateChange
from rapport.practice.episodes.queries.assessments import PROBLEMS
from rapport.practice.episodes.queries.courses import STATE_REASON
from rapport.practice.episodes.rules import OVER, check_open, check_step, words
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Course:
    """An episode in the hands of somebody who was found to be allowed to change it."""

    episode: Episode
    actor: Actor
    at: datetime

    @property
    def drawer(self) -> keys.Compartment:
        return keys.client(self.episode.client_id)

    def last(self) -> StateChange | None:
        return self.episode.states.order_by("-number").first()

    def state(self) -> EpisodeState:
        last = self.last()
        return EpisodeState(last.state) if last else EpisodeState.REFERRED

    def enter(self, to: EpisodeState, reason: str = "") -> None:
        """Take one step of the course."""
        check_open(self.episode)
        last = self.last()
        check_step(EpisodeState(last.state) if last else EpisodeState.REFERRED, to)
        self.write_state(to, words("reason", reason), number=last.number + 1 if last else 1)
        if to in OVER:
            self.episode.closed_at = self.at
            Episode.objects.filter(id=self.episode.id).update(closed_at=self.at)

    def write_state(self, to: EpisodeState, reason: str, *, number: int, since: datetime | None = None) -> None:
        row_id = uuid.uuid4()
        StateChange.objects.create(
            id=row_id,
            episode=self.episode,
            number=number,
            state=to,
            at=since or self.at,
            by=self.actor.account,
            reason_sealed=keys.seal(self.drawer, STATE_REASON, row_id, reason),
        )
        self.record("move", "episode", self.episode.id, reason=str(to))

    def keep_problems(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems as they stand now, as a new list."""
        last = self.episode.problem_lists.aggregate(last=Max("number"))["last"] or 0
        row_id = uuid.uuid4()
        ProblemList.objects.create(
            id=row_id,
            episode=self.episode,
            number=last + 1,
            at=self.at,
            by=self.actor.account,
            problems_sealed=keys.seal_data(self.drawer, PROBLEMS, row_id, [asdict(each) for each in problems]),
        )
        self.record("edit", "assessment", row_id)

    def grant(self, therapist_id: UUID) -> UUID:
        """Open the client's record to a therapist, from this moment."""
        care = CareRelationship.objects.create(
            account_id=therapist_id,
            client_id=self.episode.client_id,
            episode=self.episode,
            started_at=self.at,
            granted_by=self.actor.account,
        )
        self.record("grant", "care_relationship", care.id, purpose="access")
        return care.id

    def record(self, verb: str, kind: str, id: UUID, *, reason: str = "", purpose: str = "care") -> None:
        """The audit event of a change in this course."""
        trail.record(
            actor=self.actor,
            action=verb,
            object_type=kind,
            object_id=id,
            client=self.episode.client_id,
            at=self.at,
            reason=reason,
            purpose=purpose,
        )
