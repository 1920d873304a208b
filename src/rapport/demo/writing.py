"""What helps a therapist write, and what happens between hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.sessions.actions import keep_snippet, note_person, record_contact
from rapport.practice.sessions.choices import ContactChannel

EVERY = 9  # hours: about how often somebody gets in touch between them


def keep_snippets(stage: Stage) -> Scene:
    """Each therapist's own short texts, kept on the first morning."""
    at = stage.begins + timedelta(hours=2)
    yield at
    for key, texts in words("writing")["snippets"].items():
        for text in texts:
            keep_snippet(actor=stage.staff[key], at=at, title=text["title"], text=text["text"])


def note_people(client: Client, at: datetime) -> None:
    """Who comes up by name in this client's hours."""
    people = words("writing")["people"]
    for place in range(client.number % 3):
        person = people[(client.number + place * 5) % len(people)]
        note_person(
            actor=client.therapist, at=at, episode_id=client.episode_id, name=person["name"],
            relation=person["relation"],
        )  # fmt: skip


def between_hours(stage: Stage, client: Client, number: int, ended: datetime) -> Scene:
    """Now and then somebody gets in touch two days after an hour, now and then late in the evening."""
    turn = number * 4 + client.number
    if turn % EVERY:
        return
    kinds: list[Words] = words("writing")["contacts"]
    kind = kinds[(turn // EVERY) % len(kinds)]
    at = ended + timedelta(days=2, hours=kind["later_hours"])
    if at >= stage.at:
        return
    yield at
    record_contact(
        actor=client.therapist, at=at, episode_id=client.episode_id, initiator=Initiator(kind["initiator"]),
        purpose=ContactPurpose(kind["purpose"]), channel=ContactChannel(kind["channel"]), minutes=kind["minutes"],
        words=kind["words"],
    )  # fmt: skip
