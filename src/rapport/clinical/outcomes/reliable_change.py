"""Reliable change: is the difference between two scores larger than measurement error?

``pre``/``post`` scores, r reliability, M and S mean and SD (n − 1) of people before treatment::

    SEM = S·√(1 − r)      S_diff = SEM·√2      S_pred = S·√(1 − r²)
    JT   (post − pre) / S_diff                                   Jacobson & Truax 1991, J Consult Clin Psychol 59:12–19
    EN   (post − [r·(pre − M) + M]) / SEM                        Edwards, Yarvis, Mueller & Langsley 1978; Speer 1992
    GLN  ((post − M) − r·(pre − M)) / S_pred                     Hsu 1989, 1999 (Gulliksen, Lord, Novick)
    HLL  ((post − M_post) − r·(pre − M)) / S_pred                Hsu 1989, 1996 (Hsu, Linn, Lord)
    NK   (post − [r·(pre − M) + M]) / √(r²S²(1 − r) + S²(1 − r_post))     Nunnally & Kotsch 1983
    HA   Hageman & Arrindell 1999, Behav Res Ther 37:1169–1193; see ``_hageman_arrindell``

Units: SDs of error; compare ``direction · index`` with 1.959964 (two-sided 95 %), for HA with 1.644854 (one-sided).

Limits: JT is the one to show a client. HLL and HA add the change of the whole group, so a person who got worse can come
out as improved: never for individual feedback. Scores are assumed to have one error variance over the whole scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange

Array = NDArray[np.float64]


class Method(StrEnum):
    """Which index."""

    JACOBSON_TRUAX = "JT"
    EDWARDS_NUNNALLY = "EN"
    GULLIKSEN_LORD_NOVICK = "GLN"
    HSU_LINN_LORD = "HLL"
    NUNNALLY_KOTSCH = "NK"
    HAGEMAN_ARRINDELL = "HA"


class NotDefined(ClinicalError):
    """The index does not exist for these norms: without spread or without error there is nothing to divide by."""

    code = "not_defined"


@dataclass(frozen=True, slots=True)
class Reference:
    """The people a change is measured against. Only JT can do without ``mean``; HLL and HA need the group afterwards.

    ``reliability_post`` is the reliability after treatment (NK), ``correlation`` that of pre and post (HA).
    """

    reliability: float
    sd: float
    mean: float | None = None
    reliability_post: float | None = None
    mean_post: float | None = None
    sd_post: float | None = None
    correlation: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.reliability <= 1:
            raise OutOfRange("reliability", "A reliability lies above 0 and at most at 1.", "Give for example 0.84.")
        if not self.sd >= 0:
            raise OutOfRange("sd", "A standard deviation is not negative.", "Give the SD of the sample.")
        if self.reliability == 1 or self.sd == 0:
            raise NotDefined("sd", "Without spread or without error there is no index.", "Give norms with both.")

    @property
    def sem(self) -> float:
        """Standard error of one score: S·√(1 − r)."""
        return self.sd * math.sqrt(1 - self.reliability)

    @property
    def s_diff(self) -> float:
        """Standard error of a difference of two scores: SEM·√2."""
        return self.sem * math.sqrt(2)

    def need(self, name: str) -> float:
        """A value this method cannot do without."""
        value = getattr(self, name)
        if value is None:
            raise NotDefined(name, "This method needs it.", "Give it or choose Jacobson & Truax.")
        return float(value)


def reference_of(
    pre: ArrayLike, post: ArrayLike, reliability: float, reliability_post: float | None = None
) -> Reference:
    """The sample's own mean, SD and correlation as reference; best with n ≥ 30.

    >>> round(reference_of([16, 12, 20], [10, 9, 12], 0.86).sd, 6)
    4.0
    """
    before, after = np.asarray(pre, float), np.asarray(post, float)
    return Reference(
        reliability,
        float(np.std(before, ddof=1)),
        float(np.mean(before)),
        reliability_post,
        float(np.mean(after)),
        float(np.std(after, ddof=1)),
        float(np.corrcoef(before, after)[0, 1]),
    )


def critical_value(method: Method = Method.JACOBSON_TRUAX, confidence: float = 0.95) -> float:
    """z of the two-sided confidence; Hageman & Arrindell test one-sided.

    >>> round(critical_value(), 6), round(critical_value(Method.HAGEMAN_ARRINDELL), 6)
    (1.959964, 1.644854)
    """
    if not 0 < confidence < 1:
        raise OutOfRange("confidence", "A confidence lies between 0 and 1.", "Give for example 0.95.")
    one_sided = method is Method.HAGEMAN_ARRINDELL
    return NormalDist().inv_cdf(confidence if one_sided else 1 - (1 - confidence) / 2)


def least_reliable_change(reference: Reference, confidence: float = 0.95) -> float:
    """RC = z·S_diff, in points: what a change must exceed.

    >>> round(least_reliable_change(Reference(0.84, 5.8)), 2)  # so the NHS's 6 is a rounded figure
    6.43
    """
    return critical_value(confidence=confidence) * reference.s_diff


def whole_points(change: float) -> int:
    """The smallest whole number of points that is a reliable change.

    >>> whole_points(5.61), whole_points(6.0)
    (6, 6)
    """
    return math.ceil(change - 1e-12)


def _hageman_arrindell(before: Array, after: Array, ref: Reference) -> Array:
    """RC = [Δ·r_DD + (M_post − M)(1 − r_DD)] / (√r_DD·√2·SEM), r_DD the reliability of the difference."""
    s, s_post, rho, sem = ref.sd, ref.need("sd_post"), ref.need("correlation"), ref.sem
    r_xx, r_yy = 1 - (sem / s) ** 2, true_share(s_post, sem)
    spread = s**2 + s_post**2 - 2 * s * s_post * rho
    r_dd = (s**2 * r_xx + s_post**2 * r_yy - 2 * s * s_post * rho) / spread if spread > 0 else 0.0
    if r_dd <= 0:
        raise NotDefined("correlation", "The differences hold nothing but error.", "Choose Jacobson & Truax.")
    group = ref.need("mean_post") - ref.need("mean")
    return np.asarray(((after - before) * r_dd + group * (1 - r_dd)) / (math.sqrt(r_dd) * ref.s_diff))


def true_share(sd: float, sem: float) -> float:
    """The reliability of scores with this SD when the error is SEM: (S² − SEM²)/S²."""
    if sd <= sem:
        raise NotDefined("sd", "The spread is no larger than the error.", "Choose Jacobson & Truax.")
    return 1 - (sem / sd) ** 2


def change_index(
    pre: ArrayLike, post: ArrayLike, reference: Reference, method: Method = Method.JACOBSON_TRUAX
) -> Array:
    """The index of each person; a missing score (NaN) gives NaN in the array and "not classifiable" afterwards.

    Jacobson & Truax's own example: 32.5 before, 47.5 after, S_diff 4.74.

    >>> couple = Reference(0.80, 7.5)
    >>> round(couple.s_diff, 2), round(float(change_index(32.5, 47.5, couple)), 2)
    (4.74, 3.16)
    """
    before, after = np.asarray(pre, float), np.asarray(post, float)
    r = reference.reliability
    if method is Method.JACOBSON_TRUAX:
        return np.asarray((after - before) / reference.s_diff)
    if method is Method.HAGEMAN_ARRINDELL:
        return _hageman_arrindell(before, after, reference)
    mean = reference.need("mean")
    expected = r * (before - mean)
    if method is Method.EDWARDS_NUNNALLY:
        return np.asarray((after - mean - expected) / reference.sem)
    if method is Method.NUNNALLY_KOTSCH:
        error = r**2 * (1 - r) + 1 - reference.need("reliability_post")
        return np.asarray((after - mean - expected) / (reference.sd * math.sqrt(error)))
    middle = mean if method is Method.GULLIKSEN_LORD_NOVICK else reference.need("mean_post")
    return np.asarray((after - middle - expected) / (reference.sd * math.sqrt(1 - r**2)))
