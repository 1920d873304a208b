"""What a growth line cannot be drawn through is refused, with the column and the remedy."""

from typing import Any

import numpy as np
import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.statistics.growth import effects_of, fit, fit_rows, random_effects, statistics_of

IDS, TIMES = np.repeat(np.arange(8), 4), np.tile(np.arange(4.0), 8)
SCORES = np.random.default_rng(1).normal(15, 4, 32) + np.random.default_rng(2).normal(0, 4, 8)[IDS] - 2 * TIMES
NAN = np.where(np.arange(32) == 5, np.nan, SCORES)


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("scores", ([], [], [])),
        ("client_ids", (np.where(IDS == 2, np.nan, IDS), TIMES, SCORES)),
        ("scores", (IDS, TIMES, NAN)),
        ("times", (IDS, np.where(IDS == 2, np.inf, TIMES), SCORES)),
        ("scores", (IDS, TIMES, SCORES[:-1])),
        ("scores", (IDS, TIMES, SCORES.astype(str))),
        ("scores", (IDS, TIMES, SCORES.reshape(8, 4))),
        ("client_ids", (IDS.reshape(8, 4), TIMES, SCORES)),
        ("times", (IDS, TIMES + 1e9, SCORES)),
        ("covariates", (IDS, TIMES, SCORES, TIMES)),
        ("covariates", (IDS, TIMES, SCORES, IDS[:-1])),
        ("covariates", (IDS, TIMES, SCORES, np.where(IDS == 3, np.nan, IDS))),
    ],
)
def test_tables_that_are_refused(field: str, columns: tuple[Any, ...]) -> None:
    with pytest.raises(ClinicalError) as refused:
        statistics_of(*columns)
    assert refused.value.field == field
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("field", "columns", "how"),
    [
        ("scores", ([1], [0.0], [12.0]), {}),
        ("times", (IDS, np.zeros(32), SCORES), {}),
        ("scores", (IDS, TIMES, np.full(32, 7.3)), {}),
        ("scores", (IDS, TIMES, 20 - 2 * TIMES), {}),
        ("client_ids", (np.ones(32), np.arange(32.0), SCORES), {}),
        ("scores", (np.arange(32), TIMES, SCORES), {"slope": False}),
        ("scores", (np.arange(32) // 2, TIMES, SCORES), {}),
        ("covariates", (IDS, TIMES, SCORES, np.full(32, 3.1)), {}),
        ("covariates", (IDS, TIMES, SCORES, np.column_stack([IDS, 3 - 2 * IDS])), {}),
        ("covariates", (IDS, np.where(IDS > 4, 0.0, TIMES), SCORES, IDS > 4), {}),
    ],
)
def test_fits_that_are_refused(field: str, columns: tuple[Any, ...], how: dict[str, bool]) -> None:
    with pytest.raises(ClinicalError) as refused:
        fit(statistics_of(*columns), **how)
    assert refused.value.field == field


def test_one_more_score_is_enough_for_one_more_day() -> None:
    sums = statistics_of(IDS, TIMES, SCORES)
    later = sums.add([3], [4.0], [9.0])
    assert (later.n_clients, later.n_scores) == (8, 33)
    alone = random_effects(fit(sums), [99], [0.0], [22.0])
    assert alone.ids.tolist() == [99]
    assert alone.mean[0, 0] > 0


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int64, np.uint64, str])
def test_any_kind_of_identifier_in_any_order(kind: Any) -> None:
    turned = np.random.default_rng(4).permutation(32)
    names = (100 * (IDS % 3) - 90 * (kind is np.int8)).astype(kind)
    found = statistics_of(names[turned], TIMES[turned], SCORES[turned])
    assert found.ids.tolist() == np.unique(names).tolist()
    assert found.sums[0].sum() == 32
    assert fit(found).criterion == pytest.approx(fit(statistics_of(names, TIMES, SCORES)).criterion)


def test_other_covariates_than_the_line_has() -> None:
    line = fit(statistics_of(IDS, TIMES, SCORES))
    with pytest.raises(ClinicalError, match="other covariates"):
        random_effects(line, IDS, TIMES, SCORES, IDS)
    with pytest.raises(ClinicalError, match="differ in their covariates"):
        statistics_of(IDS, TIMES, SCORES).add(IDS, TIMES, SCORES, IDS)
    with pytest.raises(ClinicalError, match="changes within"):
        statistics_of(IDS, TIMES, SCORES, IDS).add(IDS, TIMES, SCORES, IDS + 1)


@pytest.mark.parametrize(
    ("field", "terms", "times"),
    [
        ("fixed", np.column_stack([np.ones(32), TIMES, 3 - TIMES]), TIMES),
        ("fixed", np.ones((31, 2)), None),
        ("fixed", np.random.default_rng(3).normal(0, 1, (32, 32)), None),
        ("times", np.ones(32), np.ones(32)),
    ],
)
def test_rows_that_are_refused(field: str, terms: Any, times: Any) -> None:
    with pytest.raises(ClinicalError) as refused:
        fit_rows(IDS, SCORES, terms, times=times)
    assert refused.value.field == field


def test_clients_who_differ_in_nothing_make_a_singular_fit() -> None:
    """Level and slope of all alike: both variances end at zero, the line is that of least squares, nobody departs."""
    chance = np.random.default_rng(6)
    scores = chance.normal(0, 3, (8, 4))
    scores -= scores.mean(axis=1, keepdims=True)
    sums = statistics_of(IDS, TIMES, (scores + 15 - 2 * np.arange(4)).ravel())
    found = fit(sums, slope=False)
    assert found.singular
    assert found.converged
    assert found.d.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert found.beta == pytest.approx(np.polyfit(TIMES, (scores + 15 - 2 * np.arange(4)).ravel(), 1)[::-1])
    assert not effects_of(found, sums).mean.any()


def test_a_singular_fit_still_forecasts() -> None:
    """Everybody's slope is the same: the slopes' variance ends at zero, or the correlation at one, and it says so."""
    chance = np.random.default_rng(11)
    level = chance.normal(15, 4, 8)[IDS]
    noise = chance.normal(0, 2, (8, 4))
    trend = np.arange(4) - 1.5
    noise -= np.outer(noise @ trend / (trend @ trend), trend)
    sums = statistics_of(IDS, TIMES, level - 2 * TIMES + noise.ravel())
    found = fit(sums)
    assert found.singular
    assert np.linalg.eigvalsh(found.d).min() == pytest.approx(0, abs=1e-9)
    assert found.criterion <= fit(sums, slope=False).criterion + 1e-9
    effects = effects_of(found, sums)
    assert np.isfinite(effects.mean).all()
    assert np.isfinite(effects.cov).all()
