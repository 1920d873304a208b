"""Every string that goes through gettext, and where it stands: in Python and in templates alike.

A machine need not have xgettext. Babel reads Python; Django rewrites a template into something that Babel can read.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.utils.translation.template import templatize
from tests.house.sources import ROOT, SRC

Place = tuple[str, int]  # a file and a line
# The names under which the house imports gettext, and which of their arguments is read by whom.
CONTEXT, CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "_now", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
READ = (".py", ".html")
NEVER_SHOWN = (
    SRC / "web" / "components" / "gallery",
    SRC / "web" / "components" / "templates" / "components" / "gallery",
)
# What only people who work in the practice read. Everything else can come before a client.
STAFF_ONLY = (SRC / "web" / "desk", SRC / "web" / "office", SRC / "web" / "doors" / "results")
# Words that are data and come before a client: a page hands them to `{% translate %}` as they are.
# In which part of the file, if not everywhere, and under which keys.
JURISDICTIONS = SRC / "practice" / "organisation" / "jurisdictions"
DATA = (
    (SRC / "practice" / "clients" / "consent_texts" / "en.toml", "", ("title", "asks", "means", "if_no")),
    (SRC / "clinical" / "speaking" / "data" / "feelings.toml", "", ("words", "cards")),
    *((path, "crisis", ("hours", "note")) for path in sorted(JURISDICTIONS.glob("*.toml"))),
)


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One string: in what context, for one thing, and for several."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str | tuple[str, str]:
        """What Babel calls it."""
        return (self.text, self.plural) if self.plural else self.text


def strings(*, staff: bool) -> dict[Message, list[Place]]:
    """Every string of the house, or only those a client can meet."""
    found: dict[Message, list[Place]] = {}
    for path in sources(staff=staff):
        for line, message in read(path):
            found.setdefault(message, []).append((path.relative_to(ROOT).as_posix(), line))
    for path, part, keys in DATA:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
        for words in _said(whole[part] if part else whole, keys):
            found.setdefault(Message(words), []).append((path.relative_to(ROOT).as_posix(), 0))
    return found


def sources(*, staff: bool) -> list[Path]:
    """The files in which a string for people may stand."""
    apart = NEVER_SHOWN if staff else (*NEVER_SHOWN, *STAFF_ONLY)
    files = (path for path in SRC.rglob("*") if path.suffix in READ and "migrations" not in path.parts)
    return sorted(path for path in files if not _inside(path, apart) and path.name != "example.html")


def read(path: Path) -> Iterator[tuple[int, Message]]:
    """The strings of one file."""
    text = path.read_text(encoding="utf-8")
    return strings_in(from_template(text) if path.suffix == ".html" else text)


def from_template(text: str) -> str:
    """A template as Babel can read it: what Django makes of it, without the margins, which mean something in Python."""
    return "\n".join(line.lstrip() for line in templatize(text).splitlines())


def strings_in(code: str) -> Iterator[tuple[int, Message]]:
    """The strings of a piece of Python."""
    for line, said, _comments, context in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
        text, plural = (said[0], said[1]) if isinstance(said, tuple) else (said, "")
        if text:
            yield line, Message(text, plural or "", context or "")


def _said(data: Any, keys: tuple[str, ...], *, below: bool = False) -> Iterator[str]:
    """The words under some keys, however deep."""
    if isinstance(data, str):
        if below:
            yield data
    elif isinstance(data, list):
        for each in data:
            yield from _said(each, keys, below=below)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _said(value, keys, below=below or key in keys)


def _inside(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
