"""What was noted in the last hours, and what lies on the table of the one that runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from rapport.clinical.episodes.modality import Modality
from rapport.clinical.sessions.room.interventions import Family, interventions_for
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.demo import notes
from rapport.demo.stage import Client
from rapport.demo.texts import words
from rapport.practice.episodes.actions import choose_modality
from rapport.practice.sessions.actions import (
    add_to_agenda,
    move_thread,
    note_intervention,
    open_thread,
    remember,
    set_mark,
    touch_thread,
)

MINUTE = timedelta(minutes=1)
Who = dict[str, Any]
LAST_HOURS = 3
WAYS = {"psychodynamic": Modality.PSYCHODYNAMIC, "cbt": Modality.CBT, "hypno": Modality.HYPNOTHERAPY}


def method_of(client: Client) -> Modality:
    """The method this client's texts are written for."""
    return WAYS.get(notes.method_of(client), Modality.INTEGRATIVE)


def choose(client: Client, at: datetime) -> None:
    choose_modality(actor=client.therapist, at=at, episode_id=client.episode_id, modality=method_of(client))


def note(client: Client, session_id: UUID, ended: datetime, ago: int) -> None:
    """After one of the last hours: marks, what was done, threads; after the very last the line for the next."""
    who: Who = {"actor": client.therapist, "at": ended + MINUTE, "session_id": session_id}
    _marks(client, who, (9, 21))
    if ago == 0:
        said = client.chance.choice(words("room")["door"])
        at = ended - 3 * MINUTE
        set_mark(**{**who, "at": at}, kind=MarkKind.IMPORTANT, key=uuid4(), words=said)
        remember(**who, words=client.chance.choice(words("room")["remember"]))
    focus = _focus(client)
    if ago < len(focus):
        weight = client.chance.choice((1, 2, 2, 3))
        thread = open_thread(**who, episode_id=client.episode_id, title=focus[ago], importance=weight)
        if ago == LAST_HOURS - 1:
            move_thread(**who, thread_id=thread, to=ThreadStatus.PARKED)


def now(client: Client, session_id: UUID, start: datetime, at: datetime) -> None:
    """The hour that runs: an agenda, a thread that came up, some marks already."""
    who: Who = {"actor": client.therapist, "at": at, "session_id": session_id}
    if method_of(client) is not Modality.PSYCHODYNAMIC:
        add_to_agenda(**who, words=client.chance.choice(words("room")["agenda_of_client"]), of_client=True)
        for line in words("room")["agenda"]:
            add_to_agenda(**who, words=line)
    for title in _focus(client)[-2:]:
        thread = open_thread(**who, episode_id=client.episode_id, title=title)
    touch_thread(**who, thread_id=thread)
    _marks(client, who, tuple(minute for minute in (6, 14) if start + (minute + 2) * MINUTE <= at))


def _focus(client: Client) -> list[str]:
    return [line[:1].upper() + line[1:] for line in client.words.get("focus", ())]


def _marks(client: Client, who: Who, minutes: tuple[int, ...]) -> None:
    usual = [each for each in interventions_for(method_of(client)) if each.family not in (Family.CRISIS, Family.ADMIN)]
    for minute in minutes:
        kind = client.chance.choice([MarkKind.FEELING, MarkKind.RETURN, MarkKind.QUOTE, MarkKind.TASK])
        said = client.chance.choice(words("room")["quote"]) if kind is MarkKind.QUOTE else ""
        set_mark(**who, kind=kind, key=uuid4(), words=said, minute=minute)
        done = client.chance.choice(usual)
        note_intervention(**who, code=done.code, mode=done.mode, key=uuid4(), minute=minute + 2)
