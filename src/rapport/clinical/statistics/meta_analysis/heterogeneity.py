"""τ², the variance between studies, by seven estimators; with covariates (meta-regression) or without.

yᵢ estimates with known sampling variances vᵢ, X the design (a column of ones without covariates), k studies, p columns,
``P = W − WX(X'WX)⁻¹X'W`` for weights W::

    DL    (y'Py − (k − p)) / tr P,  W = 1/v                  DerSimonian & Laird 1986, Control Clin Trials 7:177–188
    HE    (y'My − tr(MV)) / (k − p),  M the unweighted P     Hedges & Olkin 1985
    SJ    τ₀²·y'Py/(k − p),  W = 1/(v + τ₀²), τ₀² = Σ(y − ȳ)²/k          Sidik & Jonkman 2005
    PM    the τ² at which y'Py = k − p                       Paule & Mandel 1982
    ML, REML   the highest likelihood, never below 0         Hardy & Thompson 1996; Raudenbush 2009
    FE    no variance between studies

Units: squared units of y. Limits: with few studies τ² is hardly known, whatever the estimator; look at its interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import brentq

from rapport.clinical.statistics.sample import Array

GRID = 60


class Estimator(StrEnum):
    """How τ² is estimated."""

    FIXED = "FE"
    DERSIMONIAN_LAIRD = "DL"
    HEDGES = "HE"
    SIDIK_JONKMAN = "SJ"
    PAULE_MANDEL = "PM"
    ML = "ML"
    REML = "REML"


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """τ² with its standard error (None for FE)."""

    tau2: float
    se: float | None


def projection(weights: Array, x: Array) -> Array:
    """P, which takes out of y what the design explains."""
    wx = x * weights[:, None]
    return np.asarray(np.diag(weights) - wx @ np.linalg.inv(x.T @ wx) @ wx.T)


def heterogeneity(y: Array, v: Array, x: Array, estimator: Estimator) -> Heterogeneity:
    """Estimate τ²; see the module for the formulas."""
    if estimator is Estimator.FIXED:
        return Heterogeneity(0.0, None)
    if estimator is Estimator.PAULE_MANDEL:
        return _paule_mandel(y, v, x)
    if estimator in (Estimator.ML, Estimator.REML):
        return _likelihood(y, v, x, restricted=estimator is Estimator.REML)
    return _moments(y, v, x, estimator)


def _moments(y: Array, v: Array, x: Array, estimator: Estimator) -> Heterogeneity:
    """The three closed forms ``scale·y'Py − shift``; their variance is that of a quadratic form of normal values."""
    df = y.size - x.shape[1]
    if estimator is Estimator.DERSIMONIAN_LAIRD:
        p = projection(1 / v, x)
        scale, shift = 1 / float(np.trace(p)), df / float(np.trace(p))
    elif estimator is Estimator.HEDGES:
        p = projection(np.ones_like(v), x)
        scale, shift = 1 / df, float((np.diag(p) * v).sum()) / df
    else:
        start = float(((y - y.mean()) ** 2).mean())
        p = projection(1 / (v + start), x)
        scale, shift = start / df, 0.0
    tau2 = max(0.0, scale * float(y @ p @ y) - shift)
    pv = p * v
    spread = 2 * float((pv * pv.T).sum()) + 4 * tau2 * float((pv * p).sum()) + 2 * tau2**2 * float((p * p).sum())
    return Heterogeneity(tau2, scale * math.sqrt(spread))


def generalised_q(tau2: float, y: Array, v: Array, x: Array) -> float:
    """y'Py at a τ²: falls as τ² grows, and follows χ² with k − p df at the true one."""
    return max(0.0, float(y @ projection(1 / (v + tau2), x) @ y))  # rounding puts it below 0 where studies agree


def where_q_is(target: float, y: Array, v: Array, x: Array) -> float:
    """The τ² at which the generalised Q has a value; 0 where it is lower even there."""
    if generalised_q(0.0, y, v, x) <= target:
        return 0.0
    high = float(np.var(y)) + float(v.max())
    while generalised_q(high, y, v, x) > target:
        high *= 2
    return float(brentq(lambda tau2: generalised_q(tau2, y, v, x) - target, 0.0, high, xtol=1e-14, rtol=1e-14))


def _paule_mandel(y: Array, v: Array, x: Array) -> Heterogeneity:
    """The standard error is that of the equivalent empirical Bayes estimate (Morris 1983): √(2k²/(k − p)) / Σw."""
    df = y.size - x.shape[1]
    tau2 = where_q_is(df, y, v, x)
    return Heterogeneity(tau2, math.sqrt(2 * y.size**2 / df) / float((1 / (v + tau2)).sum()))


def _likelihood(y: Array, v: Array, x: Array, *, restricted: bool) -> Heterogeneity:
    """The highest point of the likelihood: the best of a grid, then the place beside it where the slope is zero.

    Scoring alone can go to and fro for ever with a handful of studies. The standard error is that of scoring.
    """
    high = 10 * (float(np.ptp(y)) ** 2 + float(v.max()))
    grid = np.concatenate([[0.0], np.geomspace(float(v.min()) * 1e-4, high, GRID)])
    best = int(np.argmax([_log_likelihood(one, y, v, x, restricted=restricted) for one in grid.tolist()]))
    low, top = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, GRID)])
    tau2 = float(grid[best])
    if _slope(low, y, v, x, restricted=restricted) > 0 > _slope(top, y, v, x, restricted=restricted):
        tau2 = float(brentq(lambda one: _slope(one, y, v, x, restricted=restricted), low, top, xtol=1e-15, rtol=1e-14))
    weights = 1 / (v + tau2)
    information = float((projection(weights, x) ** 2).sum()) if restricted else float((weights**2).sum())
    return Heterogeneity(tau2, math.sqrt(2 / information))


def _log_likelihood(tau2: float, y: Array, v: Array, x: Array, *, restricted: bool) -> float:
    """Up to a constant."""
    weights = 1 / (v + tau2)
    found = float(np.log(weights).sum()) - generalised_q(tau2, y, v, x)
    return found - float(np.linalg.slogdet((x * weights[:, None]).T @ x)[1]) if restricted else found


def _slope(tau2: float, y: Array, v: Array, x: Array, *, restricted: bool) -> float:
    weights = 1 / (v + tau2)
    p = projection(weights, x)
    py = p @ y
    return float(py @ py) - (float(np.trace(p)) if restricted else float(weights.sum()))
