"""What a practice's own courses come to: the line of the step of the data ladder they reach, or none yet.

Clients with three scores or more count. Up to 29 teach nothing (no line could be told from a single one of them);
30 to 199 move the assumed line, which counts as 30 clients; from 200 on the practice has a line of its own, from the
standardised first score (scores of later sessions are its outcome). Limits: one line for all who answer a measure here;
strata by first score, from 1,000 on, are not drawn: the own line stands for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.expected_course import GrowthModel
from rapport.clinical.outcomes.growth_prior import ClientScores, learned_line
from rapport.clinical.outcomes.learned_course import as_course_model, static_line
from rapport.clinical.outcomes.signals import Rung, rung
from rapport.clinical.statistics.growth import fit, statistics_of

LEAST_SCORES = 3
SOURCE = "Own clients of this practice"


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A line with the step it stands on and how much it was learned from."""

    model: GrowthModel
    rung: Rung
    n_clients: int
    n_scores: int


def practice_line(courses: Sequence[ClientScores], prior: GrowthModel | None) -> PracticeLine | None:
    """The line of these courses, each with its sessions counted from 1; None where they teach nothing yet.

    >>> from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
    >>> prior = prior_from_moments(PHQ9_MOMENTS)
    >>> steep = [ClientScores((1, 2, 4), (15 + n % 3, 11 + n % 2, 7 + n % 4)) for n in range(40)]
    >>> practice_line(steep[:29], prior)
    >>> found = practice_line(steep, prior)
    >>> found.rung.value, found.n_clients, found.model.beta[1] < prior.beta[1]
    ('prior_and_practice', 40, True)
    """
    told = [one for one in courses if len(one.scores) >= LEAST_SCORES]
    step = rung(len(told))
    if step is Rung.PRIOR or (step is Rung.PRIOR_AND_PRACTICE and prior is None):
        return None
    try:
        model = _moved(told, prior) if step is Rung.PRIOR_AND_PRACTICE and prior else _own(told)
    except ClinicalError:  # scores that do not move, or all of one session: they say nothing of a course
        return None
    kept = Rung.OWN_MODEL if step is Rung.STRATA else step
    return PracticeLine(model, kept, len(told), sum(len(one.scores) for one in told))


def _moved(courses: Sequence[ClientScores], prior: GrowthModel) -> GrowthModel:
    """The assumed line, moved by the practice's own courses."""
    ids, sessions, scores = _rows(courses)
    own = as_course_model(fit(statistics_of(ids, np.log(sessions), scores)), source=SOURCE)
    return learned_line(prior, courses, own)


def _own(courses: Sequence[ClientScores]) -> GrowthModel:
    """A line from the first score."""
    if len({one.scores[0] for one in courses}) == 1:
        raise ClinicalError("scores", "Everybody began at the same score.", "Wait for courses that began elsewhere.")
    ids, sessions, scores = _rows(courses)
    line = static_line(ids, sessions, scores, [courses[number].scores[0] for number in ids])
    return replace(line, source=SOURCE)


def _rows(courses: Sequence[ClientScores]) -> tuple[list[int], list[float], list[float]]:
    """The scores of all courses in long form: whose, of which session, how much."""
    rows = [
        (number, session, score)
        for number, one in enumerate(courses)
        for session, score in zip(one.sessions, one.scores, strict=True)
    ]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
