"""The expected course of every client at once: a score arrives, and its client's line is known anew.

Of each client only five sums are kept, of the residuals r = y − Xβ at L = ln(session): n, ΣL, ΣL², Σr, ΣrL. With
D⁻¹ = [[d₀, d₁], [d₁, d₂]] the posterior of (b0, b1) is closed::

    A = [[d₀ + n/σ², d₁ + ΣL/σ²], [·, d₂ + ΣL²/σ²]]      P = A⁻¹      b̂ = P·(Σr, ΣrL)/σ²

which is ``update`` of ``expected_course`` for everybody. Sums add: a score that was keyed in wrongly is taken back with
``weight=-1`` and given again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.reliable_change import Array

Clients = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LivePosterior:
    """Mean and covariance of (b0, b1) of some clients, and how many scores stand behind them."""

    mean0: Array
    mean1: Array
    cov00: Array
    cov01: Array
    cov11: Array
    n: Array


@dataclass(frozen=True, slots=True)
class LiveForecast:
    """What those clients may score: mean, SD of the true and of the observed score."""

    mean: Array
    sd_true: Array
    sd_observed: Array


class LiveCourses:
    """The sums of ``n_clients`` clients under one model; numbered from 0. ``first_scores`` for a line that uses them.

    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> live = LiveCourses(prior_from_moments(PHQ9_MOMENTS), 100_000)
    >>> after = live.update([7, 7, 42], [1, 2, 1], [20, 19, 11])
    >>> [round(float(mean), 2) for mean in after.mean0]
    [4.97, 4.97, -3.36]
    """

    def __init__(self, model: GrowthModel, n_clients: int, first_scores: ArrayLike | None = None) -> None:
        if n_clients < 1:
            raise OutOfRange("n_clients", "There is at least one client.", "Give the number of clients.")
        self.model, self.n_clients = model, n_clients
        self.intake = self._intake(first_scores)
        self._sums = tuple(np.zeros(n_clients) for _ in range(5))

    def _intake(self, first_scores: ArrayLike | None) -> Array | None:
        if len(self.model.beta) == 2:
            return None
        known = np.zeros(0) if first_scores is None else np.asarray(first_scores, float)
        if len(known) != self.n_clients:
            raise ClinicalError("first_scores", "This line starts from the first score.", "Give one per client.")
        return np.asarray((known - self.model.intake_mean) / self.model.intake_sd)

    def _expected(self, clients: Clients, line: Array) -> Array:
        beta = self.model.beta
        if self.intake is None:
            return np.asarray(beta[0] + beta[1] * line)
        x = self.intake[clients]
        return np.asarray(beta[0] + beta[2] * x + (beta[1] + beta[3] * x) * line)

    def _checked(self, clients: ArrayLike) -> Clients:
        found = np.asarray(clients, np.intp)
        if len(found) and not 0 <= found.min() <= found.max() < self.n_clients:
            raise OutOfRange("clients", "There is no such client.", "Number clients from 0.")
        return found

    def add(self, clients: ArrayLike, sessions: ArrayLike, scores: ArrayLike, *, weight: int = 1) -> None:
        """Take scores in (``weight=-1``: back out). A client may come more than once in a batch."""
        who, at, y = self._checked(clients), np.asarray(sessions, float), np.asarray(scores, float)
        if not len(who) == len(at) == len(y):
            raise ClinicalError("scores", "Each score has a client and a session.", "Give columns of one length.")
        if len(at) and (at.min() < 1 or not np.isfinite(y).all()):
            raise OutOfRange("sessions", "A session is below 1 or a score missing.", "Leave missing scores out.")
        line = np.log(at)
        residual = y - self._expected(who, line)
        parts = np.ones(len(who)), line, line * line, residual, residual * line
        for total, part in zip(self._sums, parts, strict=True):
            np.add.at(total, who, weight * part)

    def posterior(self, clients: ArrayLike) -> LivePosterior:
        """What is known of these clients' own lines."""
        who = self._checked(clients)
        n, line, line2, residual, residual_line = (total[who] for total in self._sums)
        (d0, d1), (_, d2) = np.linalg.inv(np.array(self.model.d)).tolist()
        precision = 1 / self.model.sigma2
        a00, a01, a11 = d0 + n * precision, d1 + line * precision, d2 + line2 * precision
        over = 1 / (a00 * a11 - a01 * a01)
        cov00, cov01, cov11 = a11 * over, -a01 * over, a00 * over
        right0, right1 = residual * precision, residual_line * precision
        mean0, mean1 = cov00 * right0 + cov01 * right1, cov01 * right0 + cov11 * right1
        return LivePosterior(mean0, mean1, cov00, cov01, cov11, n)

    def update(self, clients: ArrayLike, sessions: ArrayLike, scores: ArrayLike) -> LivePosterior:
        """Take scores in and say what is now known of their clients."""
        self.add(clients, sessions, scores)
        return self.posterior(clients)

    def forecast(self, clients: ArrayLike, sessions: ArrayLike) -> LiveForecast:
        """What these clients may score at a session to come."""
        who, known = self._checked(clients), self.posterior(clients)
        at = np.asarray(sessions, float)
        if at.min(initial=1) < 1:
            raise OutOfRange("sessions", "The first session is number 1.", "Count scored sessions from 1.")
        line = np.log(at)
        mean = self._expected(who, line) + known.mean0 + known.mean1 * line
        true = known.cov00 + 2 * line * known.cov01 + line * line * known.cov11
        return LiveForecast(mean, np.sqrt(true), np.sqrt(true + self.model.sigma2))
