"""Fit the growth line: restricted or plain maximum likelihood from second-level statistics.

Model, w = (1, covariates) of the client, z = (1, t), ⊗ pairs each covariate with level and slope::

    y = Σ_j w_j·(β_j0 + β_j1·t) + b0 + b1·t + e      b ~ N(0, D),  e ~ N(0, σ²)

β comes as (β_00, β_01, β_10, β_11, …): intercept, slope, then the effect of each covariate on both. The arithmetic is
done with time and covariates at mean 0 and spread 1, then turned back: neither unit nor origin costs accuracy.

Laird & Ware 1982, Biometrics 38:963–974; criterion and D are those of lme4. Limits: errors are taken as normal, of one
size and independent given the client; scores missing at random given the scores before.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.features import lines_of, problem_of
from rapport.clinical.statistics.growth.newton import Optimum, minimise
from rapport.clinical.statistics.growth.patterns import PatternSums, patterns_of
from rapport.clinical.statistics.growth.scaling import Scaling, scaling_of
from rapport.clinical.statistics.growth.start import start_of
from rapport.clinical.statistics.growth.sums import GrowthStatistics

MANY, SAMPLE = 20_000, 4_000


@dataclass(frozen=True, slots=True)
class GrowthFit:
    """The line (β, its covariance), how clients differ (D), the error σ², and −2·log-likelihood (``criterion``)."""

    beta: Array
    beta_cov: Array
    d: Array
    sigma2: float
    criterion: float
    n_clients: int
    n_scores: int
    converged: bool
    singular: bool
    reml: bool = True
    slope: bool = True

    @property
    def beta_se(self) -> Array:
        return np.asarray(np.sqrt(np.diag(self.beta_cov)), np.float64)

    @property
    def aic(self) -> float:
        """Criterion plus twice the number of parameters: β, one or three of D, σ²."""
        return self.criterion + 2 * (len(self.beta) + (3 if self.slope else 1) + 1)


def fit(statistics: GrowthStatistics | PatternSums, *, reml: bool = True, slope: bool = True) -> GrowthFit:
    """The most likely line, D and σ²; with ``slope=False`` clients differ in level only.

    A fit with a variance of zero (or a correlation of ±1) is a legal result and says ``singular``.

    >>> from rapport.clinical.statistics.growth.sums import statistics_of
    >>> ids, times = np.repeat(np.arange(6), 4), np.tile(np.arange(4.0), 6)
    >>> scores = [9, 8, 7, 4, 12, 11, 9, 9, 8, 8, 5, 5, 15, 12, 11, 9, 10, 9, 9, 7, 7, 7, 5, 2]
    >>> found = fit(statistics_of(ids, times, scores), slope=False)
    >>> [round(one, 3) for one in found.beta.tolist()], found.singular
    ([10.35, -1.4], False)
    """
    sums = statistics if isinstance(statistics, PatternSums) else patterns_of(statistics)
    enough(sums, slope=slope)
    scaling, free = scaling_of(sums), 3 if slope else 1
    problem = problem_of(sums, scaling, reml=reml)
    few = problem if sums.zz.shape[1] <= MANY else problem_of(sampled(sums), scaling, reml=reml)
    start = start_of(few, lines_of(few), free)
    if few is not problem:
        with suppress(ClinicalError):  # a rare covariate may be missing from the sample
            start = minimise(few, free=free, start=start).theta
    found = minimise(problem, free=free, start=start)
    return in_own_units(sums, scaling, found, reml=reml, slope=slope)


def sampled(sums: PatternSums) -> PatternSums:
    """Each so-manieth of very many patterns: where they lead, few steps over all of them finish."""
    part = slice(None, None, sums.zz.shape[1] // SAMPLE)
    zz, gram = sums.zz[:, part], sums.gram[:, part]
    return PatternSums(zz, gram, sums.origin, sums.n_covariates, round(float(zz[0] @ gram[0])))


def enough(sums: PatternSums, *, slope: bool) -> None:
    """Refuse what cannot tell the parts of the model from each other, and say why."""
    n, t, tt = sums.zz @ sums.count
    if n < 2:
        raise ClinicalError("scores", "There is only one score.", "Give several scores of several clients.")
    if tt * n - t * t <= 1e-12 * tt * n:
        raise ClinicalError("times", "All scores were taken at one time.", "Give scores of several sessions.")
    if sums.gram[-1].sum() <= 1e-24 * n * max(1.0, sums.origin**2):
        raise ClinicalError("scores", "All scores are the same.", "A constant has no course; check the column.")
    if sums.n_clients < 2:
        raise ClinicalError("client_ids", "There is only one client.", "Give the scores of several clients.")
    if sums.zz[0].max() <= 1 + slope:
        least = "three" if slope else "two"
        raise ClinicalError("scores", f"No client has {least} scores.", f"Wait until some clients have {least}.")


def in_own_units(sums: PatternSums, scaling: Scaling, found: Optimum, *, reml: bool, slope: bool) -> GrowthFit:
    """Back to the units of the times, covariates and scores that were given."""
    x, at = scaling.x, found.solution
    beta = x.T @ at.beta
    beta[0] += sums.origin
    lower = np.array([[found.theta[0], 0.0], [found.theta[1], found.theta[2]]])
    root = scaling.z.T @ lower
    criterion = at.value - 2 * float(np.log(np.diag(x)).sum()) * reml
    return GrowthFit(
        beta, at.sigma2 * (x.T @ at.inverse @ x), at.sigma2 * (root @ root.T), at.sigma2, criterion,
        sums.n_clients, sums.n_scores, found.converged, found.singular, reml, slope,
    )  # fmt: skip
