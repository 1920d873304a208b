"""The rows of the growth model: regular and irregular attendance, against lme4 and statsmodels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.outcomes import peers
from bench.outcomes.measured import Measured, measured, ours
from bench.outcomes.table import Line

SIZES = {"quick": 10**5, "full": 10**6}
GROWING = 10**4, 10**5, 10**6, 10**7


def lines(folder: Path, *, quick: bool) -> Iterator[Line]:
    rows = SIZES["quick" if quick else "full"]
    r, python = peers.rscript(), peers.python()
    for kind, aim in (("regular", 100), ("irregular", 50)):
        own, data = fitted(folder, kind, rows)
        work = f"mixed model, {rows:,} rows, {own.said['clients']:,} clients, {kind}"
        if r:
            theirs = measured(r, peers.HERE / "lme4.R", data)
            note = f"criterion {own.said['criterion'] - theirs.said['at_ours']:+.1e} at one θ, "
            note += f"{own.said['criterion'] - theirs.said['criterion']:+.1e} at its end"
            yield Line(work, f"lme4 {theirs.said['version']}", own, theirs, aim, note)
        if kind == "regular":
            theirs = measured(python, peers.HERE / "statsmodels_growth.py", data)
            note = f"criterion {own.said['criterion'] - theirs.said['criterion']:+.1e} at its end"
            yield Line(work, f"statsmodels {theirs.said['version']}", own, theirs, 1000, note)


def growing(folder: Path, *, quick: bool) -> Iterator[tuple[str, int, Measured]]:
    """Ours alone, from 10⁴ to 10⁷ rows."""
    for kind in ("regular", "irregular"):
        for rows in GROWING[: 3 if quick else 4]:
            yield f"mixed model, {kind}", rows, fitted(folder, kind, rows)[0]


def fitted(folder: Path, kind: str, rows: int) -> tuple[Measured, Path]:
    data = folder / f"{kind}-{rows}"
    if not data.exists():
        measured_nothing(kind, rows, data)
    return ours("growth", data), data


def measured_nothing(kind: str, rows: int, data: Path) -> None:
    """The courses, invented in a process of their own, so that this one stays small."""
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "bench.outcomes.courses", kind, str(rows), data], check=True)
