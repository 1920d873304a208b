"""The report: the score of each part is reached, and whatever went unnoticed has its reason."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from tests.mutation.mutants import modules_of, spelled
from tests.mutation.parts import AIM, PARTS
from tests.mutation.report import REPORT


def test_every_part_was_judged_and_reached_its_score() -> None:
    sections = dict(re.findall(r"^## (\w+): ([\d.]+)%$", REPORT.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(sections) == set(PARTS)
    assert all(float(score) >= 100 * AIM for score in sections.values()), sections


def test_whatever_went_unnoticed_has_its_reason() -> None:
    assert "not answered" not in REPORT.read_text(encoding="utf-8")


def test_every_module_and_every_test_of_a_part_exists() -> None:
    for part in PARTS.values():
        assert {str(module).partition("src/rapport/")[2] for module in modules_of(part)} >= {part.control[0]}
        assert part.control[1] in part.tests
        assert all((REPORT.parents[1] / test).exists() for test in part.tests)


def test_a_decorated_function_means_the_same_spelled_as_a_call(tmp_path: Path) -> None:
    written = "@once\n@also(1)\ndef f():\n    return 1\n\nclass A:\n    @property\n    def b(self):\n        return 2\n"
    module = tmp_path / "spelled.py"
    module.write_text(spelled(written), encoding="utf-8")
    known = {"once": lambda function: ("once", function()), "also": lambda _: lambda function: function}
    found = runpy.run_path(str(module), init_globals=known)
    assert "@" not in spelled(written)
    assert found["f"] == ("once", 1)
    assert found["A"]().b == 2
    kept = "class A:\n    @classmethod\n    def c(cls):\n        return 3\n"
    assert spelled(kept) == kept
