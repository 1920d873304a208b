"""Power cuts, as many as wanted: `python -m tests.faults.power.cuts CUTS [SEED]`.

Real work is done once and its SQL kept. The SQL is played again with the settings of the practice while a tape runs; at
a random place of the tape the power fails, the disk is left with what it may have, and the practice is opened again.
The same with `synchronous` set to OFF and to NORMAL shows that the harness sees what it should see.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.config.practice_on_disk import create
from tests.faults.figures import show
from tests.faults.ground import Ground, activate, bring_up

SEED = 20260302
ROUNDS, STEPS, FEWEST = 3, 4, 40
CONTROLS = ("OFF", "NORMAL")


def the_script(home: Path) -> Any:
    """The SQL of a practice that is founded, brought up, worked in and looked after."""
    create(home / "data")
    activate(home / "data")
    from tests.faults.power.script import Chapter, recorded

    with recorded() as script:
        script.append(Chapter("migrations"))
        ground = bring_up(home / "data")
        _live(ground, script)
    return script


def _live(ground: Ground, script: Any) -> None:
    from django.db import connections
    from tests.faults.power.script import Chapter, Copy
    from tests.faults.work import WORK

    for _ in range(ROUNDS):
        for kind in ("answers", "notes", "bookings", "signatures", "imports", "key renewals"):
            script.append(Chapter(kind))
            for _ in range(STEPS if kind != "key renewals" else 1):
                WORK[kind].step(ground)
        for name, sql in (("VACUUM", "VACUUM"), ("checkpoints", "PRAGMA wal_checkpoint(TRUNCATE)")):
            script.append(Chapter(name))
            for connection in connections.all():
                connection.cursor().execute(sql)
        script.append(Chapter("copies for a backup"))
        script.extend(Copy(store) for store in ("default", "keys"))


def tape_of(script: Any, home: Path, synchronous: str | None) -> Any:
    """Play the script and keep the tape."""
    from tests.faults.power.replay import Player
    from tests.faults.power.tape import Tape

    home.mkdir()
    tape = Tape()
    player = Player(home, tape, synchronous)
    player.play(script)
    player.close()
    return tape


def places(tape: Any, cuts: int, chance: random.Random) -> list[tuple[int, str]]:
    """Where the power fails: every kind of work as often, rare ones too."""
    from tests.faults.power.tape import Phase

    phases: dict[str, list[int]] = {}
    name = "migrations"
    for number, entry in enumerate(tape.entries):
        name = entry.name if isinstance(entry, Phase) else name
        phases.setdefault(name, []).append(number + 1)
    names = list(phases)
    chosen = [names[cut % len(names)] for cut in range(cuts)]
    return sorted((chance.choice(phases[name]), name) for name in chosen)


def cut(tape: Any, home: Path, cuts: int, seed: int) -> dict[str, Any]:
    """Let the power fail so many times; per kind of work how often, and every fault that was found."""
    from tests.faults.power.disk import STYLES, Disk
    from tests.faults.power.judge import Expected, judged

    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    disk, expected, played = Disk({}, {}), Expected(), 0
    tried: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    found = []
    for place, phase in places(tape, cuts, chance):
        for number in range(played, place):
            disk.play(number, tape.entries[number])
            expected.play(tape.entries[number])
        played, style = place, chance.choice(STYLES)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        for name, content in disk.after_a_cut(style, chance).items():
            (home / name).write_bytes(content)
        faulty = dict(judged(home, expected))
        tried[phase] += 1
        faults.update(list(faulty))
        found += [f"{phase}, at {place}, {style}: {kind} {what}" for kind, what in faulty.items()]
    shutil.rmtree(home, ignore_errors=True)
    return {"cuts": cuts, "tried": dict(tried), "faults": dict(faults), "found": found}


def campaign(home: Path, cuts: int, seed: int, control_cuts: int) -> dict[str, Any]:
    """The practice's own settings, then both controls."""
    script = the_script(home)
    own = tape_of(script, home / "own", None)
    done: dict[str, Any] = {"seed": seed, "statements": len(script), "entries": len(own.entries)}
    done["own"] = cut(own, home / "cut", cuts, seed)
    for synchronous in CONTROLS:
        done[synchronous] = cut(tape_of(script, home / synchronous, synchronous), home / "cut", control_cuts, seed)
    return done


def main() -> None:
    """Run it and show its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("cuts", type=int)
    asked.add_argument("seed", type=int, nargs="?", default=SEED)
    given = asked.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rapport-power-") as home:
        done = campaign(Path(home), given.cuts, given.seed, max(FEWEST, given.cuts // 10))
    done["seconds"] = round(time.monotonic() - start)
    own, off, normal = (done[each] for each in ("own", *CONTROLS))
    for control in (off, normal):
        control["found"] = control["found"][:3]
    rows: list[tuple[str, object]] = [
        ("cuts", f"{given.cuts}, seed {given.seed}, {done['seconds']} s"),
        ("played", f"{done['statements']} statements, {done['entries']} things done to files"),
        *((f"cut during: {phase}", count) for phase, count in own["tried"].items()),
        ("lost, half done or corrupt", own["found"] or "nothing"),
        *((f"control {name}, {done[name]['cuts']} cuts", done[name]["faults"]) for name in CONTROLS),
    ]
    noticed = off["faults"].get("corrupt") and normal["faults"].get("lost")
    show("Power cuts", rows, done, good=not own["found"] and bool(noticed))


if __name__ == "__main__":
    main()
