"""The hand that writes down what happened to a session: every action on one goes through it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max

from rapport.clinical.sessions.attendance import Attendance, CancelledBy, classify_cancellation
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.queries import terms
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import StepKind
from rapport.practice.sessions.models import SessionStep, TherapySession
from rapport.practice.sessions.models.hours import PLACE_LABEL, REASON_LABEL
from rapport.practice.sessions.rules import (
    ClientBusy,
    DiaryRefusal,
    EpisodeClosed,
    RoomBusy,
    TherapistBusy,
    appointments_within,
    check_hours,
    episodes_within,
    refuse_clash,
    sessions_in_care,
)

# Named by the guards of migration 0002: two transactions cannot both pass the look before the leap.
CONSTRAINTS: dict[str, type[DiaryRefusal]] = {
    "no_two_sessions_of_therapist": TherapistBusy,
    "no_two_sessions_of_client": ClientBusy,
    "no_two_sessions_in_room": RoomBusy,
}

# Two who insert the same time at once each wait for the other in PostgreSQL's guard; it lets one go, who tries again
# and then finds the time free or taken.
DEADLOCK, TURNS = "40P01", 5


@dataclass(frozen=True, slots=True)
class Scribe:
    """Who writes, and when."""

    actor: Actor
    at: datetime

    def episode(self, episode_id: UUID, resource: str) -> Episode:
        """The episode, if this person may book in it and it is open."""
        episode = episodes_within(self.actor, self.at).filter(id=episode_id).first()
        if episode is None:
            raise not_found(self.actor, "create", Thing(resource, id=episode_id), at=self.at)
        require(self.actor, "create", Thing(resource, client=episode.client_id), at=self.at)
        if episode.closed_at is not None:
            raise EpisodeClosed("This episode is closed.")
        return episode

    def appointment(self, session_id: UUID) -> TherapySession:
        """A session whose time, place and attendance this person may change."""
        return self._load(session_id, "edit", "appointment", in_care=False)

    def own_room(self, session_id: UUID) -> TherapySession:
        """A session this therapist holds."""
        session = self._load(session_id, "run", "room", in_care=True)
        if session.therapist_id != self.actor.id:
            raise not_found(self.actor, "run", Thing("room", id=session_id), at=self.at)
        return session

    def _load(self, session_id: UUID, function: str, resource: str, *, in_care: bool) -> TherapySession:
        rows = (sessions_in_care if in_care else appointments_within)(self.actor, self.at)
        session = rows.select_for_update(of=("self",), no_key=True).filter(id=session_id).first()
        if session is None:
            raise not_found(self.actor, function, Thing(resource, id=session_id), at=self.at)
        require(self.actor, function, Thing(resource, id=session_id, client=session.episode.client_id), at=self.at)
        return session

    def place(self, session: TherapySession, place_words: str) -> None:
        """Insert a session if its time is free, with its first step."""
        check_hours(session.planned_start, session.planned_end)
        refuse_clash(session)
        if place_words.strip():
            drawer = keys.client(session.episode.client_id)
            session.place_sealed = keys.seal(drawer, PLACE_LABEL, session.id, place_words.strip())
        self.save(session, force_insert=True)
        self.step(session, StepKind.BOOKED, starts_at=session.planned_start, ends_at=session.planned_end)

    def save(self, session: TherapySession, *, force_insert: bool = False) -> None:
        """Save a session; a clash that only the database saw is the same refusal."""
        session.version += 0 if force_insert else 1
        for turns_left in reversed(range(TURNS)):
            try:
                with transaction.atomic():
                    session.save(force_insert=force_insert)
            except IntegrityError as error:
                refused = next((kind for name, kind in CONSTRAINTS.items() if name in str(error)), None)
                if refused is None:
                    raise
                raise refused("This time was taken a moment ago.") from error
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) != DEADLOCK or not turns_left:
                    raise
            else:
                return

    def cancel(self, session: TherapySession, by: CancelledBy, told_at: datetime, reason: str) -> Attendance:
        """Cancel a planned session. In or out of notice follows from the contract and from when the word came."""
        agreed = terms(viewer=self.actor, at=self.at, episode_id=session.episode_id)
        code = classify_cancellation(session.planned_start, told_at, by, agreed.clinical)
        session.state, session.attendance = SessionState.CANCELLED, code
        self.save(session)
        self.step(session, StepKind.CANCELLED, code=code, told_at=told_at, reason=reason)
        return code

    def step(
        self,
        session: TherapySession,
        kind: StepKind,
        *,
        code: str = "",
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        told_at: datetime | None = None,
        reason: str = "",
        corrects: SessionStep | None = None,
    ) -> None:
        """Write down one step, and its audit event."""
        client_id = session.episode.client_id
        step_id = uuid.uuid4()
        last = SessionStep.objects.filter(session=session).aggregate(last=Max("seq"))["last"] or 0
        sealed = keys.seal(keys.client(client_id), REASON_LABEL, step_id, reason.strip()) if reason.strip() else None
        SessionStep.objects.create(
            id=step_id,
            session=session,
            seq=last + 1,
            kind=kind,
            code=code,
            starts_at=starts_at,
            ends_at=ends_at,
            told_at=told_at,
            recorded_at=self.at,
            recorded_by=self.actor.id or client_id,  # without an account: the client, by the link in a message
            reason_sealed=sealed,
            corrects=corrects,
        )
        trail.record(
            actor=self.actor, action=str(kind), object_type="appointment", object_id=session.id, client=client_id,
            at=self.at, reason=code,
        )  # fmt: skip
