"""A file becomes the instrument it describes: every part read, nothing made up, what does not hold together refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

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
from rapport.clinical.measures.loading import BadInstrument, WordingChanged, WordingMayNotShip, parse_instrument
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.safety.answers import SafetyRule, Severity

NEVER, OFTEN = Option(0, "Never", Code("LA1", True)), Option(1, "Often", Code("LA2", False))
NO, YES = Option(0, "No"), Option(1, "Yes")
ITEMS = (
    Item("1", "Do you sleep?", (NEVER, OFTEN), Code("1-1", False)),
    Item("2", "And well?", (NO, YES), optional=True, asked_after=("1",)),
)
FULL: dict[str, Any] = {
    "id": "sleep", "version": "7", "language": "en", "title": "Sleep (S)", "short_title": "S", "concept": "sleep",
    "tier": 1, "licence": "CC0-1.0", "attribution": "Somebody", "source": "A paper", "wording_checked": True,
    "validated": True, "recall_window": "two weeks", "stem": "Lately", "low_label": "low", "high_label": "high",
    "nc_interpretation": "teaching too", "compared_with": "the paper form", "answers_differ": True,
    "wording_sha256": wording_hash("Lately", ITEMS),
    "answers": [
        {"value": 0, "label": "Never", "loinc": {"code": "LA1", "verified": True}},
        {"value": 1, "label": "Often", "loinc": {"code": "LA2", "verified": False}},
    ],
    "items": [
        {"key": "1", "text": "Do you sleep?", "loinc": {"code": "1-1", "verified": False}},
        {"key": "2", "text": "And well?", "optional": True, "asked_after": ["1"],
         "answers": [{"value": 0, "label": "No"}, {"value": 1, "label": "Yes"}]},
    ],
    "scales": [
        {"key": "total", "items": ["1", "2"], "range": [0, 4], "multiplier": 2, "max_missing": 1, "turned": ["2"]},
        {"key": "well", "items": ["2"], "range": [0, 1]},
    ],
    "direction": "higher",
    "bands": [
        {"low": 0, "high": 0, "code": "a", "label": "A", "population": "all", "source": "p", "verified": True,
         "from_age": 12, "to_age": 17},
        {"low": 1, "high": 4, "code": "b", "label": "B", "population": "all", "source": "p", "verified": False},
    ],
    "cut_off": {"value": 2, "population": "all", "source": "c", "verified": True, "from_age": 16, "to_age": 65},
    "change": [{"kind": "important", "rule": "published", "value": 3, "source": "d", "verified": True}],
    "norms": {"reliability": 0.8, "clinical_mean": 1, "clinical_sd": 2, "source": "n", "verified": True},
    "loinc": {"panel": {"code": "p-1", "verified": True}, "total": {"code": "t-1", "verified": False}},
    "safety": [
        {"item": "1", "at_least": 1, "severity": "act_now", "code": "one", "refused": "one_refused"},
        {"item": "2", "at_least": 1, "severity": "attend", "code": "two"},
    ],
    "criteria": [
        {"code": "x", "label": "X", "source": "k", "verified": True, "unless": ["y"], "or_refused": True,
         "groups": [{"items": ["1", "2"], "at_least": 1, "count": 2}]},
        {"code": "y", "label": "Y", "source": "l", "verified": False, "groups": [{"items": ["1"], "at_least": 1}]},
    ],
}  # fmt: skip
BARE: dict[str, Any] = {
    key: FULL[key]
    for key in ("id", "version", "language", "title", "short_title", "concept", "tier", "licence", "attribution",
                "source", "wording_checked", "validated", "recall_window", "direction")
} | {"items": [{"key": "1"}], "answers": {"values": [0, 2]}, "scales": [{"key": "total", "items": ["1"],
     "range": [0, 2]}]}  # fmt: skip


def parse(**change: Any) -> Instrument:
    return parse_instrument(json.dumps(FULL | change))


def test_every_part_of_a_file_is_read() -> None:
    assert parse_instrument(json.dumps(FULL), pack="own") == Instrument(
        id="sleep",
        version="7",
        language="en",
        title="Sleep (S)",
        short_title="S",
        concept="sleep",
        tier=1,
        licence="CC0-1.0",
        attribution="Somebody",
        source="A paper",
        wording_checked=True,
        validated=True,
        total_only=False,
        recall_window="two weeks",
        stem="Lately",
        low_label="low",
        high_label="high",
        items=ITEMS,
        scales=(
            Scale("total", ("1", "2"), 0, 4, 2, 1, frozenset({"2"})),
            Scale("well", ("2",), 0, 1, 1, 0),
        ),
        direction=Direction.HIGHER,
        bands=(Band(0, 0, "a", "A", "all", "p", True, 12, 17), Band(1, 4, "b", "B", "all", "p", False, 18, None)),
        cut_off=CutOff(2, "all", "c", True, 16, 65),
        change=(ChangeValue(ChangeKind.IMPORTANT, ChangeRule.PUBLISHED, 3, "d", True),),
        norms=Norms(0, 4, Direction.HIGHER, 0.8, 1, 2, source="n", verified=True),
        loinc_panel=Code("p-1", True),
        loinc_total=Code("t-1", False),
        safety_rules=(
            SafetyRule("1", 1, Severity.ACT_NOW, "one", "one_refused"),
            SafetyRule("2", 1, Severity.ATTEND, "two", ""),
        ),
        pack="own",
        criteria=(
            Criterion("x", "X", (Group(("1", "2"), 1, 2),), ("y",), "k", True, True),
            Criterion("y", "Y", (Group(("1",), 1, 1),), (), "l", False, False),
        ),
        nc_interpretation="teaching too",
        compared_with="the paper form",
        answers_differ=True,
    )


def test_what_a_file_leaves_out_is_not_made_up() -> None:
    bare = parse_instrument(json.dumps(BARE))
    (item,) = bare.items
    assert item == Item("1", "", (Option(0, ""), Option(2, "")), None, False, (), "")
    assert item.optional is False
    assert bare.scales == (Scale("total", ("1",), 0, 2, 1, 0, frozenset()),)
    assert (bare.total_only, bare.answers_differ) == (False, False)
    assert (bare.stem, bare.low_label, bare.high_label) == ("", "", "")
    assert (bare.nc_interpretation, bare.compared_with, bare.pack) == ("", "", None)
    assert (bare.bands, bare.change, bare.criteria, bare.safety_rules) == ((), (), (), ())
    assert (bare.cut_off, bare.loinc_panel, bare.loinc_total) == (None, None, None)
    assert bare.norms == Norms(0, 2, Direction.HIGHER)


@pytest.mark.parametrize(("items", "may_be_missing"), [(9, 0), (10, 1), (19, 1), (20, 2)])
def test_a_tenth_may_be_missing_where_the_owner_says_nothing(items: int, may_be_missing: int) -> None:
    keys = [str(number) for number in range(items)]
    scale = {"key": "total", "items": keys, "range": [0, 2 * items]}
    bare = parse_instrument(json.dumps(BARE | {"items": [{"key": key} for key in keys], "scales": [scale]}))
    assert bare.total.max_missing == may_be_missing


def band(low: int, high: int) -> dict[str, Any]:
    return {"low": low, "high": high, "code": "x", "label": "x", "population": "", "source": "", "verified": True}


TOTAL = FULL["scales"][0]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"scales": [FULL["scales"][1]]}, "scales", "no total"),
        ({"scales": [TOTAL | {"items": ["1", "8", "9"]}]}, "scales.total", "8, 9"),
        ({"scales": [TOTAL | {"turned": ["9"]}]}, "scales.total", "9"),
        ({"scales": [TOTAL | {"range": [0, 5]}]}, "scales.total", "0–4"),
        ({"scales": [TOTAL | {"range": [1, 4]}]}, "scales.total", "0–4"),
        (
            {"items": [*FULL["items"], FULL["items"][0]], "wording_sha256": wording_hash("Lately", (*ITEMS, ITEMS[0]))},
            "items",
            "share a key",
        ),
        ({"items": [FULL["items"][0] | {"asked_after": ["8", "9"]}, FULL["items"][1]]}, "items", "8, 9"),
        ({"bands": [band(0, 2), band(2, 4)]}, "bands", "overlap"),
        ({"bands": [band(3, 4), band(0, 2)]}, "bands", "out of order"),
        ({"bands": [band(0, 2), band(4, 3)]}, "bands", "out of order"),
        ({"bands": [band(0, 2), band(3, 3)]}, "bands", "cover"),
        ({"bands": [band(1, 2), band(3, 4)]}, "bands", "cover"),
        ({"safety": [FULL["safety"][0] | {"item": "9"}]}, "safety", "item 9"),
        ({"safety": [FULL["safety"][0] | {"at_least": 2}]}, "safety", "item 1"),
        ({"items": [FULL["items"][0], FULL["items"][1] | {"text": ""}]}, "items", "some have none"),
        ({"direction": "sideways"}, "file", "sideways"),
        ({"title": None, "cut_off": {"value": 8}}, "file", "shape"),
    ],
)
def test_what_does_not_hold_together_is_refused_by_its_part(change: dict[str, Any], field: str, says: str) -> None:
    """A safety rule for an answer that does not exist would never alert; a wrong band names a person wrongly."""
    with pytest.raises(BadInstrument) as refused:
        parse(**change)
    assert refused.value.field == field
    assert says in refused.value.message


def test_a_form_that_asks_nothing_says_that_it_knows_totals_only() -> None:
    nothing = BARE | {"items": [], "scales": [{"key": "total", "items": [], "range": [0, 2]}]}
    with pytest.raises(BadInstrument) as refused:
        parse_instrument(json.dumps(nothing))
    assert refused.value.field == "items"
    assert parse_instrument(json.dumps(nothing | {"total_only": True})).total_only


def test_words_are_the_owners_or_none() -> None:
    with pytest.raises(WordingChanged) as changed:
        parse(stem="Of late")
    assert changed.value.field == "wording_sha256"
    with pytest.raises(WordingMayNotShip) as refused:
        parse(tier=3)
    assert refused.value.field == "items"
    assert parse(tier=2).tier == 2


@pytest.mark.parametrize(("text", "field"), [("{\n\n!", "line 3"), ("[]", "file"), ("{}", "scales")])
def test_a_broken_file_says_where(text: str, field: str) -> None:
    with pytest.raises(BadInstrument) as refused:
        parse_instrument(text)
    assert refused.value.field == field
