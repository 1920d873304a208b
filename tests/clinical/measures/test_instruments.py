"""What ships: verbatim wording, licences, packs, and what the loader refuses."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from rapport.clinical.measures import registry
from rapport.clinical.measures.instrument import ChangeKind, ChangeRule, wording_hash
from rapport.clinical.measures.loading import BadInstrument, WordingChanged, WordingMayNotShip, parse_instrument
from rapport.clinical.measures.registry import (
    UnknownInstrument,
    available_packs,
    instruments,
    licence_text,
    load_instrument,
)

SHELF = files("rapport.clinical.measures").joinpath("instruments")

PINNED = {
    "asq": "82bc2d303235",
    "audit_c": "7a5161a5aa92",
    "core10": "a7072a7c8080",
    "gad7": "b22cc2044741",
    "goal": "c97169622bdc",
    "k10": "341a74127279",
    "pcl5": "60c973a5ab79",
    "phq15": "dfb03a790561",
    "phq2": "b4b8b6d95f67",
    "phq4": "c5f6ba61434f",
    "phq8": "57b36c10fc12",
    "phq9": "e46eb88f2bea",
    "pswq": "0f0eeee751f7",
    "wellbeing_slider": "e6256015b6f7",
    "who5": "83f660342ec8",
}


def raw(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(SHELF.joinpath(name, "en", "instrument.json").read_text("utf-8"))
    return data


def test_a_pack_is_found_only_when_installed() -> None:
    assert available_packs() == ("core10", "k10", "pswq", "who5")
    assert "who5" not in {one.id for one in instruments()}
    assert "who5" in {one.id for one in instruments(packs={"who5"})}
    with pytest.raises(UnknownInstrument):
        load_instrument("who5")
    assert load_instrument("who5", packs={"who5"}).pack == "who5"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shelf of one's own with a copy of the GAD-7 on it."""
    monkeypatch.setattr(registry, "files", lambda _package: tmp_path)
    folder = tmp_path / "instruments" / "gad7" / "en"
    folder.mkdir(parents=True)
    for name in ("instrument.json", "LICENCE"):
        (folder / name).write_text(SHELF.joinpath("gad7", "en", name).read_text("utf-8"), "utf-8")
    for cached in (registry._folders, registry._read):
        cached.cache_clear()
    yield folder
    for cached in (registry._folders, registry._read):
        cached.cache_clear()


def test_a_shelf_holds_folders_and_nothing_else(shelf: Path) -> None:
    (shelf.parent.parent / "notes.txt").write_text("no instrument", "utf-8")
    (shelf.parent.parent / "__pycache__").mkdir()
    (shelf.parents[2] / "packs").mkdir()
    assert [(one.id, one.pack) for one in instruments()] == [("gad7", None)]


def test_without_its_owners_terms_nothing_is_given_out(shelf: Path) -> None:
    (shelf / "LICENCE").unlink()
    with pytest.raises(BadInstrument) as refused:
        load_instrument("gad7")
    assert refused.value.field == "licence"


def test_an_instrument_lies_under_its_own_name(shelf: Path) -> None:
    (shelf / "instrument.json").write_text(json.dumps(raw("phq9")), "utf-8")
    with pytest.raises(BadInstrument) as refused:
        load_instrument("gad7")
    assert refused.value.field == "id"


def test_what_ships_with_rapport_is_of_no_pack() -> None:
    assert {one.pack for one in instruments()} == {None}


def test_no_such_language() -> None:
    with pytest.raises(UnknownInstrument):
        load_instrument("phq9", "tlh")


@pytest.mark.parametrize("instrument", instruments(packs=available_packs()), ids=lambda one: one.id)
def test_everything_that_ships_has_terms_and_is_whole(instrument: Any) -> None:
    assert licence_text(instrument).strip()
    assert instrument.attribution
    assert instrument.source
    if instrument.tier >= 3:
        assert not instrument.can_be_asked
        assert instrument.stem == ""
    for one in (*instrument.bands, *instrument.change, *instrument.criteria):
        assert one.source
    assert all(band.population and band.from_age == 18 for band in instrument.bands)
    if "NC" in instrument.licence or "non-commercial" in instrument.licence.lower():
        assert instrument.nc_interpretation
    assert instrument.can_be_asked == (instrument.id in PINNED)
    assert not instrument.can_be_asked or instrument.tier < 2 or instrument.pack


def test_anchors_of_gad7_are_the_owners() -> None:
    labels = [option.label for option in load_instrument("gad7").items[0].options]
    assert labels == ["Not at all", "Several days", "More than half the days", "Nearly every day"]


def test_wording_is_pinned() -> None:
    pinned = {
        one.id: wording_hash(one.stem, one.items)[:12]
        for one in instruments(packs=available_packs())
        if one.can_be_asked
    }
    assert pinned == PINNED


def test_values_from_memory_say_so() -> None:
    phq9, who5 = load_instrument("phq9"), load_instrument("who5", packs={"who5"})
    reliable = phq9.change_value(ChangeKind.RELIABLE, ChangeRule.NHS)
    important = phq9.change_value(ChangeKind.IMPORTANT)
    assert reliable is not None
    assert (reliable.value, reliable.verified) == (6, True)
    assert important is not None
    assert not important.verified
    assert not phq9.norms.verified
    assert not who5.norms.verified
    assert not load_instrument("hrsd").norms.verified


def test_own_scales_claim_nothing() -> None:
    for name in ("wellbeing_slider", "goal"):
        own = load_instrument(name)
        assert not own.validated
        assert (own.bands, own.cut_off, own.change, own.norms.reliability) == ((), None, (), None)
        assert (own.low, own.high) == (0, 10)


def test_panel_and_total_codes_are_not_the_same() -> None:
    phq9 = load_instrument("phq9")
    assert phq9.loinc_panel is not None
    assert phq9.loinc_total is not None
    assert (phq9.loinc_panel.code, phq9.loinc_total.code) == ("44249-1", "44261-6")


def test_skeletons_have_numbers_and_no_words() -> None:
    isi = load_instrument("isi")
    assert (isi.is_skeleton, isi.can_be_asked, len(isi.items)) == (True, False, 7)
    assert {option.label for item in isi.items for option in item.options} == {""}


def test_a_skeleton_with_one_word_is_refused() -> None:
    data = raw("isi")
    with pytest.raises(WordingMayNotShip):
        parse_instrument(json.dumps(data | {"stem": "A word"}))
    with pytest.raises(WordingMayNotShip):
        parse_instrument(json.dumps(data | {"answers": [{"value": 0, "label": "Never"}, {"value": 4, "label": ""}]}))


def test_one_changed_word_is_refused() -> None:
    data = raw("gad7")
    data["items"][0]["text"] = "Feeling a bit nervous"
    with pytest.raises(WordingChanged):
        parse_instrument(json.dumps(data))


def test_wording_of_tier_three_is_refused() -> None:
    with pytest.raises(WordingMayNotShip):
        parse_instrument(json.dumps(raw("gad7") | {"tier": 3}))


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "sideways"},
        {"scales": []},
        {"scales": [{"key": "total", "items": ["1", "99"], "range": [0, 6]}]},
        {"scales": [{"key": "total", "items": ["1"], "range": [0, 21]}]},
        {"bands": [{"low": 0, "high": 4, "code": "x", "label": "x", "population": "", "source": "", "verified": True}]},
        {"safety": [{"item": "12", "at_least": 1, "severity": "act_today", "code": "x"}]},
        {"safety": [{"item": "1", "at_least": 7, "severity": "act_today", "code": "x"}]},
        {"norms": {"reliability": "high"}},
        {
            "norms": {},
            "items": [{"key": "1"}, {"key": "2", "text": "x"}],
            "scales": [{"key": "total", "items": ["1"], "range": [0, 3]}],
        },
        {
            "criteria": [
                {
                    "code": "x",
                    "label": "x",
                    "source": "x",
                    "verified": True,
                    "groups": [{"items": ["99"], "at_least": 1}],
                }
            ]
        },
        {"cut_off": {"value": 8}},
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInstrument):
        parse_instrument(json.dumps(raw("gad7") | change))


def test_not_even_json() -> None:
    with pytest.raises(BadInstrument):
        parse_instrument("{")
    with pytest.raises(BadInstrument):
        parse_instrument("[]")
    data = raw("gad7")
    del data["title"]
    with pytest.raises(BadInstrument) as refused:
        parse_instrument(json.dumps(data))
    assert refused.value.field == "title"
