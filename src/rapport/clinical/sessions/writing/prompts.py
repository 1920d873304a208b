"""What the sections of a note ask for, by way of working: a data file (``data/prompts.toml``), in our own words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from rapport.clinical.sessions.notes import NoteMethod, NoteSection


@cache
def _prompts() -> dict[str, dict[str, str]]:
    text = files("rapport.clinical.sessions.writing").joinpath("data/prompts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def prompt(method: NoteMethod, section: NoteSection) -> str:
    """The question of a section, an English message id for a page to translate.

    >>> prompt(NoteMethod.CBT, NoteSection.INTERVENTION)
    'Technique and how far it went: experiment, exposure, record, plan.'
    """
    own = _prompts().get(str(method), {})
    return own.get(str(section)) or _prompts()["any"][str(section)]
