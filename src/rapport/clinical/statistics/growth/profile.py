"""The profiled criterion of the growth model with its exact gradient and curvature in the three entries of D.

With D in units of σ², S = Z'Z = (a b; b c) and u = Z'y, the inverse of a 2 × 2 matrix being its adjugate over its
determinant, each client needs one number, ``g = |I + SD| = 1 + a·d11 + 2b·d12 + c·d22 + |S|·|D|``::

    Z'V⁻¹Z = (S + |S|·adj D)/g
    Z'V⁻¹y = (u + adj D·adj S·u)/g
    y'V⁻¹y = Σy² − (u'Du + |D|·u'adj S·u)/g

So ``A = [X y]'V⁻¹[X y]`` is a sum over clients of fixed features divided by g, times 1, d11, d12, d22 or |D|:
``A = A₀ + Σ_k c_k·R_k·m`` with moments ``m = F·(1/g)``. Derivatives only change 1/g into powers of it: all moments of
one iteration are one matrix product. The criterion is lme4's (Bates et al. 2015, J Stat Softw 67:1, eq. 34 and 39)::

    Σ log g + (N − p)·(1 + log 2π·rss/(N − p)) + log|X'V⁻¹X|      REML
    Σ log g +  N     ·(1 + log 2π·rss/N)                           ML
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array

ALIKE = 1e-7


@dataclass(frozen=True, slots=True)
class Problem:
    """``s``: a, b, c, |S| of each pattern (4, P); ``count`` its clients; ``features`` F (f, P).

    ``expand`` R (5, p + 1, p + 1, f) and ``fixed`` A₀ make the matrix of X and y; ``n`` counts the scores.
    """

    s: Array
    count: Array
    features: Array
    expand: Array
    fixed: Array
    n: int
    reml: bool

    @property
    def p(self) -> int:
        return len(self.fixed) - 1

    @property
    def freedom(self) -> int:
        return self.n - self.p if self.reml else self.n


@dataclass(frozen=True, slots=True)
class Solution:
    """What one D gives: criterion, β, its covariance in units of σ², and σ²."""

    value: float
    beta: Array
    inverse: Array
    sigma2: float


def coefficients(d: Array) -> Array:
    """(1, d11, d12, d22, |D|) and its first and second derivatives, as rows: value, three, six."""
    d11, d12, d22 = d
    rows = np.zeros((10, 5))
    rows[0] = 1, d11, d12, d22, d11 * d22 - d12**2
    rows[1:4, 1:4] = np.eye(3)
    rows[1:4, 4] = d22, -2 * d12, d11
    rows[6, 4], rows[7, 4] = 1, -2
    return rows


def determinants(s: Array, c: Array) -> Array:
    a, b, t, det = s
    g: Array = c[1] * a
    g += 2 * c[2] * b
    g += c[3] * t
    g += c[4] * det
    g += 1
    return g


def value(problem: Problem, d: Array) -> Solution:
    """The criterion alone."""
    g = determinants(problem.s, coefficients(d)[0])
    return solve(problem, *joint_of(problem, d, g))


def joint_of(problem: Problem, d: Array, g: Array) -> tuple[Array, float]:
    """A = [X y]'V⁻¹[X y] and Σ log g."""
    moments = problem.features @ (1 / g)
    joint = problem.fixed + np.einsum("k,kabf,f->ab", coefficients(d)[0], problem.expand, moments)
    return joint, float(problem.count @ np.log(g))


def triangle(information: Array) -> Array:
    """Cholesky's factor of X'V⁻¹X; X comes standardised, so a very small entry means a term without data of its own."""
    with suppress(np.linalg.LinAlgError):
        lower = np.linalg.cholesky(information)
        size = np.diag(lower)
        if size.min() > ALIKE * size.max():
            return np.asarray(lower, np.float64)
    raise ClinicalError("covariates", "The fixed terms cannot be told apart.", "Leave out a covariate with few scores.")


def solve(problem: Problem, joint: Array, log_det: float) -> Solution:
    """β, σ² and the criterion from A = [X y]'V⁻¹[X y] and Σ log g."""
    p, freedom = problem.p, problem.freedom
    lower = triangle(joint[:p, :p])
    half = np.linalg.inv(lower)
    inverse = half.T @ half
    beta = inverse @ joint[:p, p]
    rss = float(joint[p, p] - joint[:p, p] @ beta)
    if rss <= 1e-13 * float(problem.fixed[p, p]):
        raise ClinicalError("scores", "The scores lie on the line without any error.", "Give scores as measured.")
    found = log_det + freedom * (1 + math.log(2 * math.pi * rss / freedom))
    if problem.reml:
        found += 2 * float(np.log(np.diag(lower)).sum())
    return Solution(found, beta, inverse, rss / freedom)
