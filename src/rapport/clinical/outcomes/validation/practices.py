"""Invented practices whose truth is known: courses drawn from a growth line, on a form's scale or without its ends."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.validation.courses import CourseTable


@dataclass(frozen=True, slots=True)
class Practice:
    """How courses come about. ``low`` and ``high`` cut and round scores to a form's scale; None leaves them normal.

    A course has ``shortest`` to ``longest`` sessions, each as likely; a later form is missing with chance ``missing``.
    """

    line: GrowthModel
    low: float | None = None
    high: float | None = None
    shortest: int = 3
    longest: int = 12
    missing: float = 0.1


def simulated_practice(practice: Practice, n_clients: int, *, seed: int, therapists: int | None = None) -> CourseTable:
    """Draw the courses of ``n_clients``; the same seed gives the same practice.

    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> table = simulated_practice(Practice(prior_from_moments(PHQ9_MOMENTS), 0, 27), 50, seed=1)
    >>> table.n_clients, bool(((table.score >= 0) & (table.score <= 27)).all())
    (50, True)
    """
    if n_clients < 1 or not 1 <= practice.shortest <= practice.longest:
        raise OutOfRange("n_clients", "A practice has clients with sessions.", "Give at least one of each.")
    line, chance = practice.line, np.random.default_rng(seed)
    if len(line.beta) != 2:
        raise OutOfRange("line", "Courses are drawn from the joint line.", "Give a line with two coefficients.")
    lengths = chance.integers(practice.shortest, practice.longest, n_clients, endpoint=True)
    own = chance.multivariate_normal(np.array(line.beta), np.array(line.d), n_clients)
    client = np.repeat(np.arange(n_clients), lengths)
    session = np.arange(len(client)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1.0
    score = own[client, 0] + own[client, 1] * np.log(session)
    score += chance.normal(0.0, math.sqrt(line.sigma2), len(score))
    if practice.low is not None and practice.high is not None:
        score = np.round(np.clip(score, practice.low, practice.high))
    kept = (session == 1) | (chance.uniform(size=len(session)) >= practice.missing)
    by = None if therapists is None else chance.integers(0, therapists, n_clients)[client[kept]]
    return CourseTable.of(client[kept], session[kept], score[kept], by)
