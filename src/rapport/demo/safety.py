"""Hard moments: the safety plan, and answers that a person must read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.demo.stage import Client
from rapport.demo.texts import Words
from rapport.practice.measures.actions import note_asked
from rapport.practice.measures.queries import open_questions
from rapport.practice.safety.actions import acknowledge_alert, close_alert, rehearse_plan, write_safety_plan
from rapport.practice.safety.choices import STEPS, Contact, PlanEntry


def write_plan(client: Client, at: datetime) -> None:
    """The client's own plan, in their words."""
    plan = client.words["safety_plan"]
    steps = {step: tuple(_entry(one) for one in plan[step.value]) for step in STEPS}
    write_safety_plan(actor=client.speaker, at=at, client_id=client.client_id, steps=steps, based_on=0)


def rehearse(client: Client, at: datetime) -> None:
    """Go through the plan together."""
    rehearse_plan(actor=client.speaker, at=at, client_id=client.client_id)


def act_on(client: Client, at: datetime, alert_id: UUID, story: Words) -> None:
    """The therapist says what they did."""
    acknowledge_alert(
        actor=client.therapist, at=at, alert_id=alert_id, did=story["did"], contact=Contact(story["contact"])
    )


def close(client: Client, at: datetime, alert_id: UUID, story: Words) -> None:
    """The therapist says how it came out."""
    close_alert(actor=client.therapist, at=at, alert_id=alert_id, outcome=story["outcome"])


def ask_in_person(client: Client, at: datetime) -> None:
    """What a form left open is asked in the room."""
    for question in open_questions(viewer=client.therapist, at=at, episode_id=client.episode_id):
        note_asked(actor=client.therapist, at=at, question_id=question.id)


def _entry(line: str | list[str]) -> PlanEntry:
    return PlanEntry(line, "") if isinstance(line, str) else PlanEntry(line[0], line[1])
