"""Log-rank test: do groups differ in when the event comes (Mantel 1966; Peto & Peto 1972, J R Stat Soc A 135:185–207)?

Expected events of a group at tᵢ: ``nⱼᵢ·dᵢ/nᵢ``; ``χ² = (O − E)'V⁻¹(O − E)`` over all groups but one, with the
hypergeometric covariance ``V``. Limits: weak where curves cross; says nothing about why groups differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from rapport.clinical.statistics.sample import Array, LengthsDiffer, NoSpread, TooFew, column


@dataclass(frozen=True, slots=True)
class LogRank:
    """The test, and what was seen and expected in each group (in the order of ``groups``)."""

    chi2: float
    df: int
    p: float
    groups: tuple[object, ...]
    observed: Array
    expected: Array


def log_rank(times: ArrayLike, events: ArrayLike, groups: ArrayLike) -> LogRank:
    """Compare two or more groups.

    >>> round(log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], list("aaabbb")).chi2, 4)
    5.0517
    """
    time, event, group = column("times", times), column("events", events) > 0, np.asarray(groups)
    if not time.size == event.size == group.size:
        raise LengthsDiffer("groups", "The columns have different lengths.", "Give one value per case in each.")
    names, member = np.unique(group, return_inverse=True)
    if names.size < 2:
        raise TooFew("groups", "There is one group only.", "A comparison needs at least two.")
    if not event.any():
        raise NoSpread("events", "The event happened to nobody.", "There is nothing to compare yet.")
    distinct, place = np.unique(time, return_inverse=True)
    shape = distinct.size, names.size
    left = np.bincount(place * names.size + member, minlength=distinct.size * names.size).reshape(shape)
    d = np.bincount((place * names.size + member)[event], minlength=distinct.size * names.size).reshape(shape)
    n = left[::-1].cumsum(axis=0)[::-1].astype(np.float64)
    n_all, d_all = n.sum(axis=1), d.sum(axis=1).astype(np.float64)
    expected = (n * (d_all / n_all)[:, None]).sum(axis=0)
    factor = d_all * (n_all - d_all) / np.where(n_all > 1, n_all - 1, 1.0)
    share = n / n_all[:, None]
    v = np.diag((share * factor[:, None]).sum(axis=0)) - np.einsum("ti,tj,t->ij", share, share, factor)
    observed = d.sum(axis=0).astype(np.float64)
    gap = (observed - expected)[:-1]
    statistic = float(gap @ np.linalg.pinv(v[:-1, :-1]) @ gap)
    df = names.size - 1
    return LogRank(statistic, df, float(chi2.sf(statistic, df)), tuple(names.tolist()), observed, expected)
