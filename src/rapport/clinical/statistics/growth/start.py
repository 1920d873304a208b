"""Where to start: D from the spread of each client's own straight line, less what error alone would spread them.

With b = S⁻¹u a client's least-squares line, σ² the pooled variance about those lines and weights that favour clients
seen over a longer time: ``D ≈ cov(b) − σ²·mean(S⁻¹)``. Crude, but of the right size whatever the measure.
"""

from __future__ import annotations

import numpy as np

from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.profile import Problem

ALONE, LEAST, MOST = 1e-9, 1e-3, 1e8


def start_of(problem: Problem, u: Array, free: int) -> Array:
    """(t0, t1, t2) from the sums (u0, u1, u0², u0u1, u1², u'adj S·u) of each pattern."""
    (a, b, c, det), m = problem.s, problem.count
    u0, u1, uu, uv, vv, e = u
    lines = det > ALONE * a * a
    safe = np.where(lines, det, 1.0)
    left = float(problem.fixed[-1, -1] - np.where(lines, e / safe, uu / a).sum())
    freedom = problem.n - float(m @ np.where(lines, 2.0, 1.0))
    if freedom < 1 or left <= 0 or not lines.any():
        return np.array([1.0, 0.0, 0.7 if free > 1 else 0.0])
    sigma2, weight = left / freedom, np.where(lines, det / (det + a), 0.0)
    total = float(weight @ m)
    mean = np.stack([c * u0 - b * u1, a * u1 - b * u0]) @ (weight / safe) / total
    squared = weight / safe**2
    spread = [
        squared @ (c * c * uu - 2 * b * c * uv + b * b * vv),
        squared @ ((a * c + b * b) * uv - b * c * uu - a * b * vv),
        squared @ (b * b * uu - 2 * a * b * uv + a * a * vv),
    ]
    error = [(weight / safe * m) @ one for one in (c, -b, a)]
    d00, d01, d11 = (np.array(spread) / sigma2 - error) / total - np.outer(mean, mean).ravel()[[0, 1, 3]] / sigma2
    return root(np.array([[d00, d01], [d01, d11]]), free)


def root(d: Array, free: int) -> Array:
    """The lower triangle L with LL' = D, its variances held between very small and very large."""
    if free == 1:
        return np.array([np.sqrt(np.clip(d[0, 0], LEAST, MOST)), 0.0, 0.0])
    values, vectors = np.linalg.eigh(d)
    low = max(LEAST, 1e-4 * float(values[-1]))
    lower = np.linalg.cholesky((vectors * np.clip(values, low, MOST)) @ vectors.T)
    return lower[[0, 1, 1], [0, 0, 1]]
