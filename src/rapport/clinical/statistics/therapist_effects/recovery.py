"""How much recovery goes with the therapist: a logistic model with a level for each.

::

    logit P(recovered) = β0 + β1·(pre − mean) (+ case-mix) + u,   u ~ N(0, τ²) of the therapist
    latent ICC = τ²/(τ² + π²/3)          MOR = exp(√(2τ²)·Φ⁻¹(¾))

The median odds ratio: between two therapists drawn by chance, the odds of recovery of the same client differ by this
factor in the middle case (Larsen & Merlo 2005, Am J Epidemiol 161:81–88). Likelihood by quadrature on 25 points. Only
cases that began in the clinical range. Limits: as for scores; a yes or no also carries less than a score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth.checks import Array, column, matrix
from rapport.clinical.statistics.growth.newton import newton_step
from rapport.clinical.statistics.therapist_effects.enough import caseloads, reason_to_hide
from rapport.clinical.statistics.therapist_effects.quadrature import Grouped, deviance

UPPER_QUARTER, LOGISTIC_VARIANCE = 0.6744897501960817, math.pi**2 / 3
STEPS, CLOSE, DELTA, CERTAIN = 50, 1e-9, 1e-4, 15


@dataclass(frozen=True, slots=True)
class RecoveryShare:
    """β, τ² and −2·log-likelihood; hidden with the ``reason`` while too few."""

    beta: Array
    tau2: float | None
    deviance: float | None
    n: int
    reason: str = ""

    @property
    def latent_icc(self) -> float | None:
        return None if self.tau2 is None else self.tau2 / (self.tau2 + LOGISTIC_VARIANCE)

    @property
    def median_odds_ratio(self) -> float | None:
        return None if self.tau2 is None else math.exp(math.sqrt(2 * self.tau2) * UPPER_QUARTER)


def recovery_share(therapists: ArrayLike, recovered: ArrayLike, fixed: ArrayLike) -> RecoveryShare:
    """Closed cases that began in the clinical range; ``fixed`` holds the terms beside the constant.

    >>> recovery_share([1, 1, 2], [1, 0, 1], [2.0, -1.0, -1.0]).reason
    'too_few_therapists_with_ten_closed_cases'
    """
    ids, cases = caseloads(therapists)
    y = column("recovered", recovered)
    if len(y) != int(cases.sum()) or not np.isin(y, (0, 1)).all():
        raise ClinicalError("recovered", "These are not a yes or no per case.", "Give 1 or 0 for each closed case.")
    terms = np.column_stack([np.ones(len(y)), matrix("fixed", fixed, len(y))])
    reason = reason_to_hide(cases)
    if reason:
        return RecoveryShare(np.empty(0), None, None, len(y), reason)
    if y.min() == y.max():
        raise ClinicalError("recovered", "All cases ended alike.", "A share needs both endings.")
    if np.linalg.matrix_rank(terms) < terms.shape[1]:
        raise ClinicalError("fixed", "A term follows from the others.", "Leave it out.")
    code = np.unique(np.asarray(therapists), return_inverse=True)[1]
    start = np.zeros(terms.shape[1] + 1)
    start[0], start[-1] = math.log(y.mean() / (1 - y.mean())), 0.5
    return minimised(Grouped(y, terms, code, len(ids)), start)


def minimised(data: Grouped, at: Array) -> RecoveryShare:
    """Newton's method on exact gradients, the curvature by their differences."""
    value, gradient = deviance(data, at[:-1], float(at[-1]))
    for _ in range(STEPS):
        step, fall = newton_step(gradient, curvature(data, at))
        for halving in range(20):
            to = at + step / 2**halving
            found, slope = deviance(data, to[:-1], float(to[-1]))
            if found <= value:
                at, value, gradient = to, found, slope
                break
        if float(np.abs(data.x @ at[:-1]).max()) > CERTAIN:
            raise ClinicalError("fixed", "A term decides the ending alone.", "Leave it out.")
        if fall < CLOSE:
            break
    return RecoveryShare(at[:-1], float(at[-1] ** 2), value, len(data.y))


def curvature(data: Grouped, at: Array) -> Array:
    """Central differences of the gradient."""
    rows = []
    for place in np.eye(len(at)) * DELTA:
        up, down = (deviance(data, each[:-1], float(each[-1]))[1] for each in (at + place, at - place))
        rows.append((up - down) / (2 * DELTA))
    table = np.stack(rows)
    return (table + table.T) / 2
