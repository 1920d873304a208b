"""Killed at any moment, a practice has lost nothing it acknowledged, and kept no half of anything (H03, F05)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.config.practice_on_disk import create, run

RUNS = 10


def _writer(home: Path, how: str, runs: int) -> Any:
    create(home / "data")
    done = run([sys.executable, "-m", "tests.faults.writer", str(home / "data"), how, str(runs)])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.fault
def test_a_killed_server_loses_no_answer_and_keeps_no_half(tmp_path: Path) -> None:
    found = _writer(tmp_path, "whole", RUNS)
    assert found["acknowledged"] > RUNS
    assert found["lost"] == []
    assert found["without_alert"] == []
    assert found["alerts_nowhere"] == []
    assert len(set(found["counts"].values())) == 1, found["counts"]
    assert found["integrity"] == "ok"
    assert found["trail"] is None


@pytest.mark.fault
def test_an_alert_in_a_transaction_of_its_own_would_be_noticed(tmp_path: Path) -> None:
    """The control: this harness does see a half write."""
    found = _writer(tmp_path, "apart", 2)
    assert found["without_alert"]
    assert len(set(found["counts"].values())) > 1
