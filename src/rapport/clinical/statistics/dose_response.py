"""Dose and response: after how many sessions has half of the people recovered (Howard et al. 1986, Am Psychol 41:159)?

Binary regression of recovered on ln(sessions), ``g(p) = b₀ + b₁·ln s`` (logit; probit as a check), by iteratively
reweighted least squares. ``ED50 = exp(−b₀/b₁)``; its interval by the delta method on the log scale.

Units: sessions. Limits: confounded. People stop when they are well, so who had many sessions is who improved slowly
(the good-enough level: Barkham et al. 2006, J Consult Clin Psychol 74:160–167). Never show the curve without that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, ndtr

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.statistics.sample import Array, NoSpread, column, same_length

STEPS = 60


class Link(StrEnum):
    """The link of the binary regression."""

    LOGIT = "logit"
    PROBIT = "probit"


class Separated(ClinicalError):
    """A line separates who recovered from who did not, so no estimate exists."""

    code = "separated"


LARGEST_LOG = 700.0


@dataclass(frozen=True, slots=True)
class BinaryFit:
    """Coefficients, covariance, deviance and AIC (both of single people, grouped or not)."""

    coefficients: Array
    covariance: Array
    deviance: float

    @property
    def aic(self) -> float:
        return self.deviance + 2 * self.coefficients.size


def binary_regression(design: ArrayLike, successes: ArrayLike, trials: ArrayLike, link: Link = Link.LOGIT) -> BinaryFit:
    """Maximum likelihood by Fisher scoring on counts; one row per distinct pattern of ``design`` is enough."""
    x = np.asarray(design, np.float64)
    y, n = column("successes", successes), column("trials", trials)
    same_length(successes=y, trials=n, design=x)
    if not 0 < y.sum() < n.sum():
        raise NoSpread("successes", "Everybody had the same result.", "There is nothing to estimate yet.")
    before = math.inf
    b: Array = np.zeros(x.shape[1])
    for _ in range(STEPS):
        eta = x @ b
        p, slope = _response(eta, link)
        weight = n * slope**2 / (p * (1 - p))
        information = (x * weight[:, None]).T @ x
        b = np.asarray(np.linalg.lstsq(information, x.T @ (weight * (eta + (y / n - p) / slope)), rcond=None)[0])
        now = _deviance(y, n, _response(x @ b, link)[0])
        if abs(now - before) < 1e-12 * (abs(now) + 0.1) and np.abs(x @ b).max() < 25:
            return BinaryFit(b, np.asarray(np.linalg.pinv(information), np.float64), now)
        before = now
    raise Separated("successes", "The result is decided by the number alone.", "Add cases around the turning point.")


def _response(eta: Array, link: Link) -> tuple[Array, Array]:
    bounded = np.clip(eta, -30, 30) if link is Link.LOGIT else np.clip(eta, -7, 7)
    if link is Link.LOGIT:
        p = expit(bounded)
        return p, p * (1 - p)
    return ndtr(bounded), np.exp(-(bounded**2) / 2) / math.sqrt(2 * math.pi)


def _deviance(y: Array, n: Array, p: Array) -> float:
    """−2·log-likelihood of single people: their saturated model has likelihood 1."""
    return float(-2 * (y * np.log(p) + (n - y) * np.log1p(-p)).sum())


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """The fit on ln(sessions), and the number of sessions by which half recovered, with its interval."""

    fit: BinaryFit
    ed50: float
    log_se: float
    interval: tuple[float, float]
    n: int


def dose_response(
    sessions: ArrayLike, recovered: ArrayLike, *, link: Link = Link.LOGIT, confidence: float = 0.95
) -> DoseResponse:
    """Fit on one row per person; people with the same number of sessions are counted together first.

    >>> found = dose_response([1, 2, 4, 8, 16, 4, 8, 16], [0, 0, 0, 1, 1, 1, 0, 1])
    >>> round(found.ed50, 3)
    5.521
    """
    dose, result = column("sessions", sessions, least=3), column("recovered", recovered)
    same_length(sessions=dose, recovered=result)
    distinct, place = np.unique(dose, return_inverse=True)
    counts = np.bincount(place, weights=result), np.bincount(place)
    return dose_response_of_counts(distinct, *counts, link=link, confidence=confidence)


def dose_response_of_counts(
    sessions: ArrayLike,
    recovered: ArrayLike,
    people: ArrayLike,
    *,
    link: Link = Link.LOGIT,
    confidence: float = 0.95,
) -> DoseResponse:
    """The same from counts: of so many people with so many sessions so many recovered."""
    dose, result, of = (
        column("sessions", sessions, spread=True),
        column("recovered", recovered),
        column("people", people),
    )
    same_length(sessions=dose, recovered=result, people=of)
    if dose.min() <= 0:
        raise OutOfRange("sessions", "Somebody had no session.", "Count attended sessions from 1.")
    fit = binary_regression(np.column_stack([np.ones(dose.size), np.log(dose)]), result, of, link)
    b0, b1 = fit.coefficients
    if b1 == 0:
        raise NoSpread("sessions", "The result does not change with sessions.", "There is no half-way number.")
    gradient = np.array([-1 / b1, b0 / b1**2])
    log_se = math.sqrt(float(gradient @ fit.covariance @ gradient))
    middle, z = -b0 / b1, NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    ends = _sessions(middle - z * log_se), _sessions(middle + z * log_se)
    return DoseResponse(fit, _sessions(middle), log_se, ends, int(of.sum()))


def _sessions(log: float) -> float:
    """Back from ln(sessions); a result that hardly depends on sessions has no end that could be counted."""
    return math.exp(log) if log < LARGEST_LOG else math.inf
