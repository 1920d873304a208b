"""A practice's own expected course: a fitted growth line as a model of courses.

The line must have ln(session) as its time and no covariate but the centred intake score. Where clients do not differ in
one direction at all (a singular fit), the smallest variance is raised to 10⁻⁶ of all, as the arithmetic of a single
client needs some.
"""

from __future__ import annotations

from rapport.clinical.outcomes.expected_course import GrowthModel, as_matrix
from rapport.clinical.outcomes.growth_prior import project_to_positive
from rapport.clinical.statistics.growth import GrowthFit


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
