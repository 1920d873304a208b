"""Which instruments this practice has."""

from __future__ import annotations

from datetime import datetime

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import UnknownInstrument, available_packs, instruments, load_instrument
from rapport.practice.measures.choices import BEFORE_ASSESSMENT, OWN_PREFIX, WELLBEING, WELLBEING_WITHOUT_PACK
from rapport.practice.measures.models import InstalledPack, LocalInstrument
from rapport.practice.measures.rules import as_instrument
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

LANGUAGE = "en"


def installed_packs() -> frozenset[str]:
    """The content packs whose terms were accepted here."""
    return frozenset(InstalledPack.objects.values_list("pack", flat=True))


def instrument_named(instrument_id: str, language: str = LANGUAGE) -> Instrument:
    """An instrument by its id: bundled, of an installed pack, or the practice's own."""
    if instrument_id.startswith(OWN_PREFIX):
        row = LocalInstrument.objects.filter(key=instrument_id).first()
        if row is None:
            raise UnknownInstrument("instrument", "There is no such instrument here.", "Choose one of the list.")
        return as_instrument(row)
    return load_instrument(instrument_id, language, packs=_packs_for(instrument_id))


def _packs_for(instrument_id: str) -> frozenset[str]:
    return installed_packs() if instrument_id in available_packs() else frozenset()


def all_instruments(*, viewer: Actor, at: datetime) -> tuple[Instrument, ...]:
    """Everything that can be assigned or entered here, the practice's own last. Goals live with the episode."""
    require(viewer, "list", Thing("instrument"), at=at)
    known = tuple(one for one in instruments(LANGUAGE, packs=installed_packs()) if one.concept != "goal")
    return known + tuple(as_instrument(row) for row in LocalInstrument.objects.order_by("title"))


def packs_to_install(*, viewer: Actor, at: datetime) -> tuple[str, ...]:
    """Content packs that came along and whose terms nobody has accepted yet."""
    require(viewer, "list", Thing("instrument"), at=at)
    return tuple(pack for pack in available_packs() if pack not in installed_packs())


def pre_assessment_pack() -> tuple[str, ...]:
    """What is asked before the first interview: well-being first, then how bad it is."""
    wellbeing = WELLBEING if WELLBEING in installed_packs() else WELLBEING_WITHOUT_PACK
    return (wellbeing, *BEFORE_ASSESSMENT)
