"""What a sentence of a note is: a fact, something the client said, something the writer infers.

The marks are words in square brackets, typed before what they mark: ``[fact]``, ``[said]``, ``[infer]``. A mark holds
to the end of its line or to the next mark. They are part of the text, so a note shown without them still says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum


class Mark(StrEnum):
    """What a marked piece of a note is."""

    FACT = "fact"
    SAID = "said"
    INFER = "infer"


USUAL_WORDS = (80, 250)
MARK = re.compile(r"\[(fact|said|infer)\]\s?", re.IGNORECASE)


def pieces(line: str) -> Iterator[tuple[Mark | None, str]]:
    """A line in pieces, each with its mark.

    >>> list(pieces("Calm. [said] I slept. [infer] Relief."))
    [(None, 'Calm. '), (<Mark.SAID: 'said'>, 'I slept. '), (<Mark.INFER: 'infer'>, 'Relief.')]
    """
    mark, since = None, 0
    for found in MARK.finditer(line):
        if found.start() > since:
            yield mark, line[since : found.start()]
        mark, since = Mark(found[1].lower()), found.end()
    if since < len(line):
        yield mark, line[since:]


def without_marks(text: str) -> str:
    """The words alone.

    >>> without_marks("[Fact] Came at ten.")
    'Came at ten.'
    """
    return MARK.sub("", text)


def word_count(sections: Mapping[str, str]) -> int:
    """Words of a note, without the marks that say what they are.

    >>> word_count({"text": "[fact] Came at ten.", "plan": "Go on."})
    5
    """
    return sum(len(without_marks(text).split()) for text in sections.values())
