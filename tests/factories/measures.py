"""Forms asked, begun and answered, and alerts that wait."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.clinical.safety.answers import Severity
from rapport.practice.measures.actions import answer_item, assign, open_form, submit_form
from rapport.practice.measures.choices import Rhythm
from rapport.practice.safety.actions import raise_alert
from rapport.practice.security.policy.actor import Actor
from tests.factories.people import AT, Course

ITEM_9 = "phq9_item9_answered_above_zero"


def a_form(
    course: Course, client: Actor, instrument_id: str = "phq9", rhythm: Rhythm = Rhythm.EACH_SESSION, at: datetime = AT
) -> UUID:
    """A form the client has begun, without answers."""
    assignment = assign(
        actor=course.therapist,
        at=at,
        episode_id=course.episode,
        instrument_id=instrument_id,
        rhythm=rhythm,
        reason="as many as a test needs",
    )
    return open_form(actor=client, at=at, assignment_id=assignment)


def answered(client: Actor, form: UUID, *values: int | None, at: datetime = AT) -> None:
    """Answers to the first questions of a form, in order."""
    for item, value in enumerate(values, 1):
        answer_item(actor=client, at=at, administration_id=form, item=str(item), value=value)


def a_score(course: Course, client: Actor, *values: int | None, instrument_id: str = "phq9", at: datetime = AT) -> UUID:
    """A form answered and handed in."""
    form = a_form(course, client, instrument_id, at=at)
    answered(client, form, *values, at=at)
    submit_form(actor=client, at=at, administration_id=form)
    return form


def an_alert(course: Course, actor: Actor, answer: int = 1, at: datetime = AT) -> UUID:
    """An alert about item 9."""
    return raise_alert(
        actor=actor,
        at=at,
        client_id=course.client,
        episode_id=course.episode,
        rule=ITEM_9,
        rule_version="1",
        evidence={"code": ITEM_9, "instrument": "phq9", "item": "9", "answer": answer},
        severity=Severity.ACT_TODAY,
    )
