"""From ``instrument.json`` to an Instrument; whatever does not fit is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import (
    Band,
    ChangeKind,
    ChangeRule,
    ChangeValue,
    Code,
    Criterion,
    CutOff,
    Group,
    Instrument,
    Item,
    Option,
    Scale,
    wording_hash,
)
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.safety.answers import SafetyRule, Severity

Data = Mapping[str, Any]
T = TypeVar("T")
SHIPPABLE_TIERS = (1, 2)


class BadInstrument(ClinicalError):
    """An instrument file that does not hold together."""

    code = "bad_instrument"


class WordingMayNotShip(BadInstrument):
    """The owner of this instrument does not let others distribute its wording."""

    code = "wording_may_not_ship"


class WordingChanged(BadInstrument):
    """The wording is not the one whose hash was recorded: instruments are verbatim or they are not themselves."""

    code = "wording_changed"


def _bad(field: str, message: str) -> BadInstrument:
    return BadInstrument(field, message, "Correct the instrument file.")


def _code(data: Data | None) -> Code | None:
    return None if data is None else Code(data["code"], data["verified"])


def _options(data: Data | Sequence[Data]) -> tuple[Option, ...]:
    """Answers with their words, or only their numbers: ``{"values": [0, 2, 4]}``."""
    if isinstance(data, Mapping):
        return tuple(Option(value, "") for value in data["values"])
    return tuple(Option(option["value"], option["label"], _code(option.get("loinc"))) for option in data)


def _item(data: Data, common: tuple[Option, ...]) -> Item:
    return Item(
        data["key"],
        data.get("text", ""),
        _options(data["answers"]) if "answers" in data else common,
        _code(data.get("loinc")),
        data.get("optional", False),
        tuple(data.get("asked_after", ())),
    )


def _criterion(data: Data) -> Criterion:
    groups = tuple(Group(tuple(one["items"]), one["at_least"], one.get("count", 1)) for one in data["groups"])
    unless, refused = tuple(data.get("unless", ())), data.get("or_refused", False)
    return Criterion(data["code"], data["label"], groups, unless, data["source"], data["verified"], refused)


def _scale(data: Data, items: tuple[Item, ...]) -> Scale:
    keys = tuple(data["items"])
    # A tenth may be missing where the instrument has no rule of its own.
    max_missing = data.get("max_missing", len(keys) // 10)
    low, high = data["range"]
    turned = frozenset(data.get("turned", ()))
    scale = Scale(data["key"], keys, low, high, data.get("multiplier", 1), max_missing, turned)
    by_key = {item.key: item for item in items}
    unknown = [key for key in (*keys, *turned) if key not in by_key]
    if unknown:
        raise _bad(f"scales.{scale.key}", f"It names items that do not exist: {', '.join(unknown)}.")
    if keys:
        ends = tuple(scale.multiplier * sum(pick(by_key[key].values) for key in keys) for pick in (min, max))
        if ends != (scale.low, scale.high):
            raise _bad(f"scales.{scale.key}", f"Its items span {ends[0]}–{ends[1]}, its range says otherwise.")
    return scale


def _norms(data: Data, scale: Scale, direction: Direction) -> Norms:
    known = data.get("norms", {})
    return Norms(low=scale.low, high=scale.high, direction=direction, **known)


def _many(data: Data, field: str, build: Callable[[Data], T]) -> tuple[T, ...]:
    return tuple(build(entry) for entry in data.get(field, ()))


def _band(data: Data) -> Band:
    return Band(**data)


def _change(data: Data) -> ChangeValue:
    return ChangeValue(
        ChangeKind(data["kind"]), ChangeRule(data["rule"]), data["value"], data["source"], data["verified"]
    )


def _safety(data: Data) -> SafetyRule:
    return SafetyRule(data["item"], data["at_least"], Severity(data["severity"]), data["code"], data.get("refused", ""))


def _build(data: Data, pack: str | None) -> Instrument:
    common = _options(data.get("answers", ()))
    items = tuple(_item(entry, common) for entry in data.get("items", ()))
    scales = tuple(_scale(entry, items) for entry in data["scales"])
    direction = Direction(data["direction"])
    total = next((scale for scale in scales if scale.key == "total"), None)
    if total is None:
        raise _bad("scales", "There is no total.")
    return Instrument(
        id=data["id"],
        version=data["version"],
        language=data["language"],
        title=data["title"],
        short_title=data["short_title"],
        concept=data["concept"],
        tier=data["tier"],
        licence=data["licence"],
        attribution=data["attribution"],
        source=data["source"],
        wording_checked=data["wording_checked"],
        validated=data["validated"],
        total_only=data.get("total_only", False),
        recall_window=data["recall_window"],
        stem=data.get("stem", ""),
        low_label=data.get("low_label", ""),
        high_label=data.get("high_label", ""),
        items=items,
        scales=scales,
        direction=direction,
        bands=_many(data, "bands", _band),
        cut_off=CutOff(**data["cut_off"]) if data.get("cut_off") else None,
        change=_many(data, "change", _change),
        norms=_norms(data, total, direction),
        loinc_panel=_code(data.get("loinc", {}).get("panel")),
        loinc_total=_code(data.get("loinc", {}).get("total")),
        safety_rules=_many(data, "safety", _safety),
        pack=pack,
        criteria=_many(data, "criteria", _criterion),
        nc_interpretation=data.get("nc_interpretation", ""),
        compared_with=data.get("compared_with", ""),
        answers_differ=data.get("answers_differ", False),
    )


def _check_wording(instrument: Instrument, recorded_hash: str | None) -> None:
    words = [instrument.stem, instrument.low_label, instrument.high_label]
    for item in instrument.items:
        words += [item.text, *(option.label for option in item.options)]
    if not any(words):
        if not (instrument.total_only or instrument.items):
            raise _bad("items", "It asks nothing and is not marked as total only.")
        return
    if instrument.tier not in SHIPPABLE_TIERS:
        raise WordingMayNotShip(
            "items",
            f"{instrument.id} is of tier {instrument.tier}.",
            "Keep its skeleton or its total, without wording.",
        )
    if not all(item.text for item in instrument.items):
        raise _bad("items", "Some of its items have words and some have none.")
    if wording_hash(instrument.stem, instrument.items) != recorded_hash:
        raise WordingChanged("wording_sha256", f"{instrument.id} reads differently.", "Restore the owner's wording.")


def _check_items(instrument: Instrument) -> None:
    keys = [item.key for item in instrument.items]
    if len(set(keys)) != len(keys):
        raise _bad("items", "Two items share a key.")
    named = {key for item in instrument.items for key in item.asked_after}
    named |= {key for one in instrument.criteria for group in one.groups for key in group.items}
    if strangers := named - set(keys):
        raise _bad("items", f"It names items that do not exist: {', '.join(sorted(strangers))}.")
    for rule in instrument.safety_rules:
        item = instrument.item(rule.item)
        if item is None or rule.at_least not in item.values:
            raise _bad("safety", f"Its rule for item {rule.item} fits no answer.")


def _check(instrument: Instrument, recorded_hash: str | None) -> None:
    _check_wording(instrument, recorded_hash)
    _check_items(instrument)
    previous: float | None = None
    for band in instrument.bands:
        if band.low > band.high or (previous is not None and band.low <= previous):
            raise _bad("bands", "Its bands overlap or are out of order.")
        previous = band.high
    if instrument.bands and (instrument.bands[0].low, previous) != (instrument.low, instrument.high):
        raise _bad("bands", "Its bands do not cover the scale.")


def parse_instrument(text: str, *, pack: str | None = None) -> Instrument:
    """Read and check one instrument file."""
    try:
        data = json.loads(text)
        instrument = _build(data, pack)
    except json.JSONDecodeError as error:
        raise _bad(f"line {error.lineno}", "This is not JSON.") from error
    except ClinicalError:
        raise
    except KeyError as error:
        raise _bad(error.args[0], "This part is missing.") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise _bad("file", f"One of its parts has another shape: {error}.") from error
    _check(instrument, data.get("wording_sha256"))
    return instrument
