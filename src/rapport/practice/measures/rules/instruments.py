"""Which instruments this practice has: bundled, of an installed pack, or its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from rapport.clinical.measures.fhir import read_questionnaire
from rapport.clinical.measures.instrument import Instrument, Scale
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.measures.own_text import Wording, with_wording
from rapport.clinical.measures.registry import UnknownInstrument, available_packs, instruments, load_instrument
from rapport.practice.foundation.once import once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.measures.choices import (
    BEFORE_ASSESSMENT,
    OWN_PREFIX,
    WELLBEING,
    WELLBEING_WITHOUT_PACK,
    LocalKind,
)
from rapport.practice.measures.models import InstalledPack, LocalInstrument

LANGUAGE = "en"
Name = tuple[str, str]  # instrument, language

_installed = prepared(lambda: InstalledPack.objects.values_list("pack", flat=True))
_ours = prepared(lambda keys: LocalInstrument.objects.filter(key__in=keys))


@once
def installed_packs() -> frozenset[str]:
    """The content packs whose terms were accepted here."""
    return frozenset(_installed())


def instrument_named(instrument_id: str, language: str = LANGUAGE) -> Instrument:
    """An instrument by its id: bundled, of an installed pack, or the practice's own, with the wording it brought."""
    own = instrument_id.startswith(OWN_PREFIX)
    found = None if own else load_instrument(instrument_id, language, packs=_packs_for(instrument_id))
    if found is not None and not found.is_skeleton:
        return found
    row = LocalInstrument.objects.filter(key=instrument_id).first()
    if row is not None:
        return as_instrument(row)
    if found is None:
        raise UnknownInstrument("instrument", "There is no such instrument here.", "Choose one of the list.")
    return found


def _packs_for(instrument_id: str) -> frozenset[str]:
    return installed_packs() if instrument_id in available_packs() else frozenset()


def can_be_asked() -> frozenset[str]:
    """Every instrument whose words are here."""
    known = {one.id for one in instruments(LANGUAGE, packs=installed_packs()) if one.can_be_asked}
    brought = LocalInstrument.objects.exclude(kind=LocalKind.TOTAL).values_list("key", flat=True)
    return frozenset(known | set(brought))


def pre_assessment_pack() -> tuple[str, ...]:
    """What is asked before the first interview: well-being first, then how bad it is."""
    wellbeing = WELLBEING if WELLBEING in installed_packs() else WELLBEING_WITHOUT_PACK
    return (wellbeing, *BEFORE_ASSESSMENT)


def own_key(name: str) -> str:
    """Under which id an own measure of this name is kept. The same name is the same measure."""
    return OWN_PREFIX + (re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:48] or "measure")


def as_instrument(row: LocalInstrument) -> Instrument:
    """What a practice brought, in the shape of all others."""
    if row.kind == LocalKind.FORM:
        direction = Direction(row.direction)
        return read_questionnaire(row.content, id=row.key, direction=direction, licence=row.licence).instrument
    if row.kind == LocalKind.WORDING:
        said = json.loads(row.content)
        wording = Wording(said["stem"], tuple(said["items"]), tuple(said["answers"]))
        return replace(with_wording(load_instrument(row.key), wording), licence=row.licence)
    return _known_by_total(row)


def total_link(instrument_id: str) -> str:
    """Under which name a FHIR response to a brought form states its total."""
    row = LocalInstrument.objects.filter(key=instrument_id, kind=LocalKind.FORM).first()
    if row is None:
        return ""
    return read_questionnaire(row.content, id=row.key, direction=Direction(row.direction), licence="").total_link


def _known_by_total(row: LocalInstrument) -> Instrument:
    """A total, its range and its norms; no wording, no bands."""
    norms = Norms(
        row.low,
        row.high,
        Direction(row.direction),
        reliability=row.reliability,
        clinical_mean=row.clinical_mean,
        clinical_sd=row.clinical_sd,
        functional_mean=row.functional_mean,
        functional_sd=row.functional_sd,
        cut=row.cut,
        source=row.source,
    )
    return Instrument(
        id=row.key,
        version=row.version,
        language="en",
        title=row.title,
        short_title=row.title,
        concept="own",
        tier=4,
        licence="",
        attribution="",
        source=row.source,
        wording_checked=False,
        validated=False,
        total_only=True,
        recall_window="",
        stem="",
        low_label="",
        high_label="",
        items=(),
        scales=(Scale("total", (), row.low, row.high, 1.0, 0),),
        direction=norms.direction,
        bands=(),
        cut_off=None,
        change=(),
        norms=norms,
        loinc_panel=None,
        loinc_total=None,
        safety_rules=(),
    )


def shelf(named: Iterable[Name]) -> dict[Name, Instrument]:
    """The instruments of these names: own ones in one statement, installed packs in another."""
    wanted = set(named)
    own = {row.key: as_instrument(row) for row in _ours(tuple(sorted({name for name, _ in wanted})))}
    packs = installed_packs()
    return {
        (name, language): own[name] if name in own else load_instrument(name, language, packs=packs)
        for name, language in wanted
    }
