"""Killed at any moment, a practice has lost nothing it acknowledged, and kept no half of anything (G01, F05, H03)."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from tests.config.practice_on_disk import run

RUNS = 50
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("kills")]


@pytest.fixture(scope="module")
def found() -> Any:
    """One campaign; `make faults` runs a longer one."""
    done = run([sys.executable, "-m", "tests.faults.kills", str(RUNS)], timeout=1800)
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_killed_practice_loses_nothing_it_said_and_keeps_no_half(found: Any) -> None:
    assert found["found"] == []
    assert found["runs"] == RUNS
    assert sum(found["said"].values()) > RUNS


def test_every_fault_put_in_on_purpose_is_noticed(found: Any) -> None:
    assert len(found["controls"]) >= 6
    assert [name for name, noticed in found["controls"].items() if not noticed] == []
