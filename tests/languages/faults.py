"""What is wrong with a translation, as far as a machine can see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry

# %(name)s, %(share).0f, {name}, %% and tags: a translation has the same, in whatever order.
BLANK = re.compile(r"%\(\w+\)[\d.]*[a-z]|%%|\{\w+\}|</?\w+[^>]*>")
ENDS = re.compile(r"^(\n*).*?(\n*)$", re.DOTALL)


def faults_of(catalogue: Catalog) -> list[str]:
    """Every fault of every entry, in words."""
    return [f"{entry.id!r}: {fault}" for entry in catalogue if entry.id for fault in _faults(entry, catalogue)]


def _faults(entry: Entry, catalogue: Catalog) -> Iterator[str]:
    if entry.fuzzy:
        yield "marked as a guess"
    said = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
    asked = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
    wanted = catalogue.num_plurals if len(asked) > 1 else 1
    if len(said) != wanted or not all(said):
        yield "not translated"
        return
    for place, words in enumerate(said):
        if not _fits(words, asked, is_one=len(said) > 1 and place == 0):
            yield f"other blanks or line ends: {words!r}"


def _fits(words: str, asked: tuple[str, ...] | list[str], *, is_one: bool) -> bool:
    """The same blanks as the plural; for one thing alone, its own blanks do too (One question, %(n)s questions)."""
    templates = asked if is_one else asked[-1:]
    return any(
        Counter(BLANK.findall(words)) == Counter(BLANK.findall(each)) and _ends(words) == _ends(each)
        for each in templates
    )


def _ends(words: str) -> tuple[str, ...]:
    found = ENDS.match(words)
    return found.groups() if found else ()
