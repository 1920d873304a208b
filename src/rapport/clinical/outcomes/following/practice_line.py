"""What a practice's own courses come to: the step of the data ladder they reach, or no line of their own yet.

Clients with three scores or more count; up to 29 teach nothing, so that no line tells of a single person. A measure
without an assumed line has no second step: from 200 clients on it gets one of its own, the same for all first scores.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.growth_prior import ClientScores
from rapport.clinical.outcomes.learned_course import OwnLine, line_of_practice, static_line
from rapport.clinical.outcomes.signals import Rung, rung

LEAST_SCORES = 3
OWN_STEPS = (Rung.OWN_MODEL, Rung.STRATA)


def practice_line(courses: Sequence[ClientScores], prior: GrowthModel | None) -> OwnLine | None:
    """The line of these courses, each with its sessions counted from 1; None where they teach nothing yet.

    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> prior = prior_from_moments(PHQ9_MOMENTS)
    >>> steep = [ClientScores((1, 2, 4), (15 + n % 3, 11 + n % 2, 7 + n % 4)) for n in range(40)]
    >>> practice_line(steep[:29], prior)
    >>> found = practice_line(steep, prior)
    >>> found.rung.value, found.n_clients, found.models[0].beta[1] < prior.beta[1]
    ('prior_and_practice', 40, True)
    """
    told = [one for one in courses if len(one.scores) >= LEAST_SCORES]
    step = rung(len(told))
    if step is Rung.PRIOR or (prior is None and step not in OWN_STEPS):
        return None
    rows = [
        (number, session, score, one.scores[0])
        for number, one in enumerate(told)
        for session, score in zip(one.sessions, one.scores, strict=True)
    ]
    clients, sessions, scores, first = zip(*rows, strict=True)
    try:
        if prior is None:
            return OwnLine(Rung.OWN_MODEL, len(told), (static_line(clients, sessions, scores, first),))
        return line_of_practice(clients, sessions, scores, first, prior=prior)
    except ClinicalError:  # scores that do not move, or all of one session: they say nothing of a course
        return None
