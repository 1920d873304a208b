"""Each client's own departure from the line: best linear unbiased predictions and their covariances.

``b̂ = (D⁻¹ + Z'Z/σ²)⁻¹·Z'(y − Xβ)/σ²`` and that inverse as covariance (Laird & Ware 1982, eq. 3.1), for all clients at
once and without inverting D, so that a singular one will do: ``(D⁻¹ + S)⁻¹ = (D + |D|·adj S)/g``. The covariance is
that of b given β, D and σ², lme4's ``condVar``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.fitting import GrowthFit
from rapport.clinical.statistics.growth.sums import TT, TY, GrowthStatistics, N, T, Y, statistics_of


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """Departures (level, slope) of each client ``ids``: ``mean`` (n, 2) with ``cov`` (n, 2, 2)."""

    ids: NDArray[Any]
    mean: Array
    cov: Array


def random_effects(
    fit: GrowthFit, client_ids: ArrayLike, times: ArrayLike, scores: ArrayLike, covariates: ArrayLike | None = None
) -> RandomEffects:
    """The departures of these clients, whether or not the line was fitted on them; one score is enough."""
    return effects_of(fit, statistics_of(client_ids, times, scores, covariates))


def effects_of(fit: GrowthFit, statistics: GrowthStatistics) -> RandomEffects:
    """The same from sums that are at hand."""
    if 2 * (statistics.covariates.shape[1] + 1) != len(fit.beta):
        raise ClinicalError("covariates", "The line has other covariates.", "Give those it was fitted with.")
    level, trend = expected_lines(fit, statistics)
    n, t, tt = zz = statistics.sums[[N, T, TT]]
    left = statistics.sums[Y] - level * n - trend * t, statistics.sums[TY] - level * t - trend * tt
    return RandomEffects(statistics.ids, *departures(fit, zz, *left))


def departures(fit: GrowthFit, zz: Array, left0: Array, left1: Array) -> tuple[Array, Array]:
    """Mean (n, 2) and covariance (n, 2, 2) of b from n, Σt, Σt² and the sums of r and t·r, r what the line leaves."""
    n, t, tt = zz
    (d11, d12), (_, d22) = (fit.d / fit.sigma2).tolist()
    det_d = d11 * d22 - d12 * d12
    g = 1 + d11 * n + 2 * d12 * t + d22 * tt + det_d * (n * tt - t * t)
    p00, p01, p11 = (d11 + det_d * tt) / g, (d12 - det_d * t) / g, (d22 + det_d * n) / g
    mean = np.stack([p00 * left0 + p01 * left1, p01 * left0 + p11 * left1], axis=1)
    cov = fit.sigma2 * np.stack([p00, p01, p01, p11], axis=1).reshape(-1, 2, 2)
    return mean, cov


def expected_lines(fit: GrowthFit, statistics: GrowthStatistics) -> tuple[Array, Array]:
    """Level and slope to be expected of each client, of scores less their origin."""
    own = fit.beta.reshape(-1, 2)
    level, trend = own[0][:, None] + own[1:].T @ statistics.covariates.T
    return level - statistics.origin, trend
