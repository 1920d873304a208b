"""The row of the service report, and the row of scores that arrive."""

from __future__ import annotations

from collections.abc import Iterator

from bench.outcomes import peers
from bench.outcomes.measured import Measured, measured, ours
from bench.outcomes.table import Line, Rate

MEMORY, UPDATES = 4000, 10**6


def lines(*, quick: bool) -> Iterator[Line]:
    episodes = 10**5 if quick else 10**6
    own = ours("report", str(episodes))
    work = f"service report: {episodes:,} episodes, {own.said['scores']:,} scores"
    for peer in ("polars", "duckdb"):
        theirs = measured(peers.python(), "-m", "bench.outcomes.peers.tables", peer, "report", str(episodes))
        agree = "numbers agree" if theirs.said["numbers"] == own.said["numbers"] else "NUMBERS DIFFER"
        below = "below" if own.peak < MEMORY else "NOT below"
        yield Line(work, theirs.said["version"], own, theirs, 1, f"{agree}; {below} {MEMORY:,} MB")


def growing(*, quick: bool) -> Iterator[tuple[str, int, Measured]]:
    """Ours alone: ten scores an episode."""
    for power in range(3, 6 if quick else 7):
        found = ours("report", str(10**power))
        yield "service report, scores", found.said["scores"], found


def live() -> Rate:
    found = ours("live", "100000")
    return Rate("update of a client's line when a score arrives, 100,000 clients live", found, UPDATES)
