"""Which instruments this practice has."""

from __future__ import annotations

from datetime import datetime

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import available_packs, instruments
from rapport.practice.measures.models import LocalInstrument
from rapport.practice.measures.rules.instruments import LANGUAGE, as_instrument, installed_packs, instrument_named
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def instrument(*, viewer: Actor, at: datetime, instrument_id: str) -> Instrument:
    """One instrument by its id; UnknownInstrument if it is not here."""
    require(viewer, "list", Thing("instrument"), at=at)
    return instrument_named(instrument_id)


def all_instruments(*, viewer: Actor, at: datetime) -> tuple[Instrument, ...]:
    """Everything that can be assigned or entered here, the practice's own last. Goals live with the episode."""
    require(viewer, "list", Thing("instrument"), at=at)
    known = tuple(one for one in instruments(LANGUAGE, packs=installed_packs()) if one.concept != "goal")
    return known + tuple(as_instrument(row) for row in LocalInstrument.objects.order_by("title"))


def packs_to_install(*, viewer: Actor, at: datetime) -> tuple[str, ...]:
    """Content packs that came along and whose terms nobody has accepted yet."""
    require(viewer, "list", Thing("instrument"), at=at)
    return tuple(pack for pack in available_packs() if pack not in installed_packs())
