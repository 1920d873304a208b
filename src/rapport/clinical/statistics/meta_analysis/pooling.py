"""One estimate out of many: fixed or random effects, covariates or none.

``β = (X'WX)⁻¹X'Wy`` with ``wᵢ = 1/(vᵢ + τ²)``; two tests::

    z      SE from (X'WX)⁻¹, normal
    HKSJ   SE·√q with q = y'Py/(k − p), t with k − p df    Hartung & Knapp 2001, Stat Med 20:3875; Sidik & Jonkman 2002

The default below 20 studies is HKSJ. q is not truncated; ``ad hoc`` takes max(1, q), which a report must say.

``I² = τ²/(τ² + s²)``, s² the typical sampling variance (Higgins & Thompson 2002); for FE from Q. Prediction interval:
where the true effect of a new study would lie, two kinds that differ in the quantile::

    HTS       t with k − 2 df     Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137–159; k ≥ 3
    metafor   z, or t with k − p df under HKSJ: the R package's

Units: those of y. Limits: random effects weigh small studies up; the prediction interval, not the mean, says what to
expect elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, t

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.statistics.meta_analysis.heterogeneity import (
    Estimator,
    generalised_q,
    heterogeneity,
    projection,
    where_q_is,
)
from rapport.clinical.statistics.sample import Array, NoSpread, TooFew, column, design, same_length

SMALL = 20


class Uncertainty(StrEnum):
    """How uncertainty of the estimate is measured."""

    Z = "z"
    HKSJ = "hksj"
    HKSJ_AD_HOC = "hksj_ad_hoc"


class PredictionKind(StrEnum):
    """Which quantile a prediction interval takes."""

    HTS = "hts"
    METAFOR = "metafor"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A fitted model. ``q`` and ``q_p`` test whether studies differ by more than sampling (fixed weights)."""

    k: int
    estimator: Estimator
    test: Uncertainty
    coefficients: Array
    se: Array
    statistics: Array
    p: Array
    low: Array
    high: Array
    tau2: float
    tau2_se: float | None
    i2: float
    h2: float
    q: float
    q_p: float
    confidence: float

    @property
    def estimate(self) -> float:
        """The pooled estimate (the constant, where there are covariates)."""
        return float(self.coefficients[0])

    @property
    def interval(self) -> tuple[float, float]:
        return float(self.low[0]), float(self.high[0])

    def prediction(self, kind: PredictionKind = PredictionKind.HTS) -> tuple[float, float]:
        """Where the true effect of a new study would lie; needs a model without covariates."""
        if self.coefficients.size > 1:
            raise OutOfRange("covariates", "A model with covariates predicts for a given study.", "Leave them out.")
        df: float | None = self.k - 2
        if kind is PredictionKind.METAFOR:
            df = None if self.test is Uncertainty.Z else self.k - 1
        if df is not None and df < 1:
            raise TooFew("k", f"{self.k} studies predict nothing.", "At least 3 are needed.")
        half = _quantile(self.confidence, df) * math.sqrt(self.tau2 + float(self.se[0]) ** 2)
        return self.estimate - half, self.estimate + half


def _quantile(confidence: float, df: float | None) -> float:
    share = 1 - (1 - confidence) / 2
    return NormalDist().inv_cdf(share) if df is None else float(t.ppf(share, df))


@dataclass(frozen=True, slots=True)
class Studies:
    """Checked columns, and the design with its constant."""

    y: Array
    v: Array
    x: Array


def studies(estimates: ArrayLike, variances: ArrayLike, covariates: ArrayLike | None = None) -> Studies:
    """Check the columns; one row per study."""
    y, v = column("estimates", estimates, least=2), column("variances", variances)
    same_length(estimates=y, variances=v)
    if (v <= 0).any():
        raise OutOfRange("variances", "A sampling variance is above zero.", "Give squared standard errors.")
    x = np.ones((y.size, 1))
    if covariates is not None:
        x = np.column_stack([x, design("covariates", covariates, y.size)])
    if y.size <= x.shape[1]:
        raise TooFew("estimates", f"{y.size} studies given.", "Give more studies than coefficients.")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise NoSpread("covariates", "A covariate is constant or follows from others.", "Leave it out.")
    return Studies(y, v, x)


def pool(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    estimator: Estimator = Estimator.REML,
    test: Uncertainty | None = None,
    confidence: float = 0.95,
) -> Pooled:
    """Fit the model.

    >>> found = pool([0.10, 0.30, 0.35, 0.65], [0.03, 0.02, 0.05, 0.01], estimator=Estimator.DERSIMONIAN_LAIRD)
    >>> round(found.estimate, 4), round(found.tau2, 4)
    (0.3725, 0.0476)
    """
    data = studies(estimates, variances, covariates)
    _confident(confidence)
    y, v, x = data.y, data.v, data.x
    chosen = test or (Uncertainty.HKSJ if y.size < SMALL else Uncertainty.Z)
    spread = heterogeneity(y, v, x, estimator)
    weights = 1 / (v + spread.tau2)
    covariance = np.linalg.inv((x * weights[:, None]).T @ x)
    b = covariance @ (x.T @ (weights * y))
    df = y.size - x.shape[1]
    inflation = 1.0
    if chosen is not Uncertainty.Z:
        inflation = generalised_q(spread.tau2, y, v, x) / df
        inflation = max(1.0, inflation) if chosen is Uncertainty.HKSJ_AD_HOC else inflation
    se = np.sqrt(np.diag(covariance) * inflation)
    with np.errstate(divide="ignore", invalid="ignore"):  # studies that agree wholly leave no error
        statistics = b / se
    half = _quantile(confidence, None if chosen is Uncertainty.Z else df) * se
    q = generalised_q(0.0, y, v, x)
    i2, h2 = _inconsistency(spread.tau2, q, v, x, estimator)
    return Pooled(
        k=y.size, estimator=estimator, test=chosen, coefficients=b, se=se, statistics=statistics,
        p=_p_values(statistics, None if chosen is Uncertainty.Z else df), low=b - half, high=b + half, tau2=spread.tau2,
        tau2_se=spread.se, i2=i2, h2=h2, q=q, q_p=float(chi2.sf(q, df)), confidence=confidence,
    )  # fmt: skip


def _confident(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise OutOfRange("confidence", "A confidence lies between 0 and 1.", "Give for example 0.95.")


def _p_values(statistics: Array, df: float | None) -> Array:
    if df is None:
        return np.array([math.erfc(abs(one) / math.sqrt(2)) for one in statistics.tolist()])
    return np.asarray(2 * t.sf(np.abs(statistics), df), np.float64)


def _typical(v: Array, x: Array) -> float:
    """s²: the sampling variance of a typical study."""
    return float((v.size - x.shape[1]) / np.trace(projection(1 / v, x)))


def _inconsistency(tau2: float, q: float, v: Array, x: Array, estimator: Estimator) -> tuple[float, float]:
    df = v.size - x.shape[1]
    if estimator is Estimator.FIXED:
        return (max(0.0, 100 * (q - df) / q) if q else 0.0), q / df
    typical = _typical(v, x)
    return 100 * tau2 / (tau2 + typical), tau2 / typical + 1


def inconsistency_from_q(found: Pooled) -> float:
    """I² in per cent as first defined, ``(Q − df)/Q`` (Higgins & Thompson 2002), which many papers report."""
    df = found.k - found.coefficients.size
    return max(0.0, 100 * (found.q - df) / found.q) if found.q else 0.0


@dataclass(frozen=True, slots=True)
class SpreadInterval:
    """Intervals of τ² and, with it, of I²."""

    tau2: tuple[float, float]
    i2: tuple[float, float]


def q_profile(
    estimates: ArrayLike, variances: ArrayLike, *, covariates: ArrayLike | None = None, confidence: float = 0.95
) -> SpreadInterval:
    """Interval of τ² by the Q-profile (Viechtbauer 2007, Stat Med 26:37–52): where Q(τ²) meets the χ² quantiles."""
    data = studies(estimates, variances, covariates)
    _confident(confidence)
    df, tail = data.y.size - data.x.shape[1], (1 - confidence) / 2
    ends = [where_q_is(float(chi2.ppf(share, df)), data.y, data.v, data.x) for share in (1 - tail, tail)]
    typical = _typical(data.v, data.x)
    low, high = (100 * one / (one + typical) for one in ends)
    return SpreadInterval((ends[0], ends[1]), (low, high))


def explained(with_covariates: Pooled, without: Pooled) -> float:
    """R² in per cent: by how much covariates lower τ² (Raudenbush 2009)."""
    if without.tau2 == 0:
        return 0.0
    return max(0.0, 100 * (without.tau2 - with_covariates.tau2) / without.tau2)
