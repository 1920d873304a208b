"""A clinical note on paper: who wrote and signed it when, its words with their marks, its addenda, its hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypedDict

from rapport.web.components.letters import typeset


class Run(TypedDict):
    """A piece of a line: its words, how they are set (`strong em`), its mark and, where that begins, its name."""

    text: str
    look: str
    mark: str
    name: str


class Block(TypedDict):
    """A paragraph, list item, heading or quotation."""

    kind: str
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its title, or an addendum with who added it and why."""

    title: str
    blocks: list[Block]
    below: str = ""


@dataclass(frozen=True, slots=True)
class NotePaper:
    """What stands on the paper of a note."""

    title: str
    client: str
    sender: str
    on: date
    head: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    signed: Sequence[str]
    addenda: Sequence[Part] = ()
    footer: str = ""
    language: str = "en"


def note_pdf(paper: NotePaper) -> bytes:
    """The note as tagged PDF."""
    content = {**asdict(paper), "head": [list(line) for line in paper.head]}
    del content["on"]
    return typeset("note.typ", paper.on, content)
