"""The questions after an hour, one at a time: the same in the portal and on the device handed over in the room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from rapport.practice.alliance.actions import say_after_hour, say_in_words
from rapport.practice.alliance.choices import QUESTIONS, Said, Way, WordsKind, part_of, step_after, words_from
from rapport.practice.alliance.queries import ClosingFacts
from rapport.practice.security.policy.actor import Actor

KINDS = (WordsKind.COMMENT, WordsKind.MOST, WordsKind.LEAST)


def keep_step(actor: Actor, at: datetime, session_id: UUID, step: str, sent: QueryDict, way: Way) -> None:
    """Keep the answer to one question as a form sent it; raises ValueError for a number that is none."""
    who: dict[str, Any] = {"actor": actor, "at": at, "session_id": session_id, "way": way}
    if step in QUESTIONS:
        say_after_hour(**who, answers={step: int(sent.get("value", ""))})
        return
    freely = {WordsKind.FREELY: Said(sent.get(WordsKind.FREELY, "").strip())}
    said = words_from(sent, KINDS) if step == "words" else freely
    if any(words.text or words.value is not None for words in said.values()):
        say_in_words(**who, said=said)


def step_page(facts: ClosingFacts, step: str, entered: QueryDict) -> dict[str, Any]:
    """What the page of one question shows."""
    part = part_of(step)
    return {
        "session_id": facts.session_id,
        "is_open": facts.is_open,
        "step": step,
        "question": QUESTIONS.get(step),
        "number": part.index(step) + 1 if part else 0,
        "of": len(part),
        "next": step_after(step) if part else "",
        "value": facts.hour.values.get(step, ""),
        "entered": entered,
    }
