"""Cox's proportional hazards with Efron's handling of ties (Cox 1972; Efron 1977, J Am Stat Assoc 72:557–565).

Newton's steps on the partial likelihood; at a time with d events the risk set is thinned by ``l/d`` of those who leave,
l = 0 … d − 1. Units: log hazard ratio per unit of a covariate. Limits: hazards are taken as proportional; a covariate
that separates who leaves from who stays has no estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.statistics.sample import Array, LengthsDiffer, NoSpread, column, design

STEPS = 50


class NotConverged(ClinicalError):
    """The likelihood has no highest point."""

    code = "not_converged"


@dataclass(frozen=True, slots=True)
class CoxFit:
    """Log hazard ratios with standard errors and covariance."""

    coefficients: Array
    se: Array
    covariance: Array
    log_likelihood: float


def cox(times: ArrayLike, events: ArrayLike, covariates: ArrayLike) -> CoxFit:
    """Fit; ``covariates`` has one row per person and one column per covariate.

    >>> fit = cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 1], [[1], [0], [1], [1], [0], [0]])
    >>> round(float(fit.coefficients[0]), 4)
    1.3945
    """
    time, event, x = _checked(times, events, covariates)
    order = np.argsort(-time, kind="stable")
    time, event, x = time[order], event[order], x[order] - x.mean(axis=0)
    b = np.zeros(x.shape[1])
    for _ in range(STEPS):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a slope on its way to infinity
            value, gradient, information = _efron(time, event, x, b)
        if not (np.isfinite(gradient).all() and np.isfinite(information).all()):
            break
        try:
            step = np.linalg.solve(information, gradient)
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        b = b + step
        if np.abs(step).max() < 1e-11:
            return CoxFit(b, np.sqrt(np.diag(covariance)), np.asarray(covariance, np.float64), value)
    raise NotConverged("covariates", "No estimate exists.", "Leave out a covariate that decides the event alone.")


def _checked(times: ArrayLike, events: ArrayLike, covariates: ArrayLike) -> tuple[Array, NDArray[np.bool_], Array]:
    """Columns that can be estimated from, or what is wrong with which."""
    time, event = column("times", times), column("events", events) > 0
    x = design("covariates", covariates, time.size)
    if event.size != time.size:
        raise LengthsDiffer("events", "The columns have different lengths.", "Give one value per case in each.")
    if time.min() < 0:
        raise OutOfRange("times", "A time lies before the start.", "Count from the start: 0 or more.")
    if not event.any():
        raise NoSpread("events", "The event happened to nobody.", "There is nothing to estimate yet.")
    if (np.ptp(x, axis=0) == 0).any():
        raise NoSpread("covariates", "A covariate is the same for everybody.", "Leave it out.")
    if np.linalg.matrix_rank(x - x.mean(axis=0)) < x.shape[1]:
        raise NoSpread("covariates", "A covariate follows from the others.", "Leave it out.")
    return time, event, x


def _efron(time: Array, event: NDArray[np.bool_], x: Array, b: Array) -> tuple[float, Array, Array]:
    """Log partial likelihood, its slope and its curvature, from the last time to the first."""
    weight = np.exp(x @ b)
    s0, s1, s2 = 0.0, np.zeros(b.size), np.zeros((b.size, b.size))
    value, gradient, information = 0.0, np.zeros(b.size), np.zeros((b.size, b.size))
    bounds = np.flatnonzero(np.diff(time)) + 1
    for rows in np.split(np.arange(time.size), bounds):
        w, here = weight[rows], x[rows]
        s0, s1, s2 = s0 + w.sum(), s1 + w @ here, s2 + (here * w[:, None]).T @ here
        hit = event[rows]
        d = int(hit.sum())
        if not d:
            continue
        wd, xd = w[hit], here[hit]
        t0, t1, t2 = wd.sum(), wd @ xd, (xd * wd[:, None]).T @ xd
        value, gradient = value + float((xd @ b).sum()), gradient + xd.sum(axis=0)
        for share in np.arange(d) / d:
            r0, mean = s0 - share * t0, (s1 - share * t1) / (s0 - share * t0)
            value, gradient = value - float(np.log(r0)), gradient - mean
            information = information + (s2 - share * t2) / r0 - np.outer(mean, mean)
    return value, gradient, information
