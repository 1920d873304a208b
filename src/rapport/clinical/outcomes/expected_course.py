"""The expected course: a growth line on ln(session), what it foretells for one person, and how it learns.

Model, with L = ln(session), session 1 being the first scored one, and optional centred intake score x::

    y = β0 + β1·L (+ β2·x + β3·x·L) + b0 + b1·L + e        b ~ N(0, D),  e ~ N(0, σ²)

* band at a session      μ = x'β,  v = z'Dz + σ² (+ x'V_β x),  z = (1, L);  bounds μ ± k·√v
* band from a first score  with x: as above; without x: the forecast of a person of whom only that score is known
* one person's update    P = (D⁻¹ + Z'Z/σ²)⁻¹,  b̂ = P·Z'(y − Xβ)/σ²  (the same as the mixed model's BLUP)
* forecast               mean x'β + z'b̂,  true-score variance z'Pz,  observed + σ²
* cold start             moments of a published pre–post sample, see ``prior_from_moments``
* learning               β by conjugate least squares, D and σ² weighted by pseudo-clients, see ``learn_beta``

After Finch, Lambert & Schaalje 2001, Clin Psychol Psychother 8:231–242 and Lutz et al. 1999.
Limits: scores are bounded and skewed, so normal bands cover too much near the ends; the shipped priors are assumptions,
not citations. Display may be cut to the scale, the arithmetic never is. No forecast is a reason to stop seeing anyone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange

Array = NDArray[np.float64]
Matrix2 = tuple[tuple[float, float], tuple[float, float]]
K80, K68, K80_ONE_SIDED = 1.2815515655446004, 0.994457883209753, 0.8416212335729143
PSEUDO_CLIENTS = 30


def as_matrix(rows: Array) -> Matrix2:
    """A 2 × 2 array as plain numbers."""
    (a, b), (c, d) = rows.tolist()
    return (a, b), (c, d)


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """β (two entries, or four with the intake score), D, σ², and V_β (its covariance) where it was estimated.

    ``intake_mean`` and ``intake_sd`` say how a first score becomes the x of a line with four: (score − mean)/sd.
    """

    beta: tuple[float, ...]
    d: Matrix2
    sigma2: float
    beta_cov: tuple[tuple[float, ...], ...] | None = None
    source: str = ""
    verified: bool = False
    intake_mean: float = 0.0
    intake_sd: float = 1.0

    def __post_init__(self) -> None:
        if len(self.beta) not in (2, 4):
            raise ClinicalError("beta", "The line has two or four coefficients.", "Give β0, β1 and, if used, β2, β3.")
        if self.sigma2 <= 0 or np.linalg.eigvalsh(np.array(self.d)).min() <= 0:
            raise OutOfRange("d", "Variances are above zero.", "Use project_to_positive first.")
        if self.intake_sd <= 0:
            raise OutOfRange("intake_sd", "A standard deviation is above zero.", "Give 1 for a score only centred.")

    def intake_of(self, first_score: float) -> float | None:
        """The x of somebody who began at this score; None for a line that does not use it."""
        return None if len(self.beta) == 2 else (first_score - self.intake_mean) / self.intake_sd

    def fixed_row(self, session: float, intake: float | None) -> Array:
        """(1, L) or (1, L, x, x·L)."""
        if session < 1:
            raise OutOfRange("session", "The first session is number 1.", "Count scored sessions from 1.")
        line = math.log(session)
        if len(self.beta) == 2:
            return np.array([1.0, line])
        if intake is None:
            raise ClinicalError("intake", "This line starts from the intake score.", "Give the centred intake score.")
        return np.array([1.0, line, intake, intake * line])

    def expected(self, session: float, intake: float | None = None) -> float:
        """The score to be expected of somebody of whom nothing else is known."""
        return float(self.fixed_row(session, intake) @ np.array(self.beta))


@dataclass(frozen=True, slots=True)
class CourseBand:
    """What 80 % (``low80`` to ``high80``) and 68 % of such people score; ``sd`` is the spread of single scores."""

    session: float
    expected: float
    sd: float

    def bound(self, k: float) -> float:
        return self.expected + k * self.sd

    @property
    def low80(self) -> float:
        return self.bound(-K80)

    @property
    def high80(self) -> float:
        return self.bound(K80)

    @property
    def low68(self) -> float:
        return self.bound(-K68)

    @property
    def high68(self) -> float:
        return self.bound(K68)


def course_band(model: GrowthModel, session: float, intake: float | None = None) -> CourseBand:
    """The band at one session for a new person, with the uncertainty of the line itself where that is known.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> round(course_band(line, 1).high80, 2)
    22.43
    """
    row = model.fixed_row(session, intake)
    z = row[:2]
    variance = float(z @ np.array(model.d) @ z) + model.sigma2
    if model.beta_cov is not None:
        variance += float(row @ np.array(model.beta_cov) @ row)
    return CourseBand(session, model.expected(session, intake), math.sqrt(variance))


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of one person's own line after their scores: mean b̂ and covariance P of (b0, b1)."""

    mean: tuple[float, float]
    cov: Matrix2
    n: int


def update(
    model: GrowthModel, sessions: Sequence[float], scores: Sequence[float], intake: float | None = None
) -> Posterior:
    """Learn one person's line from their scores; with none, the prior.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> after = update(line, [1, 2], [20, 19])
    >>> after.mean[0] > 0 and after.cov[0][0] < 28.26
    True
    """
    if len(sessions) != len(scores):
        raise ClinicalError("scores", "Each score belongs to one session.", "Give as many of one as of the other.")
    precision = np.linalg.inv(np.array(model.d))
    right = np.zeros(2)
    for session, score in zip(sessions, scores, strict=True):
        z = model.fixed_row(session, intake)[:2]
        precision += np.outer(z, z) / model.sigma2
        right += z * (score - model.expected(session, intake)) / model.sigma2
    cov = np.linalg.inv(precision)
    mean = cov @ right
    return Posterior((float(mean[0]), float(mean[1])), as_matrix(cov), len(scores))


@dataclass(frozen=True, slots=True)
class Forecast:
    """A score to come: its mean, the SD of the true score and of the score one would observe."""

    session: float
    mean: float
    sd_true: float
    sd_observed: float

    def probability_below(self, cut: float, *, whole_scores: bool = True) -> float:
        """P(observed score < cut); on whole scores with continuity correction, Φ((cut − ½ − mean)/sd).

        >>> round(Forecast(8, 15.898938844007, 2.4726, 3.85006654913903).probability_below(10), 6)
        0.048253
        """
        edge = cut - 0.5 if whole_scores else cut
        return NormalDist(self.mean, self.sd_observed).cdf(edge)

    def probability_above(self, cut: float, *, whole_scores: bool = True) -> float:
        """P(observed score > cut), mirrored."""
        edge = cut + 0.5 if whole_scores else cut
        return 1 - NormalDist(self.mean, self.sd_observed).cdf(edge)

    def true_below(self, cut: float) -> float:
        """P(true score < cut): the person without the error of one questionnaire, so without continuity correction."""
        return NormalDist(self.mean, self.sd_true).cdf(cut)


def forecast(model: GrowthModel, posterior: Posterior, session: float, intake: float | None = None) -> Forecast:
    """What this person may score at a session to come."""
    z = model.fixed_row(session, intake)[:2]
    mean = model.expected(session, intake) + float(z @ np.array(posterior.mean))
    true_variance = float(z @ np.array(posterior.cov) @ z)
    return Forecast(session, mean, math.sqrt(true_variance), math.sqrt(true_variance + model.sigma2))


def log_likelihood(
    model: GrowthModel, sessions: Sequence[float], scores: Sequence[float], intake: float | None = None
) -> float:
    """How well the line foretells one person's scores together: ln N(y; Xβ, ZDZ' + σ²I). Higher is better.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> log_likelihood(line, [1, 2, 4], [15, 13, 11]) > log_likelihood(line, [1, 2, 4], [15, 27, 3])
    True
    """
    z = np.array([model.fixed_row(session, intake)[:2] for session in sessions])
    off = np.array(scores, float) - np.array([model.expected(session, intake) for session in sessions])
    cov = z @ np.array(model.d) @ z.T + model.sigma2 * np.eye(len(off))
    log_det = float(np.linalg.slogdet(cov)[1])
    return -0.5 * (len(off) * math.log(2 * math.pi) + log_det + float(off @ np.linalg.solve(cov, off)))


def band_from_first(model: GrowthModel, first_score: float, session: float) -> CourseBand:
    """The band of people who began at this score: their static line, or the prior conditioned on that one score.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> [round(band_from_first(line, first, 4).expected, 2) for first in (10, 20)]
    [8.05, 14.21]
    """
    intake = model.intake_of(first_score)
    if intake is not None:
        return course_band(model, session, intake)
    known = _after_the_first(model, first_score)
    ahead = forecast(model, known, session)
    variance = ahead.sd_observed**2
    if model.beta_cov is not None:
        weight = float(model.fixed_row(session, None) @ np.array(known.cov)[:, 0]) / model.sigma2
        row = model.fixed_row(session, None) - weight * model.fixed_row(1.0, None)
        variance += float(row @ np.array(model.beta_cov) @ row)
    return CourseBand(session, ahead.mean, math.sqrt(variance))


@lru_cache
def _after_the_first(model: GrowthModel, first_score: float) -> Posterior:
    """Asked again for every session of one course."""
    return update(model, [1.0], [first_score])


def draw_course(
    model: GrowthModel, sessions: Sequence[float], *, seed: int, low: float, high: float, intake: float | None = None
) -> tuple[int, ...]:
    """Invent one person's whole scores from the model, cut to the scale; the same seed gives the same person.

    >>> line = GrowthModel((15, -2.79), ((28.26, -5.43), (-5.43, 7.21)), 5.38)
    >>> draw_course(line, [1, 2, 3], seed=7, low=0, high=27) == draw_course(line, [1, 2, 3], seed=7, low=0, high=27)
    True
    """
    chance = np.random.default_rng(seed)
    own = chance.multivariate_normal(np.zeros(2), np.array(model.d))
    noise = chance.normal(0.0, math.sqrt(model.sigma2), len(sessions))
    drawn = (
        model.expected(session, intake) + float(model.fixed_row(session, intake)[:2] @ own) + error
        for session, error in zip(sessions, noise.tolist(), strict=True)
    )
    return tuple(round(min(max(value, low), high)) for value in drawn)
