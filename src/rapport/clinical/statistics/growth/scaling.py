"""Time and covariates at mean 0 and spread 1, learned from the sums alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.patterns import PatternSums, full


@dataclass(frozen=True, slots=True)
class Scaling:
    """``z`` turns (1, t) into (1, (t − mean)/spread), ``w`` does the same to (1, covariates)."""

    z: Array
    w: Array

    @property
    def x(self) -> Array:
        return np.asarray(np.kron(self.w, self.z), np.float64)


def scaling_of(sums: PatternSums) -> Scaling:
    """Means and spreads, from the sums alone."""
    n, t, tt = sums.zz @ sums.count
    mean, spread = t / n, math.sqrt(tt / n - (t / n) ** 2)
    z = np.array([[1.0, 0.0], [-mean / spread, 1 / spread]])
    q = sums.n_covariates + 1
    gram = full(sums.gram[:-1].sum(axis=1), q + 2)[:q, :q]
    w = np.eye(q)
    centre, spreads = gram[0] / gram[0, 0], np.sqrt(np.maximum(np.diag(gram) / gram[0, 0], 0))
    for place in range(1, q):
        own = math.sqrt(max(spreads[place] ** 2 - centre[place] ** 2, 0.0))
        if own <= 1e-6 * spreads[place]:
            raise ClinicalError("covariates", f"Covariate {place} is the same for everybody.", "Leave it out.")
        w[place, 0], w[place, place] = -centre[place] / own, 1 / own
    if float(np.linalg.eigvalsh(w @ gram @ w.T / gram[0, 0])[0]) < 1e-10:
        raise ClinicalError("covariates", "One covariate follows from the others.", "Leave one of them out.")
    return Scaling(z, w)
