"""The power fails while the disk still holds back, tears and reorders what it was given (G02, G03)."""

from __future__ import annotations

import json
import random
import sys
from typing import Any

import pytest
from tests.config.practice_on_disk import run
from tests.faults.power.disk import STYLES, Disk
from tests.faults.power.tape import Gone, Made, Shortened, Synced, Wrote

CUTS = 30
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("power cuts")]


@pytest.fixture(scope="module")
def found() -> Any:
    """One campaign; `make faults` runs a longer one. It fails if anything was lost, half done or corrupt."""
    done = run([sys.executable, "-m", "tests.faults.power.cuts", str(CUTS)], timeout=1800)
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_practice_whose_power_failed_is_whole_and_has_lost_nothing(found: Any) -> None:
    assert found["own"]["found"] == []
    assert sum(found["own"]["tried"].values()) == CUTS
    assert {"migrations", "key renewals", "VACUUM", "checkpoints", "copies for a backup"} <= set(found["own"]["tried"])


def test_a_practice_that_does_not_wait_for_the_disk_would_be_noticed(found: Any) -> None:
    """The controls: without syncs it is corrupt, with syncs at checkpoints only it has lost what it acknowledged."""
    assert found["OFF"]["faults"]["corrupt"]
    assert found["NORMAL"]["faults"]["lost"]
    assert "corrupt" not in found["NORMAL"]["faults"]


def played(*entries: object) -> Disk:
    disk = Disk({"kept": b"a" * 1024}, {"kept": 1})
    for number, entry in enumerate(entries):
        disk.play(number, entry)
    return disk


def every_outcome(disk: Disk) -> list[dict[str, bytes]]:
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    return [disk.after_a_cut(style, chance) for style in STYLES for _ in range(60)]


def test_what_was_synced_is_on_the_disk_whatever_happens() -> None:
    disk = played(Wrote(1, 0, b"b" * 700), Synced(1, False), Made("log", 2), Wrote(2, 0, b"c"), Synced(2, True))
    assert all(each == {"kept": b"b" * 700 + b"a" * 324, "log": b"c"} for each in every_outcome(disk))


def test_what_was_not_synced_is_dropped_torn_and_reordered_by_sectors() -> None:
    outcomes = {each["kept"] for each in every_outcome(played(Wrote(1, 0, b"b" * 1024), Wrote(1, 0, b"c" * 512)))}
    assert outcomes == {first * 512 + second * 512 for first in (b"a", b"b", b"c") for second in (b"a", b"b")}


def test_a_name_that_was_not_synced_may_be_missing_or_still_be_there() -> None:
    outcomes = every_outcome(played(Made("log", 2), Wrote(2, 0, b"c"), Synced(2, False), Gone("kept", False)))
    assert {frozenset(each) for each in outcomes} == {
        frozenset(names) for names in (["kept"], ["kept", "log"], ["log"], [])
    }


def test_what_followed_a_truncation_is_not_seen_without_it() -> None:
    outcomes = {each["kept"] for each in every_outcome(played(Shortened(1, 0), Wrote(1, 0, b"new")))}
    assert outcomes == {b"a" * 1024, b"", b"new", b"\0\0\0"}
