"""What the bench prints: a line per piece of work and peer, the ratio, and whether the aim was met."""

from __future__ import annotations

from dataclasses import dataclass

from bench.outcomes.measured import Measured


@dataclass(frozen=True, slots=True)
class Line:
    """``aim`` is how many times as fast as the peer we mean to be; below 1 for a limit that nobody can pass."""

    work: str
    peer: str
    ours: Measured
    theirs: Measured
    aim: float
    note: str = ""

    def __str__(self) -> str:
        ratio, processor = self.theirs.seconds / self.ours.seconds, self.theirs.processor / self.ours.processor
        met = "met" if ratio >= self.aim else "NOT met"
        return (
            f"| {self.work} | {self.peer} | {seconds(self.ours)} | {seconds(self.theirs)} | **{ratio:,.3g} ×** "
            f"({processor:,.3g} ×) | {self.aim:g} ×, {met} | {self.ours.peak:,.0f} | {self.theirs.peak:,.0f} "
            f"| {self.note} |"
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """Something without a peer: so many a second."""

    work: str
    ours: Measured
    aim: float

    def __str__(self) -> str:
        rate = self.ours.said["per_second"]
        met = "met" if rate >= self.aim else "NOT met"
        aim = f"{self.aim:,.0f} a second, {met}"
        start = f"| {self.work} | – | {seconds(self.ours)} | – | **{rate:,.3g} a second** | {aim} "
        return start + f"| {self.ours.peak:,.0f} | – | |"


def seconds(of: Measured) -> str:
    return f"{of.seconds:.3g} ({of.processor:.3g})"


HEAD = (
    "| work | peer | ours, s (processor) | theirs, s (processor) | ratio | aim | ours, MB | theirs, MB | agreement |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
GROWTH = "| work | rows | seconds (processor) | per million rows, s | peak, MB |\n|---|---|---|---|---|"


def grown(work: str, rows: int, found: Measured) -> str:
    return f"| {work} | {rows:,} | {seconds(found)} | {found.seconds / rows * 1e6:.3g} | {found.peak:,.0f} |"
