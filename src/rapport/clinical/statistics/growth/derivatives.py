"""Gradient and curvature of the profiled criterion in the entries of D, exact and in closed form.

With A and g as in ``profile``, r = (−β, 1) and B = A's part of X: ``rss = r'Ar``, so its first derivative is r'A₁r and
its second ``r'A₁₂r − 2·(A₁r)'B⁻¹(A₂r)``; those of log|B| are tr B⁻¹B₁ and ``tr B⁻¹B₁₂ − tr B⁻¹B₁B⁻¹B₂``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.profile import Problem, Solution, coefficients, determinants, solve

BLOCK = 8192
ENTRIES = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
SINGLE = np.array([[1.0], [2.0], [1.0]])


@dataclass(frozen=True, slots=True)
class Local:
    """A solution with gradient (3) and curvature (3, 3) in (d11, d12, d22)."""

    at: Solution
    gradient: Array
    curvature: Array


@dataclass(frozen=True, slots=True)
class Moments:
    """Σ features/g with its derivatives (f, 10 or 4), and Σ log g with its own."""

    features: Array
    log_det: float
    slopes: Array
    bends: Array


def moments_of(problem: Problem, c: Array, *, curved: bool) -> Moments:
    """All of them in one pass, block by block to stay in the processor's cache."""
    features, log_det = np.zeros((len(problem.features), 10 if curved else 4)), 0.0
    slopes, bends = np.zeros(3), np.zeros(6)
    for start in range(0, problem.s.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        s, count = problem.s[:, block], problem.count[block]
        g = determinants(s, c[0])
        log_det += float(count @ np.log(g))
        columns = np.empty((features.shape[1], len(g)))
        h = np.divide(1, g, out=columns[0])
        first = h * (s[:3] * SINGLE + c[1:4, 4:] * s[3])
        np.multiply(first, -h, out=columns[1:4])
        slopes += first @ count
        if curved:
            bends += bent(columns[4:], first, h, s[3]) @ count
        features += problem.features[:, block] @ columns.T
    return Moments(features, log_det, slopes, bends)


def bent(columns: Array, first: Array, h: Array, det: Array) -> Array:
    """Second derivatives of log g; those of 1/g go into ``columns``. Only |D| bends: in d11·d22 and d12²."""
    for place, (i, j) in enumerate(ENTRIES):
        np.multiply(first[i], first[j], out=columns[place])
    second, both = -columns, h * det
    second[2] += both
    second[3] -= 2 * both
    columns -= second
    columns *= h
    return second


def local(problem: Problem, d: Array, known: Array | None = None) -> Local:
    """The criterion with its gradient; its curvature too, unless the ``known`` one of a step before will do."""
    c = coefficients(d)
    moments = moments_of(problem, c, curved=known is None)
    parts = np.einsum("kabf,fm->mkab", problem.expand, moments.features)
    joint = problem.fixed + np.einsum("k,kab->ab", c[0], parts[0])
    first = np.einsum("ik,kab->iab", c[1:4], parts[0]) + np.einsum("k,ikab->iab", c[0], parts[1:4])
    at = solve(problem, joint, moments.log_det)
    gradient = gradient_of(problem, at, first, moments.slopes)
    if known is not None:
        return Local(at, gradient, known)
    second = np.stack([second_of(c, parts, place) for place in range(6)])
    return Local(at, gradient, curvature_of(problem, at, first, second, moments.bends))


def second_of(c: Array, parts: Array, place: int) -> Array:
    """A second derivative of A = Σ c_k·R_k·m by the product rule."""
    i, j = ENTRIES[place]
    weights = np.stack([c[4 + place], c[1 + j], c[1 + i], c[0]])
    return np.asarray(np.einsum("mk,mkab->ab", weights, parts[[0, 1 + i, 1 + j, 4 + place]]), np.float64)


def gradient_of(problem: Problem, at: Solution, first: Array, slopes: Array) -> Array:
    """From the first derivatives of A and of Σ log g."""
    residual = np.append(-at.beta, 1.0)
    gradient: Array = slopes + (first @ residual) @ residual / at.sigma2
    if problem.reml:
        p = problem.p
        gradient += np.einsum("ab,iba->i", at.inverse, first[:, :p, :p])
    return gradient


def curvature_of(problem: Problem, at: Solution, first: Array, second: Array, bends: Array) -> Array:
    """From both derivatives of A and the second ones of Σ log g."""
    p, residual = problem.p, np.append(-at.beta, 1.0)
    pulls = first @ residual
    rss1 = pulls @ residual
    turned = at.inverse @ first[:, :p, :p]
    curvature = np.empty((3, 3))
    for place, (i, j) in enumerate(ENTRIES):
        rss2 = residual @ second[place] @ residual - 2 * pulls[i, :p] @ at.inverse @ pulls[j, :p]
        found = bends[place] + rss2 / at.sigma2 - rss1[i] * rss1[j] / (at.sigma2**2 * problem.freedom)
        if problem.reml:
            found += np.sum(at.inverse * second[place, :p, :p]) - np.sum(turned[i] * turned[j].T)
        curvature[i, j] = curvature[j, i] = found
    return curvature
