"""Two languages nobody speaks, made from the strings themselves: one 40 % longer with accents, one from right to left.

`en-xa` shows what went through gettext (⟦Sàvé··⟧) and what did not; `ar-xb` is the same in a right-to-left language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.conf.locale import LANG_INFO
from django.test import override_settings
from django.utils import formats
from django.utils.translation import trans_real
from tests.languages.faults import BLANK
from tests.languages.strings import strings

LONGER, FROM_THE_RIGHT = "en-xa", "ar-xb"
BEGINS, ENDS = "⟦", "⟧"
SHARE = 0.4
ACCENTS = str.maketrans("aceinouyACEINOUYs", "àçéîñöüýÀÇÉÎÑÖÜÝš")
FOLDERS = {LONGER: "en_XA", FROM_THE_RIGHT: "ar_XB"}
DJANGO = Path(trans_real.__file__).parents[2] / "conf" / "locale"
NAMES = {"name": "Pseudo", "name_local": "Pseudo", "name_translated": "Pseudo"}


def pseudo(text: str) -> str:
    """The text with accents, longer, in brackets; its blanks, tags and line ends as they were.

    >>> pseudo("Save %(name)s")
    '⟦Sàvé %(name)s·⟧'
    """
    bare = text.strip("\n")
    before, after = text[: len(text) - len(text.lstrip("\n"))], text[len(text.rstrip("\n")) :]
    words = "".join(part if BLANK.fullmatch(part) else part.translate(ACCENTS) for part in _parts(bare))
    letters = sum(map(str.isalpha, BLANK.sub("", bare)))
    return f"{before}{BEGINS}{words}{'·' * max(1, round(letters * SHARE) - 2)}{ENDS}{after}"


def _parts(text: str) -> Iterator[str]:
    last = 0
    for found in BLANK.finditer(text):
        yield text[last : found.start()]
        yield found[0]
        last = found.end()
    yield text[last:]


def write_pseudo(folder: Path) -> None:
    """Both catalogues, of every string of the house and of Django, below a folder."""
    for name in FOLDERS.values():
        catalogue = Catalog(locale="en", domain="django", fuzzy=False)
        for message in strings(staff=True):
            said = (pseudo(message.text), pseudo(message.plural)) if message.plural else pseudo(message.text)
            catalogue.add(message.key, said, context=message.context or None)
        for entry in _of_django():
            if catalogue.get(entry.id, entry.context) is None:
                said = tuple(map(pseudo, entry.id)) if isinstance(entry.id, tuple) else pseudo(entry.id)
                catalogue.add(entry.id, said, context=entry.context)
        path = folder / name / "LC_MESSAGES" / "django.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)


def _of_django() -> list[Any]:
    with (DJANGO / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [entry for entry in read_po(file) if entry.id]


@contextmanager
def spoken_here(folder: Path, code: str) -> Iterator[None]:
    """Everybody reads a pseudo-language, in every room; afterwards nobody does."""
    write_pseudo(folder)
    known = {one: {"code": one, "bidi": one == FROM_THE_RIGHT, **NAMES} for one in FOLDERS}
    kept = dict(LANG_INFO)
    LANG_INFO.update(known)
    wishes = {
        "LANGUAGES": [(code, "Pseudo")],
        "LANGUAGES_OF_STAFF": [code],
        "LANGUAGE_CODE": code,
        "LOCALE_PATHS": [folder],
    }
    try:
        with override_settings(**wishes):
            forget()
            yield
    finally:
        LANG_INFO.clear()
        LANG_INFO.update(kept)
        forget()
        trans_real.activate(django_settings.LANGUAGE_CODE)


def forget() -> None:
    """What Django remembers of languages."""
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
    trans_real.reset_cache(setting="LANGUAGES")
    formats.reset_format_cache()
