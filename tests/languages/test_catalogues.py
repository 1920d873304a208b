"""Every string a client can meet is translated, wholly and with its blanks, and what is shipped is what is written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from tests.house.sources import ROOT
from tests.languages.catalogues import brought_up_to_date, languages, po_of, read_catalogue, written
from tests.languages.faults import faults_of
from tests.languages.strings import Message, from_template, strings, strings_in

CLIENT_ROOMS = ("web/portal/", "web/entrance/", "web/components/", "practice/post/", "practice/clients/consent_texts/")


def words_of(catalogue: Catalog) -> dict[Any, Any]:
    return {(_fixed(entry.id), entry.context): _fixed(entry.string) for entry in catalogue if entry.id}


def _fixed(said: Any) -> Any:
    """A .mo gives several words as a list, a .po as a tuple."""
    return tuple(said) if isinstance(said, list) else said


@pytest.fixture(params=languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_german_is_there() -> None:
    assert "de" in languages()


def test_every_room_of_a_client_is_read() -> None:
    places = {path for where in strings(staff=False).values() for path, _line in where}
    for room in CLIENT_ROOMS:
        assert any(room in place for place in places), room
    assert not any("web/desk/" in place or "web/office/" in place for place in places)


def test_nothing_is_missing_guessed_or_bent(language: str) -> None:
    assert faults_of(brought_up_to_date(read_catalogue(language), strings(staff=False))) == []


def test_the_catalogue_holds_what_the_house_says_and_nothing_else(language: str) -> None:
    """`make languages` would change nothing."""
    new = brought_up_to_date(read_catalogue(language), strings(staff=False))
    assert written(new)[0] == po_of(language).read_bytes()


def test_what_is_shipped_is_what_is_written(language: str) -> None:
    shipped = read_mo(io.BytesIO(po_of(language).with_suffix(".mo").read_bytes()))
    assert words_of(shipped) == words_of(read_catalogue(language))


def test_the_catalogues_are_in_the_repository_and_so_in_the_package(language: str) -> None:
    """The wheel takes everything below `src/rapport` that git does not ignore."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"*.mo", "*.po", "locale/"} & set(ignored)
    assert po_of(language).is_relative_to(ROOT / "src" / "rapport")


@pytest.mark.parametrize(
    ("id", "string", "fault"),
    [
        ("Save", "", "not translated"),
        ("Hello %(name)s", "Hallo", "other blanks"),
        ("%(n)d %% of {all}", "%(n)d %% von {all}", ""),
        ("<strong>%(name)s</strong> reads", "%(name)s liest", "other blanks"),
        ("One line\n", "Eine Zeile", "other blanks or line ends"),
        (("One form", "%(n)s forms"), ("Ein Bogen", "%(n)s Bögen"), ""),
        (("One form", "%(n)s forms"), ("Ein Bogen", "Viele Bögen"), "other blanks"),
        (("One form", "%(n)s forms"), ("Ein Bogen", ""), "not translated"),
    ],
)
def test_a_fault_would_be_seen(id: Any, string: Any, fault: str) -> None:
    catalogue = Catalog(locale="de", fuzzy=False)
    catalogue.add(id, string)
    said = faults_of(catalogue)
    assert bool(said) is bool(fault)
    assert fault in "".join(said)


def test_a_guess_would_be_seen() -> None:
    catalogue = Catalog(locale="de", fuzzy=False)
    catalogue.add("Save", "Speichern", flags=["fuzzy"])
    assert "guess" in "".join(faults_of(catalogue))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("One")', Message("One")),
        ('gettext_lazy("Two")', Message("Two")),
        ('ngettext("One form", "%(n)d forms", n)', Message("One form", "%(n)d forms")),
        ('pgettext("of a week", "Day")', Message("Day", "", "of a week")),
        (from_template('{% translate "Three" %}'), Message("Three")),
        (from_template("<c-x title=\"{% translate 'Four' %}\" />"), Message("Four")),
        (from_template('{% translate "May" context "verb" %}'), Message("May", "", "verb")),
        (
            from_template(
                "\n  {% blocktranslate trimmed count n=n %}\n One.\n{% plural %}\n {{ n }} of.\n{% endblocktranslate %}"
            ),
            Message("One.", "%(n)s of."),
        ),
    ],
)
def test_every_way_to_say_a_string_is_read(code: str, found: Message) -> None:
    assert [message for _line, message in strings_in(code)] == [found]


def test_a_new_string_would_be_missed(tmp_path: Path) -> None:
    """The control: a string without a translation is a fault of the catalogue."""
    found = strings(staff=False)
    found[Message("A string of this morning")] = next(iter(found.values()))
    assert faults_of(brought_up_to_date(read_catalogue("de"), found)) == ["'A string of this morning': not translated"]
