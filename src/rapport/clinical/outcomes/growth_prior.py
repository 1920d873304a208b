"""Where a growth line comes from when there are few data, and how a practice's own courses change it.

Cold start by moments of a pre–post sample, ℓ = ln(sessions between)::

    β0 = M_pre              β1 = (M_post − M_pre)/ℓ          σ² = S_pre²·(1 − reliability)
    D11 = S_pre² − σ²       D12 = (ρ·S_pre·S_post − D11)/ℓ   D22 = (S_post² − σ² − D11 − 2ℓ·D12)/ℓ²

If D is not positive definite its eigenvalues are raised to 10⁻⁶ of its trace. Learning counts the prior as ``n0`` = 30
clients. Limits: the shipped moments are assumptions (no publication giving a full line for PHQ-9 or GAD-7 was found).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.outcomes.expected_course import PSEUDO_CLIENTS, Array, GrowthModel, Matrix2, as_matrix


@dataclass(frozen=True, slots=True)
class Moments:
    """A published pre–post sample: means, SDs, correlation, reliability, number of sessions between."""

    mean_pre: float
    sd_pre: float
    mean_post: float
    sd_post: float
    correlation: float
    reliability: float
    sessions: float
    source: str = ""
    verified: bool = False


ASSUMED = "Assumed moments, not a citation"
PHQ9_MOMENTS = Moments(15, 5.8, 9.2, 6.5, 0.45, 0.84, 8, ASSUMED)
GAD7_MOMENTS = Moments(13, 4.9, 7.8, 5.5, 0.45, 0.83, 8, ASSUMED)


def project_to_positive(d: Array) -> Array:
    """The nearest such matrix whose eigenvalues are at least 10⁻⁶ of the trace."""
    values, vectors = np.linalg.eigh(d)
    return np.asarray((vectors * np.maximum(values, 1e-6 * float(np.trace(d)))) @ vectors.T)


def prior_from_moments(moments: Moments) -> GrowthModel:
    """A growth line that has these moments.

    >>> line = prior_from_moments(PHQ9_MOMENTS)
    >>> round(line.beta[1], 6), round(line.d[0][0], 6), round(line.d[0][1], 6), round(line.d[1][1], 6)
    (-2.78921, 28.2576, -5.430593, 7.214302)
    """
    if moments.sessions <= 1:
        raise OutOfRange("sessions", "A course has more than one session.", "Give the sessions between pre and post.")
    span = math.log(moments.sessions)
    sigma2 = moments.sd_pre**2 * (1 - moments.reliability)
    d11 = moments.sd_pre**2 - sigma2
    d12 = (moments.correlation * moments.sd_pre * moments.sd_post - d11) / span
    d22 = (moments.sd_post**2 - sigma2 - d11 - 2 * span * d12) / span**2
    d = np.array([[d11, d12], [d12, d22]])
    if float(np.linalg.eigvalsh(d).min()) < 1e-6 * float(np.trace(d)):
        d = project_to_positive(d)
    slope = (moments.mean_post - moments.mean_pre) / span
    return GrowthModel((moments.mean_pre, slope), as_matrix(d), sigma2, None, moments.source, moments.verified)


@dataclass(frozen=True, slots=True)
class ClientScores:
    """One client's scores by session number."""

    sessions: tuple[float, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LearnedBeta:
    """β after learning, with its covariance."""

    mean: tuple[float, float]
    cov: Matrix2


def learn_beta(
    prior_mean: Sequence[float],
    prior_cov: Sequence[Sequence[float]],
    d: Matrix2,
    sigma2: float,
    clients: Sequence[ClientScores],
) -> LearnedBeta:
    """Conjugate update: A = V0⁻¹ + ΣZ'S⁻¹Z, β = A⁻¹(V0⁻¹β0 + ΣZ'S⁻¹y), S = ZDZ' + σ²I."""
    precision = np.linalg.inv(np.array(prior_cov, float))
    right = precision @ np.array(prior_mean, float)
    for client in clients:
        z = np.column_stack([np.ones(len(client.sessions)), np.log(np.array(client.sessions, float))])
        weight = z.T @ np.linalg.inv(z @ np.array(d) @ z.T + sigma2 * np.eye(len(z)))
        precision = precision + weight @ z
        right = right + weight @ np.array(client.scores, float)
    cov = np.linalg.inv(precision)
    mean = cov @ right
    return LearnedBeta((float(mean[0]), float(mean[1])), as_matrix(cov))


def pool_variances(
    prior: GrowthModel, own_d: Matrix2, own_sigma2: float, n: int, n0: int = PSEUDO_CLIENTS
) -> tuple[Matrix2, float]:
    """D* = (n0·D0 + n·D̂)/(n0 + n), and σ² alike."""
    d = (n0 * np.array(prior.d) + n * np.array(own_d)) / (n0 + n)
    return as_matrix(d), (n0 * prior.sigma2 + n * own_sigma2) / (n0 + n)


def learned_line(
    prior: GrowthModel, clients: Sequence[ClientScores], own: GrowthModel | None = None, n0: int = PSEUDO_CLIENTS
) -> GrowthModel:
    """The line of the second rung: the prior as n0 pseudo-clients (V0 = D/n0) and the practice's own clients.

    ``own`` is the practice's own fit; its D and σ² are weighted with the prior's. Without it those stay the prior's.

    >>> prior = prior_from_moments(PHQ9_MOMENTS)
    >>> steep = [ClientScores((1, 2, 4), (15, 11, 7))] * 60
    >>> learned_line(prior, []).beta == prior.beta, learned_line(prior, steep).beta[1] < prior.beta[1]
    (True, True)
    """
    if len(prior.beta) != 2:
        raise OutOfRange("prior", "Only a line without the intake score learns so.", "Use the joint line.")
    d, sigma2 = (prior.d, prior.sigma2) if own is None else pool_variances(prior, own.d, own.sigma2, len(clients), n0)
    learned = learn_beta(prior.beta, (np.array(prior.d) / n0).tolist(), d, sigma2, clients)
    beta = learned.mean if clients else prior.beta
    source = f"{prior.source}; {len(clients)} own clients" if clients else prior.source
    return GrowthModel(beta, d, sigma2, learned.cov, source, prior.verified)
