"""German days. Pages name the parts of a day (`l j F`); German puts a dot after the number and a comma after Monday."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\bj(?= [FMNn])")
_WEEKDAY = re.compile(r"\b([lD]) (?=j)")
_DAY_ALONE = re.compile(r"\b([lD]) j$")


def __getattr__(name: str) -> str:
    """The German way to write a format; Django asks for it by its own text."""
    german = _WEEKDAY.sub(r"\1, ", _NUMBER.sub("j.", _DAY_ALONE.sub(r"\1 j.", name)))
    if german == name:
        raise AttributeError(name)
    return german
