"""Clients within therapists: the growth line with a level of the therapist's own.

::

    y = Xβ + b0 + b1·t + u + e      u ~ N(0, τ²) shared by all clients of a therapist

With V of the clients as in ``profile`` and 1 the constant, each therapist needs k = Σ 1'V⁻¹1 and r = Σ 1'V⁻¹[X y] over
their clients (τ² in units of σ²); then, by the matrix inversion lemma once more::

    [X y]'V*⁻¹[X y] = [X y]'V⁻¹[X y] − Σ r'r·τ²/(1 + τ²k)      log|V*| = log|V| + Σ log(1 + τ²k)
    û = τ²·(r_y − r_X·β)/(1 + τ²k),   variance σ²·τ²/(1 + τ²k)

The same as lme4's ``y ~ t + (t | client) + (1 | therapist)``. Four variances are few enough for differences of the
criterion instead of its derivatives. Limits: a client belongs to one therapist; therapists do not differ in slope.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.effects import RandomEffects, effects_of
from rapport.clinical.statistics.growth.features import lines_of, problem_of
from rapport.clinical.statistics.growth.fitting import GrowthFit, enough, in_own_units
from rapport.clinical.statistics.growth.grouping import Runs, Scattered, grouped
from rapport.clinical.statistics.growth.newton import SINGULAR, Optimum, entries, newton_step
from rapport.clinical.statistics.growth.patterns import each_alone
from rapport.clinical.statistics.growth.profile import (
    Problem,
    Solution,
    coefficients,
    determinants,
    joint_of,
    solve,
)
from rapport.clinical.statistics.growth.scaling import scaling_of
from rapport.clinical.statistics.growth.start import start_of
from rapport.clinical.statistics.growth.sums import TY, GrowthStatistics, N, T, Y

STEPS, NEAR, DELTA = 40, 1e-8, 1e-3


@dataclass(frozen=True, slots=True)
class TherapistFit:
    """The line with what clients differ in (``line``), τ², and each therapist's level with its SD."""

    line: GrowthFit
    tau2: float
    therapists: NDArray[Any]
    level: Array
    sd: Array
    code: NDArray[np.intp]

    def client_effects(self, statistics: GrowthStatistics) -> RandomEffects:
        """Each client's departure from their therapist's line; the covariance knows that this line is uncertain."""
        if statistics.n_clients != len(self.code):
            raise ClinicalError("statistics", "These are other clients.", "Give those the line was fitted on.")
        n, t = statistics.sums[[N, T]]
        own = self.level[self.code]
        sums = statistics.sums.copy()
        sums[Y], sums[TY] = sums[Y] - own * n, sums[TY] - own * t
        found = effects_of(self.line, replace(statistics, sums=sums))
        taken = np.einsum("nij,nj->ni", found.cov, np.stack([n, t], axis=1)) / self.line.sigma2
        cov = found.cov + taken[:, :, None] * taken[:, None, :] * (self.sd[self.code] ** 2)[:, None, None]
        return RandomEffects(found.ids, found.mean, cov)


@dataclass(frozen=True, slots=True)
class Nested:
    """The problem of the clients and who their therapists are."""

    problem: Problem
    by: Runs | Scattered
    covariates: int

    def shared(self, theta: Array) -> tuple[Array, Array, float]:
        """r of each therapist (p + 1, therapists); A and log|V| of the clients."""
        d, q, f = entries(theta[:3]), self.covariates + 1, self.problem.features
        g = determinants(self.problem.s, coefficients(d)[0])
        rows = []
        for j in range(q):
            a, b, _, det = f[4 * j : 4 * j + 4]
            rows += [a + d[2] * det, b - d[1] * det]
        u0, _, v0, v1 = f[2 * q * (q + 1) : 2 * q * (q + 1) + 4]
        rows.append(u0 + d[2] * v0 - d[1] * v1)
        return (np.stack([self.by.add(row / g) for row in rows]), *joint_of(self.problem, d, g))

    def solution(self, theta: Array) -> Solution:
        """β, σ² and the criterion at (t0, t1, t2, τ)."""
        r, joint, log_det = self.shared(theta)
        grown = 1 + theta[3] ** 2 * r[0]
        joint = joint - (r * (theta[3] ** 2 / grown)) @ r.T
        return solve(self.problem, joint, log_det + float(np.log(grown).sum()))


def fit_within_therapists(
    statistics: GrowthStatistics, therapists: ArrayLike, *, reml: bool = True, slope: bool = True
) -> TherapistFit:
    """``therapists`` holds one for each client, in the order of ``statistics.ids``."""
    who = np.asarray(therapists)
    if who.shape != statistics.ids.shape:
        raise ClinicalError("therapists", "This is not one therapist per client.", "Follow statistics.ids.")
    by = grouped(who)
    if not 1 < len(by.ids) < len(who):
        raise ClinicalError("therapists", "There is nothing to compare.", "Give several therapists of several clients.")
    sums = each_alone(statistics)
    enough(sums, slope=slope)
    scaling = scaling_of(sums)
    nested = Nested(problem_of(sums, scaling, reml=reml), by, sums.n_covariates)
    theta, found, converged = minimised(nested, free=(0, 1, 2, 3) if slope else (0, 3))
    tidy = np.array([abs(theta[0]), theta[1] * np.sign(theta[0] or 1), abs(theta[2]), abs(theta[3])])
    singular = bool((tidy[[0, 2, 3] if slope else [0, 3]] < SINGULAR).any())
    line = in_own_units(sums, scaling, Optimum(tidy[:3], found, converged, singular, 0), reml=reml, slope=slope)
    r, tau2 = nested.shared(tidy)[0], tidy[3] ** 2
    level = tau2 * (r[-1] - r[:-1].T @ found.beta) / (1 + tau2 * r[0])
    sd = np.sqrt(found.sigma2 * tau2 / (1 + tau2 * r[0]))
    return TherapistFit(line, float(tau2 * found.sigma2), by.ids, level, sd, by.codes())


def minimised(nested: Nested, free: tuple[int, ...]) -> tuple[Array, Solution, bool]:
    """Newton's method by differences, each step checked."""
    theta = np.array([*start_of(nested.problem, lines_of(nested.problem), len(free) - 1), 0.5])
    here = nested.solution(theta)
    for _ in range(STEPS):
        step, fall = newton_step(*differences(nested, theta, free, here.value))
        whole = np.zeros(4)
        whole[list(free)] = step
        for halving in range(30):
            there = nested.solution(theta + whole / 2**halving)
            if there.value <= here.value:
                theta, here = theta + whole / 2**halving, there
                break
        else:
            return theta, here, fall < 1e-4
        if fall < NEAR:
            return theta, here, True
    return theta, here, False


def differences(nested: Nested, theta: Array, free: tuple[int, ...], middle: float) -> tuple[Array, Array]:
    """Gradient and curvature by central differences of the criterion."""
    steps = np.eye(4)[list(free)] * DELTA

    def at(move: Array) -> float:
        return nested.solution(theta + move).value

    up, down = np.array([at(one) for one in steps]), np.array([at(-one) for one in steps])
    curvature = np.diag(up + down - 2 * middle)
    for i in range(len(free)):
        for j in range(i):
            crossed = at(steps[i] + steps[j]) + at(-steps[i] - steps[j]) - up[i] - down[i] - up[j] - down[j]
            curvature[i, j] = curvature[j, i] = (crossed + 2 * middle) / 2
    return (up - down) / (2 * DELTA), curvature / DELTA**2
