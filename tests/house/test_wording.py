"""The wording of instruments whose owners do not let others pass it on is nowhere in the tree.

What must not be here cannot be listed here either: `protected_wording.json` holds fingerprints of six words in a row,
and of the two such a run begins with, so that most of a text is passed over quickly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from hashlib import blake2s
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.house.sources import ROOT, SRC

READ = {".py", ".html", ".json", ".md", ".toml", ".txt", ".po", ".csv", ".js"}
PLACES = ("src", "docs", "tests", "bench")
IN_A_ROW = 6
NOT_SHIPPED = 3  # the first tier whose wording stays with its owner
WORDS = re.compile(r"[a-z]+")


def fingerprint(words: list[str]) -> str:
    return blake2s(" ".join(words).encode(), digest_size=8).hexdigest()


@cache
def known() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((ROOT / "tests" / "house" / "protected_wording.json").read_text("utf-8"))
    return data


@cache
def runs() -> dict[str, str]:
    """Fingerprint of a run → instrument."""
    return {run: name for name, prints in known()["runs"].items() for run in prints}


@cache
def heads() -> set[str]:
    return set(known()["heads"])


@cache
def begins(pair: tuple[str, str]) -> bool:
    return fingerprint([*pair]) in heads()


def found_in(text: str) -> set[str]:
    """The instruments whose words stand in a text."""
    words = WORDS.findall(text.lower())
    places = [place for place, pair in enumerate(pairwise(words)) if begins(pair)]
    prints = (fingerprint(words[place : place + IN_A_ROW]) for place in places)
    return {runs()[one] for one in prints if one in runs()}


def files(root: Path) -> Iterator[Path]:
    for place in PLACES:
        yield from (path for path in (root / place).rglob("*") if path.suffix in READ and path.is_file())


def with_words(data: dict[str, Any]) -> list[str]:
    """What a definition says to a person: nothing, if its tier says so."""
    said = [data.get(key, "") for key in ("stem", "low_label", "high_label")]
    for one in [data, *data.get("items", ())]:
        said.append(one.get("text", ""))
        answers = one.get("answers", ())
        said += [answer["label"] for answer in answers if "label" in answer] if isinstance(answers, list) else []
    return [words for words in said if words]


def definitions(root: Path) -> list[Path]:
    return sorted(root.rglob("instrument.json"))


def wordy_definitions(root: Path) -> list[str]:
    read = {path: json.loads(path.read_text("utf-8")) for path in definitions(root)}
    return [data["id"] for data in read.values() if data["tier"] >= NOT_SHIPPED and with_words(data)]


def test_no_definition_of_tier_three_or_four_has_words() -> None:
    assert len(definitions(SRC)) > 20
    assert wordy_definitions(SRC) == []


def test_no_protected_wording_is_anywhere() -> None:
    here = {path: found_in(path.read_text("utf-8", errors="ignore")) for path in files(ROOT)}
    assert {str(path.relative_to(ROOT)): sorted(names) for path, names in here.items() if names} == {}


@pytest.mark.parametrize("more", [{"items": [{"key": "1", "text": "A word"}]}, {"stem": "A word"}])
def test_a_word_in_a_skeleton_would_be_found(tmp_path: Path, more: dict[str, Any]) -> None:
    skeleton = json.loads((SRC / "clinical/measures/instruments/isi/en/instrument.json").read_text("utf-8"))
    (tmp_path / "instrument.json").write_text(json.dumps(skeleton | more), "utf-8")
    assert wordy_definitions(tmp_path) == ["isi"]


def test_protected_words_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "the owner keeps all these words"
    assert found_in(f"x = 'Here, {secret}!'") == set()
    monkeypatch.setitem(runs(), fingerprint(secret.split()), "an instrument")
    heads().add(fingerprint(secret.split()[:2]))
    begins.cache_clear()
    assert found_in(f"x = 'Here, {secret.upper()}!'") == {"an instrument"}
