"""Tau-U: wins less losses between the phases, less the trend that was there before.

S_AB counts improvements less worsenings over all pairs of A with B, S_A over all pairs within A in their order::

    Tau-U = (S_AB − S_A) / (n_A·n_B)

Parker, Vannest, Davis & Sauber 2011, Behav Ther 42:284–299 ("A vs. B − Trend A"). Its z is Kendall's S against the
order of A reversed with all of B after it, variance with ties. Limits: several statistics of this name exist that are
not equal (dividing by a tau-b denominator gives another number); it can leave [−1, 1]; a long baseline subtracts more.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from rapport.clinical.statistics.single_case.phases import Array, Phases, SingleCaseEffect


def kendall_s(order: Array, scores: Array) -> float:
    """Pairs that rise with the order less pairs that fall.

    >>> kendall_s(np.array([1, 2, 3]), np.array([5, 7, 7]))
    2.0
    """
    steps = np.sign(order[:, np.newaxis] - order) * np.sign(scores[:, np.newaxis] - scores)
    return float(steps.sum() / 2)


def _ties(values: Array) -> tuple[float, float, float]:
    counts = np.unique(values, return_counts=True)[1].astype(float)
    pairs = counts * (counts - 1)
    return (
        float(pairs.sum()),
        float((pairs * (counts - 2)).sum()),
        float((pairs * (2 * counts + 5)).sum()),
    )


def kendall_variance(order: Array, scores: Array) -> float:
    """The variance of S when nothing is going on, with ties in both (Kendall 1970, p. 55)."""
    n = len(scores)
    (t2, t3, t5), (u2, u3, u5) = _ties(order), _ties(scores)
    plain = (n * (n - 1) * (2 * n + 5) - t5 - u5) / 18
    return plain + t2 * u2 / (2 * n * (n - 1)) + (t3 * u3 / (9 * n * (n - 1) * (n - 2)) if n > 2 else 0.0)


@dataclass(frozen=True, slots=True)
class TauU:
    """Tau-U with the counts it is made of; ``s_after`` is the trend within B, not used but worth seeing."""

    value: float
    s_between: float
    s_before: float
    s_after: float
    s_sd: float
    z: float
    p: float
    n_before: int
    n_after: int

    @property
    def effect(self) -> SingleCaseEffect:
        """As the other indices; Parker's Tau-U has no agreed interval."""
        return SingleCaseEffect(
            "Tau-U (Parker 2011)",
            self.value,
            "(S_AB − S_A) / (n_A·n_B)",
            "tau_u_parker/1",
            "Parker, Vannest, Davis & Sauber 2011",
            self.n_before,
            self.n_after,
        )


def tau_u(phases: Phases) -> TauU:
    """Tau-U as Parker et al. 2011.

    >>> round(tau_u(Phases.of([20, 19, 17, 16], [15, 15, 13, 12, 12, 10], "decrease")).value, 2)
    0.75
    """
    before, after = phases.improving()
    m, n = len(before), len(after)
    scores = np.concatenate([before, after])
    s_between = kendall_s(np.repeat([0.0, 1.0], [m, n]), scores)
    s_before, s_after = kendall_s(np.arange(m, dtype=float), before), kendall_s(np.arange(n, dtype=float), after)
    order = np.concatenate([np.arange(m, 0, -1.0), np.full(n, m + 1.0)])
    sd = kendall_variance(order, scores) ** 0.5
    z = (s_between - s_before) / sd if sd > 0 else 0.0
    p = 2 * NormalDist().cdf(-abs(z))
    return TauU((s_between - s_before) / (m * n), s_between, s_before, s_after, sd, z, p, m, n)
