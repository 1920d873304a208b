"""What the bench prints: one line per piece of work and peer, the ratio, and whether the aim was met."""

from __future__ import annotations

from dataclasses import dataclass

from bench.outcomes.measured import Measured


@dataclass(frozen=True, slots=True)
class Line:
    """``aim`` is how many times faster than the peer we mean to be; below 1 for a limit nobody can pass."""

    work: str
    peer: str
    ours: Measured
    theirs: Measured
    aim: float
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.theirs.seconds / self.ours.seconds

    def __str__(self) -> str:
        met = "met" if self.ratio >= self.aim else "NOT met"
        return (
            f"{self.work}\n    against {self.peer}: ours {self.ours.seconds:.4g} s, {self.ours.peak:,.0f} MB; theirs "
            f"{self.theirs.seconds:.4g} s, {self.theirs.peak:,.0f} MB; {self.ratio:,.4g} x (aim {self.aim:g} x, {met})"
            + (f"\n    {self.note}" if self.note else "")
        )
