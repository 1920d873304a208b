"""The band around every later score, given the first: ``band_from_first`` for whole columns.

Without the intake score in the line, the first score y₁ tells of a later one through their covariance::

    w = (D11 + D12·L)/(D11 + σ²)      μ = x'β + w·(y₁ − β0)      v = z'Dz + σ² − w²·(D11 + σ²) + r'V_β r,  r = x − w·x₁
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.reliable_change import Array


def bands_from_first(model: GrowthModel, first_scores: ArrayLike, sessions: ArrayLike) -> tuple[Array, Array]:
    """The expected score and its SD for people who began at these scores, at these sessions.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> bands_from_first(line, [10, 20], [4, 4])[0].round(2).tolist()
    [8.05, 14.21]
    """
    first, line = np.asarray(first_scores, float), np.log(np.asarray(sessions, float))
    (d11, d12), (_, d22) = model.d
    variance = d11 + 2 * line * d12 + line * line * d22 + model.sigma2
    ones = np.ones_like(line)
    if len(model.beta) == 2:
        weight = (d11 + line * d12) / (d11 + model.sigma2)
        rows = np.stack([ones - weight, line])
        expected = model.beta[0] + model.beta[1] * line + weight * (first - model.beta[0])
        variance = variance - weight**2 * (d11 + model.sigma2)
    else:
        x = (first - model.intake_mean) / model.intake_sd
        rows = np.stack([ones, line, x, x * line])
        expected = np.array(model.beta) @ rows
    if model.beta_cov is not None:
        variance = variance + np.einsum("in,ij,jn->n", rows, np.array(model.beta_cov), rows)
    return np.asarray(expected), np.asarray(np.sqrt(variance))
