"""How much of the last score goes with the therapist, and each therapist's difference from the average.

::

    post = β0 + β1·(pre − mean) (+ case-mix) + u + e     u ~ N(0, τ²) of the therapist,  e ~ N(0, σ²)
    ICC = τ²/(τ² + σ²)                                   share of the variance that goes with therapists
    p = ½·P(χ²₁ > LRT), LRT on ML fits                   a variance cannot be negative: half the mass lies at zero
    u ± 1.96·SD                                          difference from the average therapist
    u ± 1.39·SD                                          two that do not overlap differ at 5 % (Goldstein & Healy 1995)

Snijders & Bosker 2012, ch. 4; Self & Liang 1987 for the test; Johns et al. 2019, Clin Psychol Rev 67:78–93, for sizes
met elsewhere: about 5 % in practice, 8 % in trials. Units: points of the measure. Limits: clients are not dealt to
therapists by lot, so a share is not what therapists cause; intervals are wide, and no order of therapists is meant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import GrowthFit, fit_rows, row_effects
from rapport.clinical.statistics.growth.checks import Array, column, matrix
from rapport.clinical.statistics.therapist_effects.enough import (
    OWN_CASES,
    TOO_FEW_OWN_CASES,
    caseloads,
    centred,
    reason_to_hide,
)

OF_AVERAGE, PAIRWISE = 1.959963984540054, 1.39


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """What goes with therapists: the model, the share, its test against none; ``anova_icc`` without any model."""

    model: GrowthFit
    lrt: float
    anova_icc: float

    @property
    def icc(self) -> float:
        tau2 = float(self.model.d[0, 0])
        return tau2 / (tau2 + self.model.sigma2)

    @property
    def p(self) -> float:
        return math.erfc(math.sqrt(self.lrt / 2)) / 2


@dataclass(frozen=True, slots=True)
class OwnEffect:
    """One therapist's difference from the average, in points of the last score; None with the ``reason``."""

    cases: int
    effect: float | None
    sd: float | None
    reason: str

    def interval(self, width: float = OF_AVERAGE) -> tuple[float, float] | None:
        if self.effect is None or self.sd is None:
            return None
        return self.effect - width * self.sd, self.effect + width * self.sd


@dataclass(frozen=True, slots=True)
class TherapistEffects:
    """All therapists in the order of their identifiers, never of their results. Hidden: no ``share``, a ``reason``."""

    ids: NDArray[Any]
    cases: NDArray[np.int64]
    share: VarianceShare | None
    effect: Array
    sd: Array
    reason: str

    def interval(self, width: float = OF_AVERAGE) -> Array:
        """Lower and upper ends; ``width=PAIRWISE`` for reading two against each other."""
        return np.stack([self.effect - width * self.sd, self.effect + width * self.sd], axis=1)

    def own(self, therapist: Any) -> OwnEffect:
        """What this therapist, and nobody else, may be shown."""
        place = np.flatnonzero(self.ids == therapist)
        cases = int(self.cases[place].sum())
        reason = self.reason or (TOO_FEW_OWN_CASES if cases < OWN_CASES else "")
        if reason:
            return OwnEffect(cases, None, None, reason)
        return OwnEffect(cases, float(self.effect[place[0]]), float(self.sd[place[0]]), "")


def therapist_effects(
    therapists: ArrayLike, pre: ArrayLike, post: ArrayLike, case_mix: ArrayLike | None = None
) -> TherapistEffects:
    """Closed cases with a first and a last score, one row each; hidden while too few.

    >>> therapist_effects([1, 1, 2], [20, 15, 18], [12, 9, 10]).reason
    'too_few_therapists_with_ten_closed_cases'
    """
    ids, cases = caseloads(therapists)
    first, last = column("pre", pre), column("post", post)
    if not len(first) == len(last) == int(cases.sum()):
        raise ClinicalError("post", "The columns differ in length.", "Give one therapist and two scores per case.")
    reason = reason_to_hide(cases)
    if reason:
        return TherapistEffects(ids, cases, None, np.empty(0), np.empty(0), reason)
    terms = [np.ones(len(first)), centred(first)]
    if case_mix is not None:
        terms += list(matrix("case_mix", case_mix, len(first)).T)
    fixed = np.column_stack(terms)
    model = fit_rows(therapists, last, fixed)
    found = row_effects(model, therapists, last, fixed)
    share = VarianceShare(model, against_none(therapists, last, fixed), anova_icc(therapists, last))
    return TherapistEffects(ids, cases, share, found.mean[:, 0], np.sqrt(found.cov[:, 0, 0]), "")


def against_none(therapists: ArrayLike, last: Array, fixed: Array) -> float:
    """−2·log of the likelihood ratio of a model without therapists to one with them."""
    left = last - fixed @ np.linalg.lstsq(fixed, last, rcond=None)[0]
    alone = len(last) * (1 + math.log(2 * math.pi * float(left @ left) / len(last)))
    return max(0.0, alone - fit_rows(therapists, last, fixed, reml=False).criterion)


def anova_icc(therapists: ArrayLike, values: ArrayLike) -> float:
    """(MSB − MSW)/(MSB + (n₀ − 1)·MSW), n₀ the mean caseload less its unevenness; may be negative.

    Donner 1986, Int Stat Rev 54:67–82.

    >>> round(anova_icc([1, 1, 2, 2, 3, 3], [9, 8, 5, 4, 7, 7]), 4)
    0.9216
    """
    (_, cases), y = caseloads(therapists), column("values", values)
    k, n = len(cases), len(y)
    if not 1 < k < n:
        raise ClinicalError("therapists", "There is nothing to compare.", "Give several cases of several therapists.")
    code = np.unique(np.asarray(therapists), return_inverse=True)[1]
    means = np.bincount(code, y) / cases
    between = float(cases @ (means - y.mean()) ** 2) / (k - 1)
    within = float(((y - means[code]) ** 2).sum()) / (n - k)
    usual = (n - float(cases @ cases) / n) / (k - 1)
    return (between - within) / (between + (usual - 1) * within)
