"""Openers: sentences for the moments in which speaking is hard. They are data, ours, and in the public domain."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class Moment(StrEnum):
    """When a sentence may help."""

    FIRST_MINUTE = "first_minute"
    STUCK = "stuck"
    AFTER_SILENCE = "after_silence"
    SHAME = "shame"
    DONT_KNOW = "dont_know"
    ONE_WORD = "one_word"
    ENDING = "ending"
    AFTER_RUPTURE = "after_rupture"
    AFTER_BREAK = "after_break"


class Method(StrEnum):
    """In which way of working it is at home."""

    ANY = "any"
    PSYCHODYNAMIC = "psychodynamic"
    CBT = "cbt"
    HYPNO = "hypno"


@dataclass(frozen=True, slots=True)
class Opener:
    """One sentence. Its key never changes."""

    key: str
    moment: Moment
    method: Method
    words: str


@functools.cache
def openers() -> tuple[Opener, ...]:
    """All of them, by moment and method.

    >>> openers()[0].key
    'first_minute.any.arrive'
    """
    text = (files("rapport.clinical.speaking") / "data" / "openers.toml").read_text(encoding="utf-8")
    return tuple(
        Opener(f"{moment}.{method}.{key}", Moment(moment), Method(method), words)
        for moment, methods in tomllib.loads(text).items()
        for method, sentences in methods.items()
        for key, words in sentences.items()
    )
