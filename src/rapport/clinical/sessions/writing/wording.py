"""Words of a note that a reader would stumble over, each with its reason and a better sentence. Never a refusal.

The words are a data file (``data/wording.toml``). What the client said is left alone: their words are theirs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapport.clinical.sessions.writing.marks import Mark, pieces

QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|\"[^\"\n]*\"|(?<!\w)‘[^’\n]*’(?!\w)")


@dataclass(frozen=True, slots=True)
class Advice:
    """One entry: ``code`` names it, ``why`` and ``better`` are English message ids for a page to translate."""

    code: str
    pattern: re.Pattern[str]
    why: str
    better: str


@dataclass(frozen=True, slots=True)
class Found:
    """A word that was found, as it stands in the text, and the advice on it."""

    words: str
    advice: Advice


@cache
def advices() -> tuple[Advice, ...]:
    """Every entry of the data file, in its order."""
    text = files("rapport.clinical.sessions.writing").joinpath("data/wording.toml").read_text(encoding="utf-8")
    return tuple(
        Advice(code, re.compile(rf"(?<!\w)(?:{entry['words']})(?!\w)", re.IGNORECASE), entry["why"], entry["better"])
        for code, entry in tomllib.loads(text).items()
    )


def look_over(sections: Mapping[str, str]) -> tuple[Found, ...]:
    """Each advice at most once, with the first words that called for it.

    >>> [found.words for found in look_over({"text": "Was non-compliant. [said] I am so manipulative."})]
    ['non-compliant']
    """
    own = "\n".join(_own_words(text) for text in sections.values())
    found = ((advice, advice.pattern.search(own)) for advice in advices())
    return tuple(Found(match[0], advice) for advice, match in found if match)


def _own_words(text: str) -> str:
    """What the writer says themselves: neither marked as said by the client, nor in quotation marks."""
    lines = ("".join(words for mark, words in pieces(line) if mark is not Mark.SAID) for line in text.splitlines())
    return QUOTED.sub(" ", "\n".join(lines))
