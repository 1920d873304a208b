"""End scores that are missing: four answers side by side, and Rubin's rules for many.

    LOCF   the last score known stands for the end (the NHS's "last score")
    BOCF   who has no end score counts as unchanged: the first score stands for it (cautious)
    completers   only people with an end score

Multiple imputation, estimates Qⱼ and variances Uⱼ, j = 1 … m (Rubin 1987; Barnard & Rubin 1999, Biometrika 86:948)::

    Q̄ = mean Q,  Ū = mean U,  B = var Q,  T = Ū + (1 + 1/m)·B,  λ = (1 + 1/m)·B/T
    ν_old = (m − 1)/λ²,  ν_obs = (ν_com + 1)/(ν_com + 3)·ν_com·(1 − λ),  ν = ν_old·ν_obs/(ν_old + ν_obs)

Units: those of the scores. Limits: LOCF and completers are both biased when who leaves fares differently; a model of
every score (growth curve) assumes only that what is missing depends on what was seen. Show them side by side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.sample import Array, TooFew, column, same_length


class NotATable(ClinicalError):
    """The scores are not one row per person and one column per occasion."""

    code = "not_a_table"


def _occasions(scores: ArrayLike) -> Array:
    found = np.asarray(scores, np.float64)
    if found.ndim != 2 or found.shape[1] < 2:
        raise NotATable("scores", "This is no table of occasions.", "Give one row per person, one column per occasion.")
    return found


def last_carried(scores: ArrayLike) -> Array:
    """LOCF: the last known score of each row; NaN in a row without any.

    >>> last_carried([[18, 15, np.nan], [15, np.nan, np.nan]]).tolist()
    [15.0, 15.0]
    """
    table = _occasions(scores)
    known = ~np.isnan(table)
    last = table.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.asarray(np.where(known.any(axis=1), table[np.arange(table.shape[0]), last], np.nan))


def baseline_carried(scores: ArrayLike) -> Array:
    """BOCF: the score of the last occasion, or the first one where that is missing.

    >>> baseline_carried([[18, 15, np.nan], [15, 9, 7]]).tolist()
    [18.0, 7.0]
    """
    table = _occasions(scores)
    return np.where(np.isnan(table[:, -1]), table[:, 0], table[:, -1])


def completers(scores: ArrayLike) -> Array:
    """The rows that have a first and a last score."""
    table = _occasions(scores)
    return np.asarray(table[~np.isnan(table[:, 0]) & ~np.isnan(table[:, -1])])


@dataclass(frozen=True, slots=True)
class Pooled:
    """One estimate out of many imputations; ``fmi`` is the share of information that is missing."""

    estimate: float
    within: float
    between: float
    total: float
    df: float
    increase: float
    fmi: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        half = float(t.ppf(1 - (1 - confidence) / 2, self.df)) * math.sqrt(self.total)
        return self.estimate - half, self.estimate + half


def rubin(estimates: ArrayLike, variances: ArrayLike, complete_df: float) -> Pooled:
    """Pool; ``complete_df`` are the degrees of freedom had nothing been missing (n − 1 for a mean).

    >>> pooled = rubin([0.82, 0.91, 0.77, 0.88, 0.85], [0.012, 0.013, 0.011, 0.012, 0.0125], 59)
    >>> round(pooled.total, 6), round(pooled.df, 6)
    (0.015616, 28.347163)
    """
    q, u = column("estimates", estimates, least=2), column("variances", variances, least=2)
    same_length(estimates=q, variances=u)
    if not complete_df > 0 or (u <= 0).any():
        raise TooFew("variances", "A variance or the degrees of freedom are not above zero.", "Check the imputations.")
    m, between, within = q.size, float(np.var(q, ddof=1)), float(u.mean())
    extra = (1 + 1 / m) * between
    total = within + extra
    share = extra / total
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    df = observed if share == 0 else (old := (m - 1) / share**2) * observed / (old + observed)
    increase = extra / within
    return Pooled(float(q.mean()), within, between, total, df, increase, (increase + 2 / (df + 3)) / (increase + 1))
