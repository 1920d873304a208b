"""Do small studies differ from large ones: Egger's regression, and trim and fill.

Egger (Egger et al. 1997, BMJ 315:629–634): weighted regression of y on its standard error, t of the slope with k − 2
df; asked from 10 studies on. Trim and fill (Duval & Tweedie 2000, Biometrics 56:455–463), estimator L₀: trim the side
that sticks out until the middle is symmetric, mirror what was trimmed, pool again.

Limits: small studies may differ for other reasons than being published selectively; trim and fill is a what-if and
performs badly when studies truly differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata, t

from rapport.clinical.statistics.meta_analysis.heterogeneity import Estimator
from rapport.clinical.statistics.meta_analysis.pooling import Pooled, Uncertainty, pool, studies
from rapport.clinical.statistics.sample import Array, NoSpread, TooFew

FEWEST = 10
FEWEST_TO_TRIM = 3
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Egger:
    """The slope on the standard error with its test."""

    slope: float
    t: float
    df: int
    p: float


def egger(estimates: ArrayLike, variances: ArrayLike, *, least: int = FEWEST) -> Egger:
    """Test for a small-study slope.

    >>> found = egger([0.9, 0.8, 0.7, 0.5, 0.4, 0.35, 0.3, 0.3, 0.25, 0.2], [0.2, 0.18, 0.1, 0.08, 0.05] * 2)
    >>> found.df
    8
    """
    data = studies(estimates, variances)
    if data.y.size < least:
        raise TooFew(
            "estimates", f"{data.y.size} studies say nothing about asymmetry.", f"At least {least} are needed."
        )
    _of_several_sizes(data.v)
    x, weights = np.column_stack([np.ones(data.y.size), np.sqrt(data.v)]), 1 / data.v
    inverse = np.linalg.inv((x * weights[:, None]).T @ x)
    b = inverse @ (x.T @ (weights * data.y))
    df = data.y.size - 2
    dispersion = float((weights * (data.y - x @ b) ** 2).sum()) / df
    if dispersion == 0:
        raise NoSpread("estimates", "The studies lie on one line.", "Without scatter there is nothing to test against.")
    statistic = float(b[1] / np.sqrt(inverse[1, 1] * dispersion))
    return Egger(float(b[1]), statistic, df, float(2 * t.sf(abs(statistic), df)))


def _of_several_sizes(v: Array) -> None:
    if np.ptp(v) == 0:
        raise NoSpread("variances", "Every study is of the same size.", "Without small ones there is none to compare.")


class Side(StrEnum):
    """Where studies are missing."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class TrimFill:
    """How many studies seem to be missing, where, and the estimate with them filled in."""

    missing: int
    side: Side
    filled: Pooled


def trim_and_fill(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    estimator: Estimator = Estimator.DERSIMONIAN_LAIRD,
    test: Uncertainty = Uncertainty.Z,
) -> TrimFill:
    """Fill in what an asymmetric funnel seems to lack.

    >>> trim_and_fill([0.1, 0.2, 0.3, 0.9], [0.01, 0.02, 0.05, 0.2]).side.value
    'left'
    """
    data = studies(estimates, variances)
    _of_several_sizes(data.v)
    if data.y.size < FEWEST_TO_TRIM:
        raise TooFew("estimates", f"{data.y.size} studies have no two sides.", f"At least {FEWEST_TO_TRIM} are needed.")
    slope = pool(
        data.y, data.v, covariates=np.sqrt(data.v)[:, None], estimator=estimator, test=Uncertainty.Z
    ).coefficients[1]
    side, sign = (Side.RIGHT, -1.0) if slope < 0 else (Side.LEFT, 1.0)
    order = np.argsort(sign * data.y, kind="stable")
    y, v = sign * data.y[order], data.v[order]
    k, trimmed, before, middle = y.size, 0, -1, 0.0
    for _ in range(ROUNDS):
        if trimmed == before or k - trimmed < 2:
            break
        before = trimmed
        middle = pool(y[: k - trimmed], v[: k - trimmed], estimator=estimator, test=Uncertainty.Z).estimate
        apart = y - middle
        ranks = rankdata(np.abs(apart), method="ordinal")
        above = float(ranks[apart > 0].sum())
        trimmed = max(0, round((4 * above - k * (k + 1)) / (2 * k - 1)))
    mirrored = 2 * middle - y[k - trimmed :]
    whole = sign * np.concatenate([y, mirrored])
    return TrimFill(trimmed, side, pool(whole, np.concatenate([v, v[k - trimmed :]]), estimator=estimator, test=test))
