"""The catalogues of translation: brought up to date with the strings of the house, and made into what Django reads."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from tests.house.sources import SRC
from tests.languages.strings import Message, Place, strings

NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same words make the same file
LOCALE = SRC / "locale"
# What gettext asks for and nobody reads here; a date would make two machines disagree.
EMPTY_HEADERS = (
    b'"Project-Id',
    b'"Report-Msgid',
    b'"Last-Translator',
    b'"Language-Team',
    b'"POT-',
    b'"PO-',
    b'"Generated-By',
)


def languages(locale: Path = LOCALE) -> list[str]:
    """The languages that have a catalogue."""
    return sorted(folder.parent.name for folder in locale.glob("*/LC_MESSAGES"))


def po_of(language: str, locale: Path = LOCALE) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str, locale: Path = LOCALE) -> Catalog:
    """What is translated so far; nothing for a language that is new."""
    path = po_of(language, locale)
    if not path.exists():
        return Catalog(locale=language, domain="django", project="Rapport", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def brought_up_to_date(old: Catalog, found: Mapping[Message, list[Place]]) -> Catalog:
    """The strings of today with the words they had. A string that is gone goes; nothing is guessed from a like one."""
    new = Catalog(
        locale=old.locale, domain="django", project="Rapport", fuzzy=False, copyright_holder="the Rapport authors",
        header_comment=f"# Rapport in {old.locale}. Written by hand; brought up to date by `make languages`.",
        creation_date=NO_DAY, revision_date=NO_DAY,
    )  # fmt: skip
    for message, where in sorted(found.items(), key=lambda pair: (pair[1][0], pair[0])):
        known = old.get(message.key, message.context or None)
        files = sorted({(path, None) for path, _line in where})
        new.add(message.key, known.string if known else None, locations=files, context=message.context or None)
    return new


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as a .po and as a .mo, the same bytes for the same words."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=100, omit_header=False, include_lineno=False)
    write_mo(mo, catalogue)
    lines = (line for line in po.getvalue().split(b"\n") if not line.startswith(EMPTY_HEADERS))
    return b"\n".join(lines), mo.getvalue()


def write(catalogue: Catalog, language: str, locale: Path = LOCALE) -> None:
    """Put both files in their place."""
    path = po_of(language, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    po, mo = written(catalogue)
    path.write_bytes(po)
    path.with_suffix(".mo").write_bytes(mo)


def update(language: str) -> Catalog:
    """Bring one language up to date. It holds what a client can meet: staff rooms speak English."""
    catalogue = brought_up_to_date(read_catalogue(language), strings(staff=False))
    write(catalogue, language)
    return catalogue
