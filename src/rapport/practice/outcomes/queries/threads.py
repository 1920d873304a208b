"""The threads of courses: where each stands, and one of them in full. Clients have no way to these rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.clinical.outcomes.five_fields import Decision
from rapport.clinical.outcomes.following.thread import Decided, ScoreRead, Thread, bend_after, thread_of
from rapport.clinical.outcomes.signals import Reason, Rung, Signal, SignalRule
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import find_episode
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.rules.instruments import instrument_named
from rapport.practice.outcomes.choices import DecisionFacts, SignalFacts, Thought, ThreadFacts, Turn
from rapport.practice.outcomes.models import CourseDecision, FieldsThought, SignalRead
from rapport.practice.outcomes.rules import (
    DECISION_LABEL,
    FIELDS_LABEL,
    IN_ORDER,
    READING_LABEL,
    as_read_last,
    decisions_by_course,
    fields_from,
    held_hours,
    hours_since,
    signals_by_course,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def threads(*, viewer: Actor, at: datetime) -> dict[UUID, Thread]:
    """Where the thread of every open course in the viewer's care stands, by episode. Nothing sealed is opened."""
    require(viewer, "list", Thing("signal"), at=at)
    read, decided = signals_by_course(viewer, at), decisions_by_course(viewer, at)
    held = held_hours(decided) if decided else {}
    found = {
        episode_id: thread_of(
            scores, decided.get(episode_id, ()), held=hours_since(scores[0].taken_at, held.get(episode_id, ()))
        )
        for episode_id, scores in read.items()
    }
    return {episode_id: one for episode_id, one in found.items() if one is not None}


def thread(*, viewer: Actor, at: datetime, episode_id: UUID) -> ThreadFacts | None:
    """The thread of one course, turn by turn; None if it never left the expected course."""
    row = find_episode(viewer, at, episode_id, "signal", "read")
    return thread_facts(viewer=viewer, at=at, row=row, held=held_hours([row.id])[row.id])


@prepared
def _signals(episode_id: UUID) -> QuerySet[SignalRead]:
    return SignalRead.objects.filter(episode=episode_id).select_related("score").order_by(*IN_ORDER)


@prepared
def _decisions(episode_id: UUID) -> QuerySet[CourseDecision]:
    return CourseDecision.objects.filter(episode=episode_id).order_by("decided_at")


def thread_facts(*, viewer: Actor, at: datetime, row: Episode, held: Iterable[datetime]) -> ThreadFacts | None:
    """The same for a caller who has asked whether the viewer may, and knows the hours that were held."""
    trail.reading(actor=viewer, kind="course", at=at, client=row.client_id, object_id=row.id)
    signals, decisions = _signals(row.id), _decisions(row.id)
    scores = as_read_last((each.score.administration_id, _score_read(each)) for each in signals)
    hours = hours_since(scores[0].taken_at if scores else None, held)
    kept = _Kept(row.client_id, signals, decisions, scores)
    now = thread_of(scores, [kept.decided(each) for each in decisions], held=hours)
    if now is None:
        return None
    asked = now.signal.id if now.signal is not None else decisions[-1].signal_id
    pending = kept.thought(decisions[-1].decided_at if decisions else None, None)
    version = max((each.number for each in kept.thoughts if each.signal_id == asked), default=0)
    turns = [kept.turn(place) for place in range(len(decisions))]
    if now.signal is not None:
        turns.append(Turn(kept.signal(asked), pending, None))
    return ThreadFacts(
        thread=now,
        turns=tuple(turns),
        question=kept.signal(asked),
        pending=Thought(pending.fields if pending else {}, version),
        session=max(hours, max((each.session for each in scores), default=0)),
    )


def _score_read(row: SignalRead) -> ScoreRead:
    signal = Signal(row.signal) if row.signal else None
    return ScoreRead(row.instrument, signal, row.session, row.taken_at, row.read_at, row.id)


class _Kept:
    """The rows of one thread, opened only where they are shown."""

    def __init__(
        self, client_id: UUID, signals: Sequence[SignalRead], decisions: Sequence[CourseDecision],
        scores: Sequence[ScoreRead],
    ) -> None:  # fmt: skip
        self.drawer = keys.client(client_id)
        self.rows = {each.id: each for each in signals}
        self.decisions, self.scores = decisions, scores
        asked = FieldsThought.objects.filter(signal__in=self.rows).order_by("written_at", "number")
        self.thoughts = list(asked) if any(_score_read(each).off_track for each in signals) else []

    def reading(self, row: SignalRead) -> dict[str, Any]:
        kept: dict[str, Any] = keys.unseal_data(self.drawer, READING_LABEL, row.id, row.reading_sealed)
        return kept

    def signal(self, key: UUID | None) -> SignalFacts:
        row = self.rows[key or UUID(int=0)]
        kept = self.reading(row)
        return SignalFacts(
            row.id, instrument_named(row.instrument).short_title, Signal(row.signal), SignalRule(row.rule), row.session,
            kept["score"], kept["expected"], Rung(row.rung), row.model_version, row.taken_at,
            tuple(Reason(code) for code in kept["reasons"]),
        )  # fmt: skip

    def decided(self, row: CourseDecision) -> Decided:
        about = self.rows[row.signal_id]
        return Decided(Decision(row.decision), about.instrument, Signal(about.signal), row.look_again, row.decided_at)

    def thought(self, since: datetime | None, until: datetime | None) -> Thought | None:
        """The five fields as they stood last between two decisions."""
        row = next(
            (
                each
                for each in reversed(self.thoughts)
                if (since is None or each.written_at > since) and (until is None or each.written_at <= until)
            ),
            None,
        )
        if row is None:
            return None
        kept = keys.unseal_data(self.drawer, FIELDS_LABEL, row.id, row.fields_sealed)
        return Thought(fields_from(kept), row.number, row.written_at, row.written_by)

    def turn(self, place: int) -> Turn:
        row = self.decisions[place]
        before = self.decisions[place - 1].decided_at if place else None
        after = self.decisions[place + 1].decided_at if place + 1 < len(self.decisions) else None
        decided = self.decided(row)
        since = [
            each
            for each in self.scores
            if each.instrument == decided.instrument
            and each.taken_at > row.decided_at
            and (after is None or each.taken_at <= after)
        ]
        values = (self.reading(self.rows[each.id])["score"] for each in since if each.id is not None)
        words = keys.unseal(self.drawer, DECISION_LABEL, row.id, row.words_sealed)
        facts = DecisionFacts(
            decision=decided.decision, words=words, look_again=row.look_again, at=row.decided_at, by=row.decided_by,
            bend=bend_after(since, decided), scores=tuple(value for value in values if value is not None),
        )  # fmt: skip
        return Turn(self.signal(row.signal_id), self.thought(before, row.decided_at), facts)
