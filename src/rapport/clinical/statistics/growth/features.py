"""What the criterion adds up over patterns, and where in ``[X y]'V⁻¹[X y]`` each sum belongs.

With client-level covariates X = Z·(w' ⊗ I₂): a pattern needs Σww' times a, b, c and det of S, Σw·u, Σw·adj S·u, Σuu'
and Σu'adj S·u, u = Z'y. The columns of X run (w₁·1, w₁·t, w₂·1, …), y comes last.
"""

from __future__ import annotations

import numpy as np

from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.patterns import PatternSums, pairs
from rapport.clinical.statistics.growth.profile import Problem
from rapport.clinical.statistics.growth.scaling import Scaling


def problem_of(sums: PatternSums, scaling: Scaling, *, reml: bool) -> Problem:
    """Features of each pattern in units of spread: what the criterion divides by g and adds."""
    q = sums.n_covariates + 1
    (_, _), (shift, scale) = scaling.z
    n, t, tt = sums.zz
    a, b = n, shift * n + scale * t
    c = shift * shift * n + 2 * shift * scale * t + scale * scale * tt
    det = scale * scale * (n * tt - t * t)
    turn = np.eye(q + 2)
    turn[:q, :q], turn[q:, q:] = scaling.w, scaling.z
    gram = triangle_map(turn) @ sums.gram[:-1]
    at = {pair: gram[place] for place, pair in enumerate(zip(*pairs(q + 2), strict=True))}
    ww = [at[pair] for pair in zip(*pairs(q), strict=True)]
    rows = [one * by for one in ww for by in (a, b, c, det)]
    for j in range(q):
        u0, u1 = at[j, q], at[j, q + 1]
        rows += [u0, u1, c * u0 - b * u1, a * u1 - b * u0]
    uu, uv, vv = at[q, q], at[q, q + 1], at[q + 1, q + 1]
    rows += [uu, uv, vv, c * uu - 2 * b * uv + a * vv]
    fixed = np.zeros((2 * q + 1, 2 * q + 1))
    fixed[-1, -1] = sums.gram[-1].sum()
    return Problem(np.stack([a, b, c, det]), sums.count, np.stack(rows), expansion(q), fixed, sums.n_scores, reml)


def lines_of(problem: Problem) -> Array:
    """What ``start_of`` asks for, found among these features."""
    q = problem.p // 2
    level = 2 * q * (q + 1)
    return problem.features[[level, level + 1, -4, -3, -2, -1]]


def triangle_map(turn: Array) -> Array:
    """What B does to the upper triangle of H in B·H·B'."""
    rows, columns = pairs(len(turn))
    map_ = turn[rows][:, rows] * turn[columns][:, columns]
    crossed = turn[rows][:, columns] * turn[columns][:, rows]
    return np.asarray(np.where(rows == columns, map_, map_ + crossed))


def expansion(q: int) -> Array:
    """Where each moment goes in [X y]'V⁻¹[X y], times 1, d11, d12, d22 or |D|."""
    size, y = 2 * q + 1, 2 * q
    r = np.zeros((5, size, size, 2 * q * (q + 1) + 4 * q + 4))

    def put(k: int, row: int, column: int, feature: int, sign: float) -> None:
        r[k, row, column, feature] = r[k, column, row, feature] = sign

    feature = 0
    for i, j in zip(*pairs(q), strict=True):
        for x, z in ((i, j), (j, i)):
            put(0, 2 * x, 2 * z, feature, 1)
            put(0, 2 * x, 2 * z + 1, feature + 1, 1)
            put(0, 2 * x + 1, 2 * z + 1, feature + 2, 1)
            put(3, 2 * x, 2 * z, feature + 3, 1)
            put(2, 2 * x, 2 * z + 1, feature + 3, -1)
            put(1, 2 * x + 1, 2 * z + 1, feature + 3, 1)
        feature += 4
    for j in range(q):
        put(0, 2 * j, y, feature, 1)
        put(0, 2 * j + 1, y, feature + 1, 1)
        put(3, 2 * j, y, feature + 2, 1)
        put(2, 2 * j, y, feature + 3, -1)
        put(2, 2 * j + 1, y, feature + 2, -1)
        put(1, 2 * j + 1, y, feature + 3, 1)
        feature += 4
    for place, (k, times) in enumerate(((1, 1), (2, 2), (3, 1), (4, 1))):
        put(k, y, y, feature + place, -times)
    return r
