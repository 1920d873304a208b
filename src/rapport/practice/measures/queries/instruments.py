"""Which instruments this practice has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.registry import available_packs, instruments, licence_text, load_instrument
from rapport.practice.measures.models import LocalInstrument
from rapport.practice.measures.rules.forms import read_answers
from rapport.practice.measures.rules.instruments import LANGUAGE, as_instrument, installed_packs, instrument_named
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

PHQ9_ITEM9 = "44260-8"  # LOINC


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """One answer with its question. `mixes_wishes` where a wish to be dead and self-harm are one question."""

    instrument: str
    item: str
    question: str
    answer: str
    mixes_wishes: bool


@dataclass(frozen=True, slots=True)
class PackTerms:
    """A content pack: its instrument, the terms of its owner, and whether this practice accepted them."""

    instrument: Instrument
    words: str
    installed: bool


def instrument(*, viewer: Actor, at: datetime, instrument_id: str) -> Instrument:
    """One instrument by its id; UnknownInstrument if it is not here."""
    require(viewer, "list", Thing("instrument"), at=at)
    return instrument_named(instrument_id)


def typed_answers(
    *, viewer: Actor, at: datetime, instrument_id: str, pairs: Iterable[tuple[str, str]]
) -> dict[str, int | None]:
    """A paper as a page sent it, read; BadAnswer names the item that is wrong, missing or there twice."""
    return read_answers(instrument(viewer=viewer, at=at, instrument_id=instrument_id), pairs)


def answer_in_words(*, viewer: Actor, at: datetime, evidence: Mapping[str, Any]) -> AnswerWords | None:
    """The question and the answer an alert rests on, as the person read them; None if it rests on no form."""
    require(viewer, "list", Thing("instrument"), at=at)
    if "instrument" not in evidence:
        return None
    asked = instrument_named(evidence["instrument"])
    item = asked.item(evidence["item"])
    if item is None:
        return None
    chosen = next((option.label for option in item.options if option.value == evidence["answer"]), "")
    if evidence["answer"] is None:
        chosen = _("would not answer this here; prefers to tell in person")
    is_phq9_item9 = item.loinc is not None and item.loinc.code == PHQ9_ITEM9
    return AnswerWords(asked.short_title, item.key, item.text, chosen, is_phq9_item9)


def all_instruments(*, viewer: Actor, at: datetime) -> tuple[Instrument, ...]:
    """Everything that can be assigned or entered here, the practice's own last. Goals live with the episode."""
    require(viewer, "list", Thing("instrument"), at=at)
    own = {row.key: as_instrument(row) for row in LocalInstrument.objects.order_by("title")}
    known = [one for one in instruments(LANGUAGE, packs=installed_packs()) if one.concept != "goal"]
    return (*(own.pop(one.id, one) for one in known), *own.values())


def packs_to_install(*, viewer: Actor, at: datetime) -> tuple[PackTerms, ...]:
    """Content packs that came along and whose terms nobody has accepted yet."""
    require(viewer, "list", Thing("instrument"), at=at)
    here = installed_packs()
    return tuple(_terms(pack, installed=False) for pack in available_packs() if pack not in here)


def pack_terms(*, viewer: Actor, at: datetime, pack: str) -> PackTerms:
    """What the owner of a content pack asks of whoever uses it."""
    require(viewer, "create", Thing("instrument"), at=at)
    if pack not in available_packs():
        raise not_found(viewer, "create", Thing("instrument"), at=at)
    return _terms(pack, installed=pack in installed_packs())


def _terms(pack: str, *, installed: bool) -> PackTerms:
    found = load_instrument(pack, LANGUAGE, packs={pack})
    return PackTerms(found, licence_text(found), installed)
