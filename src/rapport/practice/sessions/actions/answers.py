"""What a client answers by the link in a message: that they come, or that they cancel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.states import SessionState
from rapport.practice.post.actions import queue
from rapport.practice.security.accounts.queries import LinkDead
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.actions.scribe import Scribe
from rapport.practice.sessions.actions.telling import tell_client
from rapport.practice.sessions.choices import Answer, StepKind, Telling
from rapport.practice.sessions.models import AnswerLink, TherapySession
from rapport.practice.sessions.rules import NotNow, appointments_within
from rapport.practice.sessions.rules.answers import confirmations, holder_of, live_links


@action
def answer_by_link(*, actor: Actor, at: datetime, token: str, answer: Answer) -> None:
    """Use a link up: the client comes, or cancels. Of two at once one wins; every other link of the kind is dead."""
    link = live_links(token, at).first()
    if link is None or not AnswerLink.objects.filter(id=link.id, used_at=None).update(used_at=at):
        raise LinkDead("This link does not work any more.")
    session = (
        TherapySession.objects.select_for_update(of=("self",), no_key=True)
        .select_related("episode")
        .get(id=link.session_id)
    )
    holder = holder_of(link)
    client_id = session.episode.client_id
    require(holder, "answer", Thing("appointment", id=session.id, client=client_id), at=at)
    scribe = Scribe(holder, at)
    if answer is Answer.COMES:
        if not confirmations(TherapySession.objects.filter(id=session.id)).exists():
            scribe.step(session, StepKind.CONFIRMED, starts_at=session.planned_start)
        return
    scribe.cancel(session, CancelledBy.CLIENT, at, "")
    tell_client(actor=holder, at=at, session=session, kind=Telling.CANCELLED, cause=f"v{session.version}")
    queue(
        actor=holder,
        at=at,
        kind="item_waits",
        client_id=None,
        account_id=session.therapist_id,
        params={},
        dedupe=f"cancelled by link:{link.id}",
    )


@action
def say_i_come(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """A client who is signed in says that they come. Said twice, it is said once."""
    rows = appointments_within(actor, at).select_for_update(of=("self",), no_key=True).filter(id=session_id)
    session = rows.first()
    if session is None:
        raise not_found(actor, "answer", Thing("appointment", id=session_id), at=at)
    require(actor, "answer", Thing("appointment", id=session_id, client=session.episode.client_id), at=at)
    if session.state != SessionState.PLANNED or session.planned_start <= at:
        raise NotNow("This is said before the hour.")
    if not confirmations(TherapySession.objects.filter(id=session.id)).exists():
        Scribe(actor, at).step(session, StepKind.CONFIRMED, starts_at=session.planned_start)
