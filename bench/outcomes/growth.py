"""The rows of the growth model: regular and irregular attendance, against lme4 and statsmodels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.outcomes import peers
from bench.outcomes.measured import Measured, measured, ours
from bench.outcomes.table import Line

AIMS = {"regular": 100, "irregular": 50}
STATSMODELS_AIM = 1000


def lines(folder: Path, *, quick: bool) -> Iterator[Line]:
    """At 10⁶ rows (quick: 10⁵), with the criterion of both at one θ and at the end of each."""
    rows, r, python = 10**5 if quick else 10**6, peers.rscript(), peers.python()
    for kind, aim in AIMS.items():
        own, data = fitted(folder, kind, rows)
        work = f"mixed model, {kind}: {own.said['rows']:,} rows, {own.said['clients']:,} clients"
        if r:
            theirs = measured(r, peers.HERE / "lme4.R", data)
            note = f"{apart(own, theirs.said['at_ours'])} at one θ, {apart(own, theirs.said['criterion'])} at its end"
            yield Line(work, f"lme4 {theirs.said['version']}", own, theirs, aim, note)
        if kind == "regular":
            theirs = measured(python, peers.HERE / "statsmodels_growth.py", data)
            note = f"{apart(own, theirs.said['criterion'])} at its end"
            yield Line(work, f"statsmodels {theirs.said['version']}", own, theirs, STATSMODELS_AIM, note)


def growing(folder: Path, *, quick: bool) -> Iterator[tuple[str, int, Measured]]:
    """Ours alone, from 10⁴ to 10⁷ rows (quick: 10⁶)."""
    for kind in AIMS:
        for power in range(4, 7 if quick else 8):
            yield f"mixed model, {kind}", 10**power, fitted(folder, kind, 10**power)[0]


def fitted(folder: Path, kind: str, rows: int) -> tuple[Measured, Path]:
    data = folder / f"{kind}-{rows}"
    if not data.exists():  # in a process of its own, so that this one stays small
        subprocess.run([sys.executable, "-m", "bench.outcomes.courses", kind, str(rows), data], check=True)
    return ours("growth", str(data)), data


def apart(own: Measured, criterion: float) -> str:
    return f"criterion {own.said['criterion'] - criterion:+.1e}"
