"""Which instruments there are. Content packs (terms of their own) are found only when told that they are installed."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.loading import BadInstrument, parse_instrument

BUNDLED, PACKS = "instruments", "packs"


class UnknownInstrument(ClinicalError):
    """No such instrument in this language, or its pack is not installed."""

    code = "unknown_instrument"


@lru_cache(maxsize=4)
def _folders(shelf: str) -> dict[str, Traversable]:
    root = files("rapport.clinical.measures").joinpath(shelf)
    return {folder.name: folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith("_")}


@lru_cache(maxsize=256)
def _read(shelf: str, name: str, language: str) -> Instrument | None:
    folder = _folders(shelf).get(name)
    if folder is None:
        return None
    file = folder.joinpath(language, "instrument.json")
    if not file.is_file():
        return None
    if not folder.joinpath(language, "LICENCE").is_file():
        raise BadInstrument(
            "licence", f"The instrument {name}/{language} has no licence file.", "Add the terms of its owner."
        )
    instrument = parse_instrument(file.read_text("utf-8"), pack=name if shelf == PACKS else None)
    if (instrument.id, instrument.language) != (name, language):
        raise BadInstrument(
            "id", f"The instrument {name}/{language} calls itself something else.", "Rename the folder or the id."
        )
    return instrument


def available_packs() -> tuple[str, ...]:
    """The content packs that came with this installation, whether or not the practice installed them."""
    return tuple(sorted(_folders(PACKS)))


def load_instrument(instrument_id: str, language: str = "en", *, packs: Collection[str] = ()) -> Instrument:
    """One instrument, verbatim; an instrument of a content pack only if the pack is among ``packs``.

    >>> load_instrument("phq9").title
    'Patient Health Questionnaire (PHQ-9)'
    >>> load_instrument("who5", packs={"who5"}).high
    100
    """
    found = _read(BUNDLED, instrument_id, language)
    if found is None and instrument_id in packs:
        found = _read(PACKS, instrument_id, language)
    if found is None:
        raise UnknownInstrument(
            "instrument", f"There is no {instrument_id} in language {language}.", "Install its pack or choose another."
        )
    return found


def instruments(language: str = "en", *, packs: Collection[str] = ()) -> tuple[Instrument, ...]:
    """All instruments of a language, by id, with those of the installed packs.

    >>> [one.id for one in instruments() if one.can_be_asked][:4]
    ['asq', 'audit_c', 'gad7', 'goal']
    """
    shelves = [(BUNDLED, name) for name in _folders(BUNDLED)] + [
        (PACKS, name) for name in _folders(PACKS) if name in packs
    ]
    found = (_read(shelf, name, language) for shelf, name in shelves)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.id))


def licence_text(instrument: Instrument) -> str:
    """The terms under which the instrument is given out."""
    shelf = BUNDLED if instrument.pack is None else PACKS
    folder = files("rapport.clinical.measures").joinpath(shelf, instrument.id, instrument.language)
    return folder.joinpath("LICENCE").read_text("utf-8")
