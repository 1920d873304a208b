"""A practice's own line: none below thirty, the assumed line moved, a line of its own, what cannot be learned."""

from __future__ import annotations

import numpy as np
import pytest

from rapport.clinical.outcomes.expected_course import GrowthModel, band_from_first, draw_course
from rapport.clinical.outcomes.following.practice_line import practice_line
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, ClientScores, prior_from_moments
from rapport.clinical.outcomes.learned_course import line_of_practice
from rapport.clinical.outcomes.signals import Rung

PRIOR = prior_from_moments(PHQ9_MOMENTS)
TRUTH = GrowthModel((17.0, -4.0), PRIOR.d, PRIOR.sigma2)
SESSIONS = (1, 2, 3, 5, 8)


def invented(n: int) -> list[ClientScores]:
    """Courses of people who get better faster than is assumed."""
    return [
        ClientScores(SESSIONS, tuple(map(float, draw_course(TRUTH, SESSIONS, seed=number, low=0, high=27))))
        for number in range(n)
    ]


@pytest.mark.parametrize(
    ("n", "rung"),
    [(30, Rung.PRIOR_AND_PRACTICE), (199, Rung.PRIOR_AND_PRACTICE), (200, Rung.OWN_MODEL), (1000, Rung.STRATA)],
)
def test_each_step_of_the_ladder_has_its_line(n: int, rung: Rung) -> None:
    found = practice_line([*invented(n), ClientScores((1, 2), (20, 20))], PRIOR)
    assert found is not None
    assert (found.rung, found.n_clients) == (rung, n)
    assert len(found.models) == (5 if rung is Rung.STRATA else 1)
    assert {len(model.beta) for model in found.models} == {2 if rung is Rung.PRIOR_AND_PRACTICE else 4}


def test_a_line_of_ones_own_foretells_its_own_people() -> None:
    found = practice_line(invented(400), PRIOR)
    assert found is not None
    inside = [
        band.low80 <= score <= band.high80
        for one in invented(500)[400:]
        for session, score in zip(one.sessions[1:], one.scores[1:], strict=True)
        for band in [band_from_first(found.model_for(one.scores[0]), one.scores[0], session)]
    ]
    assert 0.74 < sum(inside) / len(inside) < 0.9


def test_a_measure_without_an_assumed_line_waits_for_two_hundred() -> None:
    assert practice_line(invented(199), None) is None
    found = practice_line(invented(200), None)
    assert found is not None
    assert (found.rung, found.n_clients, len(found.models)) == (Rung.OWN_MODEL, 200, 1)
    with_prior = practice_line(invented(200), PRIOR)
    assert with_prior is not None
    assert found.models == with_prior.models, "of its own people alone, whatever was assumed"


def test_the_practice_moves_the_assumed_line_towards_itself() -> None:
    found = practice_line(invented(150), PRIOR)
    assert found is not None
    assert TRUTH.beta[1] - 1 < found.models[0].beta[1] < PRIOR.beta[1]


@pytest.mark.parametrize(
    ("courses", "prior"),
    [
        ([], PRIOR),
        (invented(29), PRIOR),
        (invented(40), None),
        ([ClientScores((1, 2, 3), (9, 9, 9))] * 40, PRIOR),
        ([ClientScores((1, 1, 1), (9, 8, 7))] * 40, PRIOR),
    ],
)
def test_what_teaches_nothing_leaves_no_line(courses: list[ClientScores], prior: GrowthModel | None) -> None:
    assert practice_line(courses, prior) is None


@pytest.mark.parametrize(("end", "strata"), [(27.0, 4), (5.0, 4)])
def test_many_who_began_at_an_end_of_the_scale_are_one_stratum(end: float, strata: int) -> None:
    """Two in five began at the highest (lowest) score there is: no stratum is empty, and everybody has a line."""
    rng = np.random.default_rng(7)
    n = 1_000
    began = np.where(np.arange(n) % 5 < 2, end, rng.integers(6, 27, n)).astype(float)
    who, at = np.repeat(np.arange(n), 5), np.tile(np.arange(1.0, 6.0), n)
    first = began[who]
    scores = first - 3 * np.log(at) * (1 + rng.normal(0, 0.2, n)[who]) + np.where(at > 1, rng.normal(0, 2, 5 * n), 0)
    line = line_of_practice(who, at, scores, first, prior=prior_from_moments(PHQ9_MOMENTS))
    assert line.rung is Rung.STRATA
    assert len(line.models) == len(line.edges) + 1 == strata
    assert len(set(line.edges)) == len(line.edges)
    assert all(np.isfinite(model.beta).all() for model in line.models)
    assert set(line.stratum(began).tolist()) == set(range(strata))
