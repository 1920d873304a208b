"""A practice's own expected course: a fitted growth line as a model of courses.

The line must have ln(session) as its time and no covariate but the centred intake score. Where clients do not differ in
one direction at all (a singular fit), the smallest variance is raised to 10⁻⁶ of all, as the arithmetic of a single
client needs some. ``line_of_practice`` climbs the data ladder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rapport.clinical.outcomes.expected_course import GrowthModel, as_matrix
from rapport.clinical.outcomes.growth_prior import ClientScores, learned_line, project_to_positive
from rapport.clinical.outcomes.signals import Rung, rung
from rapport.clinical.statistics.growth import GrowthFit, fit, statistics_of

STRATA = 5


def as_course_model(fit: GrowthFit, *, source: str = "") -> GrowthModel:
    """The fit's line, D, σ² and the covariance of the line. Own numbers need no paper to be checked against.

    >>> import numpy as np
    >>> line, spread = np.array([15, -2.8]), np.array([[28.0, -5.0], [-5.0, 7.0]])
    >>> found = GrowthFit(line, np.eye(2) / 50, spread, 5.4, 10_000.0, 300, 2_000, True, False)
    >>> as_course_model(found, source="this practice").expected(1)
    15.0
    """
    covariance = tuple(tuple(row) for row in fit.beta_cov.tolist())
    d = as_matrix(project_to_positive(fit.d))
    return GrowthModel(tuple(fit.beta.tolist()), d, fit.sigma2, covariance, source, verified=True)


@dataclass(frozen=True, slots=True)
class OwnLine:
    """The line a practice's data allow and the rung it stands on; on the top rung one line per stratum of first scores.

    ``edges`` are the first scores at which the next stratum begins.
    """

    rung: Rung
    n_clients: int
    models: tuple[GrowthModel, ...]
    edges: tuple[float, ...] = ()

    def stratum(self, first_scores: ArrayLike) -> NDArray[np.intp]:
        """Which of the models fits people who began at these scores."""
        return np.searchsorted(np.array(self.edges), np.asarray(first_scores, float), side="right")

    def model_for(self, first_score: float) -> GrowthModel:
        """The line of somebody who began at this score."""
        return self.models[int(self.stratum(first_score))]


def static_line(clients: ArrayLike, sessions: ArrayLike, scores: ArrayLike, first: ArrayLike) -> GrowthModel:
    """The line of the later scores that starts from the standardised first score.

    Where all began at the same score there is nothing to start from: both its terms are 0.
    """
    who, at, y, began = (np.asarray(one, float) for one in (clients, sessions, scores, first))
    later = at > 1
    ids, times, outcomes = who[later], np.log(at[later]), y[later]
    mean, sd = float(began.mean()), float(began.std())
    if sd > 0:
        found = fit(statistics_of(ids, times, outcomes, (began[later] - mean) / sd))
        return replace(as_course_model(found), intake_mean=mean, intake_sd=sd)
    plain = fit(statistics_of(ids, times, outcomes))
    padded = replace(plain, beta=np.pad(plain.beta, (0, 2)), beta_cov=np.pad(plain.beta_cov, ((0, 2), (0, 2))))
    return replace(as_course_model(padded), intake_mean=mean)


def line_of_practice(
    clients: ArrayLike, sessions: ArrayLike, scores: ArrayLike, first: ArrayLike, *, prior: GrowthModel
) -> OwnLine:
    """Climb the data ladder as far as these courses reach; one row per score, ``first`` the client's first score.

    0–29 clients with three scores: the prior. 30–199: prior and practice. 200–999: an own line from the first score.
    From 1,000 on: one such line in each fifth of the first scores.

    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> prior = prior_from_moments(PHQ9_MOMENTS)
    >>> line_of_practice([1, 1, 1], [1, 2, 3], [15, 14, 11], [15, 15, 15], prior=prior).rung.value
    'prior'
    """
    who, at, y, began = (np.asarray(one, float) for one in (clients, sessions, scores, first))
    counts = np.unique(who, return_counts=True)[1]
    n = int((counts >= 3).sum())
    step = rung(n)
    if step is Rung.PRIOR:
        return OwnLine(step, n, (prior,))
    if step is Rung.PRIOR_AND_PRACTICE:
        own = as_course_model(fit(statistics_of(who, np.log(at), y)))
        courses = [ClientScores(tuple(at[who == one]), tuple(y[who == one])) for one in np.unique(who)]
        return OwnLine(step, n, (learned_line(prior, courses, own),))
    if step is Rung.OWN_MODEL:
        return OwnLine(step, n, (static_line(who, at, y, began),))
    per_client = began[np.unique(who, return_index=True)[1]]
    quantiles = np.quantile(per_client, np.arange(1, STRATA) / STRATA, method="higher")
    edges = np.unique(quantiles)  # scores somebody has: between two of them a stratum could be empty
    edges = edges[edges > per_client.min()]  # many who began at the end of the scale are one stratum
    places = np.searchsorted(edges, began, side="right")
    models = [static_line(*(one[places == place] for one in (who, at, y, began))) for place in range(len(edges) + 1)]
    return OwnLine(step, n, tuple(models), tuple(edges.tolist()))
