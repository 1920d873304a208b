"""Moves, upgrades and single acts, killed at as many steps as one likes: `python -m tests.faults.moving [COUNT]`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import NoReturn

import pytest
from tests.faults.figures import show
from tests.faults.stopping import KILLS

HERE = Path(__file__).parent


class Tally:
    """Counts how the tests went."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and "killed" in report.nodeid:
            self.count[report.outcome] += 1


def main(count: int) -> NoReturn:
    """Run the campaigns with their controls, COUNT kills each."""
    os.environ[KILLS] = str(count)
    tally = Tally()
    files = [str(HERE / f"test_{name}.py") for name in ("move", "upgrade", "stopped_act")]
    code = pytest.main(["-q", *files], plugins=[tally])
    rows = [("tests with a kill", tally.count.total()), ("whole afterwards", tally.count["passed"])]
    show("Moves, upgrades, single acts", rows, {"kills": count, **tally.count}, good=code == 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
