"""docs/security-cases.md promises a test per attack: each of them exists, and no case is left out."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

CASES = {"A": 28, "B": 20, "C": 20, "D": 14, "E": 14, "H": 17, "I": 14, "J": 11}
ROW = re.compile(r"^\| ([A-J]\d\d) \| .+ \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([a-z_/0-9]+)::([a-z_0-9]+)`")


def missing(text: str) -> list[str]:
    """Tests that a table names and nobody wrote, and cases without either a test or a reason."""
    found = []
    for case, kept in ROW.findall(text):
        named = TEST.findall(kept)
        found += [case] if not named and not kept.startswith("Not built: ") else []
        found += [f"{case}: {file}::{test}" for file, test in named if not _is_there(file, test)]
    return found


def _is_there(file: str, test: str) -> bool:
    folder, _, name = file.rpartition("/")
    path = ROOT / "tests" / folder / f"test_{name}.py"
    return path.exists() and f"def test_{test}(" in path.read_text(encoding="utf-8")


def test_every_attack_has_its_test() -> None:
    text = (ROOT / "docs" / "security-cases.md").read_text(encoding="utf-8")
    every = [f"{letter}{number:02}" for letter, most in CASES.items() for number in range(1, most + 1)]
    assert [case for case, _ in ROW.findall(text)] == every
    assert missing(text) == []


def test_a_promise_without_a_test_is_seen() -> None:
    rows = "| A01 | x | `house/security_cases::nobody_wrote_this` |\n| A02 | x | soon |\n| A03 | x | Not built: x |\n"
    assert missing(rows) == ["A01: house/security_cases::nobody_wrote_this", "A02"]
