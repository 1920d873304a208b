"""What is written after an hour (the client's own story where there is one), and what helps a therapist write."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.process_notes.actions import begin_process_note, save_process_note, sign_process_note
from rapport.practice.sessions.actions import begin_note, keep_snippet, note_person, save_note, sign_note

FIRST_VERSION = 1
METHODS = {
    "psychodynamic": NoteMethod.PSYCHODYNAMIC,
    "cbt": NoteMethod.CBT,
    "hypno": NoteMethod.HYPNOTHERAPY,
}


def method_of(client: Client) -> str:
    """How this client's therapist works, with this client if that is said."""
    staff = {person["key"]: person for person in words("practice")["staff"]}
    return str(client.words.get("method") or staff[client.words["therapist"]]["method"])


def text_for(client: Client, number: int) -> Words:
    """The note of one hour: format and sections."""
    for note in client.words.get("notes", ()):
        if note["session"] == number:
            return {key: value for key, value in note.items() if key != "session"}
    kinds, focus = words("notes")[method_of(client)], client.words["focus"]
    chosen = kinds[(number * 5 + client.number) % len(kinds)]
    about = focus[(number * 3 + number // len(focus)) % len(focus)]
    return {key: _about(value, about) for key, value in chosen.items()}


def _about(text: str, focus: str) -> str:
    filled = text.replace("{focus}", focus)
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def write(client: Client, at: datetime, session_id: UUID, note: Words) -> tuple[UUID, int]:
    """Write a progress note and leave it a draft; return it with its version."""
    sections = {key: value for key, value in note.items() if key != "format"}
    note_id = begin_note(
        actor=client.therapist, at=at, session_id=session_id, form=NoteFormat(note["format"]),
        method=METHODS[method_of(client)],
    )  # fmt: skip
    version = save_note(
        actor=client.therapist, at=at, note_id=note_id, version=FIRST_VERSION, sections=sections,
        form=NoteFormat(note["format"]),
    )  # fmt: skip
    return note_id, version


def sign(client: Client, at: datetime, note: tuple[UUID, int]) -> None:
    """Sign a note as it was written."""
    sign_note(actor=client.therapist, at=at, note_id=note[0], version=note[1])


def write_process_note(client: Client, at: datetime, session_id: UUID, number: int) -> None:
    """What the therapist keeps for themselves."""
    thoughts = words("process_notes")[method_of(client)]
    note_id = begin_process_note(actor=client.therapist, at=at, session_id=session_id)
    version = save_process_note(
        actor=client.therapist, at=at, note_id=note_id, version=FIRST_VERSION, text=thoughts[number % len(thoughts)]
    )
    sign_process_note(actor=client.therapist, at=at, note_id=note_id, version=version)


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
