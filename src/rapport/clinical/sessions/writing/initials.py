"""Names of people other than the client, as initials: what is printed may be read by people they never met."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

SHORTEST = 2  # a name of one letter is an initial already


def initials_of(name: str) -> str:
    """The first letter of each part.

    >>> initials_of("Anna-Maria Keller"), initials_of("Tom")
    ('A. M. K.', 'T.')
    """
    return " ".join(f"{part[0].upper()}." for part in _parts(name))


def names_to_hide(people: Iterable[str], client_name: str) -> dict[str, str]:
    """What to look for and what to write instead: whole names, and their parts unless the client bears them too.

    >>> names_to_hide(["Lena Weber"], "Jonas Weber")
    {'Lena Weber': 'L. W.', 'Lena': 'L.'}
    """
    own = {part.casefold() for part in _parts(client_name)}
    hidden: dict[str, str] = {}
    for person in people:
        name = _tidy(person)
        if name and name.casefold() not in own:
            hidden[name] = initials_of(name)
        for part in _parts(name):
            if len(part) >= SHORTEST and part[0].isupper() and part.casefold() not in own:
                hidden.setdefault(part, f"{part[0]}.")
    return dict(sorted(hidden.items(), key=lambda each: -len(each[0])))


def with_initials(text: str, hidden: Mapping[str, str]) -> tuple[str, int]:
    """The text with initials for names, and how many were replaced.

    A name counts when it stands as a word of its own and begins with a capital: *Rose* is a person, a rose is not.

    >>> with_initials("Saw Lena. Lena's idea; a lena stays.", names_to_hide(["Lena Weber"], "Jonas Weber"))
    ("Saw L. L.'s idea; a lena stays.", 2)
    """
    wanted = {name.casefold(): short for name, short in hidden.items()}
    if not wanted:
        return text, 0
    anyone = "|".join(re.escape(name) for name in sorted(hidden, key=len, reverse=True))
    replaced = 0

    def _short(found: re.Match[str]) -> str:
        nonlocal replaced
        if not found[1][0].isupper():
            return found[0]
        replaced += 1
        return wanted[found[1].casefold()]  # a full stop after the name goes with it: not two of them

    said = re.sub(rf"(?<!\w)({anyone})(?!\w)(\.?)", _short, unicodedata.normalize("NFC", text), flags=re.IGNORECASE)
    return said, replaced


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\s\-]+", _tidy(name)) if part and part[0].isalpha()]
