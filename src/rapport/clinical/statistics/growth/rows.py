"""The same model with any fixed terms, row by row: what changes within a client, or has no slope of its own.

``fixed`` is the whole design matrix X, its constant and its time among the columns; clients differ in level, and in
slope if ``times`` are given. Of each client is kept Z'[X y]; with Q = (D⁻¹ + S)⁻¹ = (D + |D|·adj S)/g::

    [X y]'V⁻¹[X y] = [X y]'[X y] − Σ (Z'[X y])'·Q·(Z'[X y])

which is the criterion of ``profile`` with other features. X is turned into orthonormal columns and y into its residual
first, so that neither units nor origins cost accuracy. Slower than ``fit`` by the columns of X, and needs the rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import checks
from rapport.clinical.statistics.growth.checks import Array
from rapport.clinical.statistics.growth.effects import RandomEffects, departures
from rapport.clinical.statistics.growth.fitting import GrowthFit
from rapport.clinical.statistics.growth.grouping import grouped
from rapport.clinical.statistics.growth.newton import minimise
from rapport.clinical.statistics.growth.patterns import pairs
from rapport.clinical.statistics.growth.profile import Problem
from rapport.clinical.statistics.growth.start import start_of


def fit_rows(
    client_ids: ArrayLike, scores: ArrayLike, fixed: ArrayLike, *, times: ArrayLike | None = None, reml: bool = True
) -> GrowthFit:
    """The most likely β (one per column of ``fixed``), D and σ².

    >>> ids, week = np.repeat(np.arange(6), 3), np.tile(np.arange(3.0), 6)
    >>> at_work = np.array([0, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0])
    >>> scores = [19, 17, 12, 9, 8, 9, 15, 11, 9, 21, 20, 18, 12, 10, 14, 16, 11, 15]
    >>> found = fit_rows(ids, scores, np.column_stack([np.ones(18), week, at_work]))
    >>> [round(one, 2) for one in found.beta.tolist()]
    [16.77, -0.88, -4.45]
    """
    ids, t, y, x = tables(client_ids, scores, fixed, times)
    if len(np.unique(ids)) in (1, len(ids)):
        raise ClinicalError("client_ids", "Nobody has two scores beside others.", "Give several scores of several.")
    columns, root = orthonormal(x)
    start = columns.T @ y / len(y)
    turn = np.eye(2)
    if times is not None:
        spread = float(t.std())
        if spread <= 1e-12 * float(np.abs(t).max()):
            raise ClinicalError("times", "All scores were taken at one time.", "Leave the times out, or give others.")
        turn = np.array([[1.0, 0.0], [-float(t.mean()) / spread, 1 / spread]])
    problem, lines = problem_of_rows(ids, turn[1, 0] + turn[1, 1] * t, columns, y - columns @ start, reml=reml)
    free = 1 if times is None else 3
    found = minimise(problem, free=free, start=start_of(problem, lines, free))
    at, back = found.solution, np.linalg.inv(root)
    lower = turn.T @ np.array([[found.theta[0], 0.0], [found.theta[1], found.theta[2]]])
    criterion = at.value + 2 * float(np.log(np.abs(np.diag(root))).sum()) * reml
    return GrowthFit(
        back @ (at.beta + start), at.sigma2 * (back @ at.inverse @ back.T), at.sigma2 * (lower @ lower.T), at.sigma2,
        criterion, round(float(problem.count.sum())), len(y), found.converged, found.singular, reml, times is not None,
    )  # fmt: skip


def row_effects(
    fit: GrowthFit, client_ids: ArrayLike, scores: ArrayLike, fixed: ArrayLike, *, times: ArrayLike | None = None
) -> RandomEffects:
    """Each client's departure from such a fit."""
    ids, t, y, x = tables(client_ids, scores, fixed, times)
    if x.shape[1] != len(fit.beta):
        raise ClinicalError("fixed", "The fit has other terms.", "Give the columns it was fitted with.")
    left, by = y - x @ fit.beta, grouped(ids)
    return RandomEffects(
        by.ids, *departures(fit, np.stack([by.counts(), by.add(t), by.add(t, t)]), by.add(left), by.add(left, t))
    )


def tables(
    client_ids: ArrayLike, scores: ArrayLike, fixed: ArrayLike, times: ArrayLike | None
) -> tuple[NDArray[Any], Array, Array, Array]:
    """Checked columns; without times, a time of zero."""
    y = checks.column("scores", scores)
    ids, t, y = checks.rows(client_ids, np.zeros(len(y)) if times is None else times, y)
    return ids, t, y, checks.matrix("fixed", fixed, len(y))


def orthonormal(x: Array) -> tuple[Array, Array]:
    """X as Q·R with columns of mean square 1; refuses columns that follow from those before them."""
    q, r = np.linalg.qr(x)
    size = np.linalg.norm(x, axis=0)
    lost = np.flatnonzero(np.abs(np.diag(r)) <= 1e-10 * size)
    if len(x) <= x.shape[1] or lost.size:
        which = f"Column {int(lost[0]) + 1}" if lost.size else "A column"
        raise ClinicalError("fixed", f"{which} follows from the others.", "Leave it out.")
    scale = math.sqrt(len(x))
    return q * scale, r / scale


def problem_of_rows(ids: NDArray[Any], t: Array, x: Array, y: Array, *, reml: bool) -> tuple[Problem, Array]:
    """One pattern per client, and what ``start_of`` asks for: y is the last column."""
    by = grouped(ids)
    joint = [*x.T, y]
    level, trend = [by.add(one) for one in joint], [by.add(one, t) for one in joint]
    a, b, c = by.counts(), by.add(t), by.add(t, t)
    places = list(zip(*pairs(len(joint)), strict=True))
    rows = []
    for i, j in places:
        uu, vv, crossed = level[i] * level[j], trend[i] * trend[j], level[i] * trend[j] + trend[i] * level[j]
        rows += [uu, crossed, vv, c * uu - b * crossed + a * vv]
    expand = np.zeros((5, len(joint), len(joint), len(rows)))
    for place, (i, j) in enumerate(places):
        for k in range(4):
            expand[1 + k, i, j, 4 * place + k] = expand[1 + k, j, i, 4 * place + k] = -1
    table = np.column_stack(joint)
    s = np.stack([a, b, c, a * c - b * b])
    problem = Problem(s, np.ones(len(a)), np.stack(rows), expand, table.T @ table, len(y), reml)
    return problem, np.stack([level[-1], trend[-1], uu, crossed / 2, vv, rows[-1]])
