"""The hour itself: it starts, it ends, or it does not take place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.attendance import CAME, CANCELLED, Attendance, CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.actions import begin_therapy
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.actions.telling import tell_client
from rapport.practice.sessions.choices import OF_TIMES, StepKind, Telling
from rapport.practice.sessions.models import SessionStep
from rapport.practice.sessions.rules import NotYetTold, ReasonMissing, StateMoved, TooEarly, check_hours


@action
def start_session(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """The hour begins now. Pressed twice, it began once."""
    scribe = Scribe(actor, at)
    session = scribe.own_room(session_id)
    if session.state == SessionState.RUNNING:
        return
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can start.")
    session.state, session.started_at = SessionState.RUNNING, at
    scribe.save(session)
    scribe.step(session, StepKind.STARTED, starts_at=at)


@action
def end_session(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    attendance: Attendance = Attendance.ATTENDED,
    reason: str = "",
) -> None:
    """The hour ends now. Pressed twice, it ended once, the first time."""
    scribe = Scribe(actor, at)
    session = scribe.own_room(session_id)
    if session.state == SessionState.ENDED:
        return
    if session.state != SessionState.RUNNING:
        raise StateMoved("Only a running session can end.")
    _check_came(attendance, reason)
    session.state, session.ended_at, session.attendance = SessionState.ENDED, at, attendance
    scribe.save(session)
    scribe.step(session, StepKind.ENDED, code=attendance, starts_at=session.started_at, ends_at=at, reason=reason)
    begin_therapy(actor=actor, at=at, episode_id=session.episode_id)  # if this was the first hour of what was agreed


@action
def record_session(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    started_at: datetime,
    ended_at: datetime,
    attendance: Attendance = Attendance.ATTENDED,
    reason: str = "",
) -> None:
    """Enter afterwards that an hour took place, and when."""
    scribe = Scribe(actor, at)
    session = scribe.own_room(session_id)
    if session.state != SessionState.PLANNED:
        raise StateMoved("This session already has its times.")
    _check_came(attendance, reason)
    _check_past(started_at, ended_at, at)
    session.state, session.attendance = SessionState.ENDED, attendance
    session.started_at, session.ended_at = started_at, ended_at
    scribe.save(session)
    scribe.step(session, StepKind.RECORDED, code=attendance, starts_at=started_at, ends_at=ended_at, reason=reason)
    begin_therapy(actor=actor, at=at, episode_id=session.episode_id)


@action
def record_missed(*, actor: Actor, at: datetime, session_id: UUID, reason: str = "") -> None:
    """The client did not come. It can be said once the hour has begun."""
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    if session.state == SessionState.DID_NOT_ATTEND:
        return
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can be missed.")
    if at < session.planned_start:
        raise TooEarly("The session has not begun yet.")
    session.state, session.attendance = SessionState.DID_NOT_ATTEND, Attendance.DID_NOT_ATTEND
    scribe.save(session)
    scribe.step(session, StepKind.DID_NOT_ATTEND, code=Attendance.DID_NOT_ATTEND, reason=reason)


@action
def cancel_session(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    by: CancelledBy,
    told_at: datetime | None = None,
    reason: str = "",
) -> Attendance:
    """Cancel a planned hour. In or out of notice follows from the contract and from when the word came."""
    scribe = Scribe(actor, at)
    session = scribe.appointment(session_id)
    if session.state == SessionState.CANCELLED:
        return Attendance(session.attendance)
    if session.state != SessionState.PLANNED:
        raise StateMoved("Only a planned session can be cancelled.")
    told = told_at or at
    if told > at:
        raise NotYetTold("The cancellation cannot have arrived later than now.")
    code = scribe.cancel(session, by, told, reason)
    tell_client(actor=actor, at=at, session=session, kind=Telling.CANCELLED, cause=f"v{session.version}")
    return code


@action
def correct_session(
    *,
    actor: Actor,
    at: datetime,
    session_id: UUID,
    attendance: Attendance,
    reason: str,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> None:
    """Put right what was recorded. The original stays as it was, and the correction says why."""
    scribe = Scribe(actor, at)
    session = scribe.own_room(session_id)
    if session.state in {SessionState.PLANNED, SessionState.RUNNING, SessionState.RESCHEDULED}:
        raise StateMoved("There is nothing to correct yet.")
    if not reason.strip():
        raise ReasonMissing("A correction says why.")
    if attendance in CAME:
        if started_at is None or ended_at is None:
            raise ReasonMissing("An hour that took place has a start and an end.")
        _check_past(started_at, ended_at, at)
    else:
        started_at = ended_at = None
    corrected = SessionStep.objects.filter(session=session, kind__in=OF_TIMES).order_by("-seq").first()
    session.attendance, session.started_at, session.ended_at = attendance, started_at, ended_at
    session.state = _state_of(attendance)
    scribe.save(session)
    scribe.step(
        session,
        StepKind.CORRECTED,
        code=attendance,
        starts_at=started_at,
        ends_at=ended_at,
        reason=reason,
        corrects=corrected,
    )
    if attendance in CAME:
        begin_therapy(actor=actor, at=at, episode_id=session.episode_id)


def _state_of(attendance: Attendance) -> SessionState:
    if attendance in CAME:
        return SessionState.ENDED
    return SessionState.CANCELLED if attendance in CANCELLED else SessionState.DID_NOT_ATTEND


def _check_came(attendance: Attendance, reason: str) -> None:
    if attendance not in CAME:
        raise StateMoved("An hour that ended took place.")
    if attendance is Attendance.CUT_SHORT and not reason.strip():
        raise ReasonMissing("An hour cut short says why.")


def _check_past(started_at: datetime, ended_at: datetime, at: datetime) -> None:
    check_hours(started_at, ended_at)
    if ended_at > at:
        raise TooEarly("The session cannot have ended later than now.")
