"""What is tried out between two sessions, what the client says of it, how it is looked at; and who calls meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.exercises.tasks import TaskState, WhyNot
from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.exercises.actions import agree_task, review_task, say_task
from rapport.practice.exercises.choices import Obstacle, TaskWords
from rapport.practice.sessions.actions import record_contact
from rapport.practice.sessions.choices import ContactChannel

WEEK = timedelta(days=7)
EVERY = 9  # hours: about how often somebody gets in touch between them


def written_for(client: Client) -> list[Words]:
    """The tasks written for this client."""
    found: list[Words] = words("tasks").get(client.words["name"], [])
    return found


def agree(client: Client, at: datetime, session_id: UUID, ago: int) -> dict[UUID, Words]:
    """What is agreed at the end of this hour, by the task's id."""
    return {
        agree_task(
            actor=client.therapist,
            at=at,
            episode_id=client.episode_id,
            task=_words(one),
            due_on=(at + WEEK).date(),
            session_id=session_id,
        ): one
        for one in written_for(client)
        if one["ago"] == ago
    }


def say(client: Client, at: datetime, agreed: dict[UUID, Words]) -> None:
    """What the client says of it some days later."""
    for task_id, one in agreed.items():
        if "said" in one:
            say_task(
                actor=client.speaker,
                at=at,
                task_id=task_id,
                state=TaskState(one["said"]),
                learned=one.get("learned", ""),
                why_not=WhyNot(one["why_not"]) if "why_not" in one else None,
            )


def look_at(client: Client, at: datetime, agreed: dict[UUID, Words], session_id: UUID) -> None:
    """Look at it together in the next hour."""
    for task_id, one in agreed.items():
        if "found" in one:
            review_task(
                actor=client.therapist, at=at, task_id=task_id, learned=one["found"], share=one["share"],
                session_id=session_id,
            )  # fmt: skip


def _words(one: Words) -> TaskWords:
    obstacles = tuple(Obstacle(what, then) for what, then in one.get("obstacles", ()))
    given = {name: one.get(name, "") for name in ("what", "why", "when", "where", "how_long")}
    return TaskWords(**given, obstacles=obstacles, confidence=one.get("confidence"))


def between_hours(stage: Stage, client: Client, number: int, ended: datetime) -> Scene:
    """Now and then somebody gets in touch the day after an hour."""
    turn = number * 4 + client.number
    if turn % EVERY:
        return
    kinds: list[Words] = words("writing")["contacts"]
    kind = kinds[(turn // EVERY) % len(kinds)]
    at = ended + timedelta(hours=20 + kind["later_hours"] / 3)
    if at >= stage.at:
        return
    yield at
    record_contact(
        actor=client.therapist, at=at, episode_id=client.episode_id, initiator=Initiator(kind["initiator"]),
        purpose=ContactPurpose(kind["purpose"]), channel=ContactChannel(kind["channel"]), minutes=kind["minutes"],
        words=kind["words"],
    )  # fmt: skip
