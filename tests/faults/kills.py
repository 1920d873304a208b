"""Killed at any moment, a practice has lost nothing and kept no half: `python -m tests.faults.kills RUNS [SEED]`.

Django is set up once; each run forks a child that works and says through a pipe what is now kept. It is killed with
SIGKILL a random moment later, and the record is read again. How long a step takes on this machine is measured first, so
that a kill may fall anywhere in it.
At the end faults are put in on purpose: the harness must notice each.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.config.practice_on_disk import create
from tests.faults.figures import show
from tests.faults.ground import Ground, activate, bring_up, close_connections
from tests.faults.killer import Say, killed

SEED = 20260302
MOST_WORDS = {"backups": 1, "imports": 1, "key renewals": 1}  # the slow ones; eight of the others


def campaign(home: Path, runs: int, seed: int) -> dict[str, Any]:
    """So many runs, spread over every kind of work; what was said, and what was wrong when it was read again."""
    create(home / "data")
    activate(home / "data")
    start = time.monotonic()
    ground = bring_up(home / "data")
    brought_up = time.monotonic() - start
    from tests.faults import again, migrating
    from tests.faults.work import WORK

    takes = {kind: _seconds(work.step, ground) for kind, work in WORK.items()}
    takes[migrating.KIND] = brought_up / 3  # each goes on where the one before it was killed
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    said: Counter[str] = Counter()
    told, found = [], []
    for run in range(runs):
        kind = list(takes)[run % len(takes)]
        count, after = chance.randint(0, MOST_WORDS.get(kind, 8)), chance.uniform(0.0, 1.2 * takes[kind])
        close_connections()
        if kind == migrating.KIND:
            words, problems = migrating.run(home, after)
        else:
            words = killed(_for_ever(WORK[kind].step, ground), words=count, after=after)
            told += _told(words)
            problems = [*again.lost(_told(words)), *again.halves(WORK[kind])]
        said[kind] += len(words)
        found += [f"run {run}, {kind}: {problem}" for problem in problems]
    found += migrating.finish(home)
    found += again.everything(ground, WORK.values(), told)
    return {"runs": runs, "seed": seed, "said": dict(said), "found": found, "controls": _controls(ground)}


def _controls(ground: Ground) -> dict[str, str]:
    """Each fault put in on purpose, and how it was noticed ("" if it was not)."""
    from tests.faults import again
    from tests.faults.controls import CONTROLS
    from tests.faults.work import WORK

    noticed, before = {}, set()
    for name, (kind, fault, expected) in CONTROLS.items():
        close_connections()
        told = _told(killed(partial(fault, WORK[kind].step, ground), words=9, after=0.0))
        after = set(again.everything(ground, WORK.values(), told))
        noticed[name] = next((problem for problem in sorted(after - before) if problem.startswith(expected)), "")
        before = after
    return noticed


def _seconds(step: Any, ground: Ground) -> float:
    start = time.monotonic()
    step(ground)
    return time.monotonic() - start


def _for_ever(step: Any, ground: Ground) -> Callable[[Say], None]:
    def work(say: Say) -> None:
        while True:
            say(step(ground))

    return work


def _told(words: list[Any]) -> list[Any]:
    return [fact for word in words for fact in word if isinstance(fact, list)]


def main() -> None:
    """Run it and show its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("runs", type=int)
    asked.add_argument("seed", type=int, nargs="?", default=SEED)
    given = asked.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rapport-kills-") as home:
        done = campaign(Path(home), given.runs, given.seed)
    done["seconds"] = round(time.monotonic() - start)
    missed = [name for name, noticed in done["controls"].items() if not noticed]
    rows: list[tuple[str, object]] = [
        ("kills", f"{given.runs}, seed {given.seed}, {done['seconds']} s"),
        *((f"said before the kill: {kind}", count) for kind, count in done["said"].items()),
        ("lost, half done or broken", done["found"] or "nothing"),
        ("faults put in on purpose", f"{len(done['controls'])}, unnoticed: {missed or 'none'}"),
    ]
    show("Kills", rows, done, good=not done["found"] and not missed)


if __name__ == "__main__":
    main()
