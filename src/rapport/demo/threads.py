"""Courses that leave what was expected: the evening on which a therapist thinks them through, and decides.

A client with a story of their own (`[[thinking]]`) is decided on as it says, and whatever comes after it stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from rapport.clinical.outcomes.five_fields import Bend, Decision, Field, Fields, FieldThought, Look
from rapport.clinical.outcomes.following.thread import OpenEnd
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.outcomes.actions import decide
from rapport.practice.outcomes.choices import ThreadFacts
from rapport.practice.outcomes.queries import thread, threads
from rapport.practice.outcomes.tasks import read_scores
from rapport.practice.security.policy.actor import SYSTEM

EVENING = time(19, 30)
DAY = timedelta(days=1)


def follow(stage: Stage, cast: Sequence[Client]) -> Scene:
    """Every evening the day's scores are read and thought about; what came in since last evening is still open."""
    told = {client.number: list(client.words.get("thinking", ())) for client in cast}
    day = stage.begins.date()
    while day < stage.today:
        day += DAY
        at = min(stage.moment(day, EVENING), stage.at)
        yield at
        if read_scores(actor=SYSTEM, at=at) and at < stage.at:
            for client in cast:
                if client.ids is not None:
                    _think(client, at, told[client.number])


def _think(client: Client, at: datetime, told: list[Words]) -> None:
    spun = threads(viewer=client.therapist, at=at).get(client.episode_id)
    if spun is None or spun.open_end is None or ("thinking" in client.words and not told):
        return
    facts = thread(viewer=client.therapist, at=at, episode_id=client.episode_id)
    if facts is not None:
        _decide(client, at, facts, told.pop(0) if told else _usual(facts))


def _usual(facts: ThreadFacts) -> Words:
    """What one mostly decides: to talk about it first, to change something if it stays, to end when it came back."""
    known = words("thinking")
    if facts.open_end is OpenEnd.DECIDE:
        return dict(known["first"])
    return dict(known["back"] if facts.thread.bend is Bend.BETTER else known["still"])


def _decide(client: Client, at: datetime, facts: ThreadFacts, said: Words) -> None:
    ahead = said.get("look_in")
    decide(
        actor=client.therapist,
        at=at,
        episode_id=client.episode_id,
        version=facts.pending.version,
        fields=_fields(said),
        decision=Decision(said["decision"]),
        words=said["words"],
        look_again=None if ahead is None else facts.session + ahead,
    )


def _fields(said: Words) -> Fields:
    """Words say that there is something; the other fields were looked at, and there was nothing."""
    found = said.get("fields")
    if found is None:
        return {}
    return {
        field: FieldThought(Look.SOMETHING, found[field]) if field in found else FieldThought(Look.NOTHING)
        for field in Field
    }
