"""Many clients: as many patterns as clients, found by a sample first; and few patterns, found without sorting."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rapport.clinical.statistics.growth import GrowthStatistics, fit, fitting, patterns_of, statistics_of
from rapport.clinical.statistics.growth.patterns import alike

CLIENTS = 24_000
Column = NDArray[np.float64]


@pytest.fixture(scope="module")
def irregular() -> tuple[NDArray[np.intp], Column, Column]:
    chance = np.random.default_rng(5)
    ids = np.repeat(np.arange(CLIENTS), chance.integers(1, 7, CLIENTS))
    times = np.log1p(chance.uniform(0, 20, len(ids)))
    own = chance.multivariate_normal([15, -3], [[16, -2], [-2, 4]], CLIENTS)[ids]
    return ids, times, own[:, 0] + own[:, 1] * times + chance.normal(0, 3, len(ids))


def halves(ids: NDArray[np.intp], times: Column, scores: Column) -> tuple[GrowthStatistics, GrowthStatistics]:
    here = ids < 3000
    one, other = (statistics_of(ids[where], times[where], scores[where]) for where in (here, ~here))
    return one, other


def test_the_truth_is_found_again(irregular: tuple[NDArray[np.intp], Column, Column]) -> None:
    found = fit(statistics_of(*irregular))
    assert found.converged
    assert np.abs((found.beta - [15, -3]) / found.beta_se).max() < 4
    assert found.d == pytest.approx(np.array([[16, -2], [-2, 4]]), abs=0.6)
    assert found.sigma2 == pytest.approx(9, abs=0.3)


def test_a_sample_changes_the_way_but_not_the_end(
    irregular: tuple[NDArray[np.intp], Column, Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = patterns_of(statistics_of(*irregular))
    assert sums.zz.shape[1] > fitting.MANY
    with_sample = fit(sums)
    monkeypatch.setattr(fitting, "MANY", CLIENTS + 1)
    without = fit(sums)
    assert with_sample.criterion == pytest.approx(without.criterion, abs=1e-6)
    assert with_sample.beta == pytest.approx(without.beta, rel=1e-8)
    assert with_sample.d == pytest.approx(without.d, rel=1e-6)


def test_shards_of_many(irregular: tuple[NDArray[np.intp], Column, Column]) -> None:
    one, other = halves(*irregular)
    merged, whole = fit(one.merge(other)), fit(statistics_of(*irregular))
    assert merged.criterion == pytest.approx(whole.criterion, abs=1e-5)
    assert merged.d == pytest.approx(whole.d, rel=1e-6)


def test_whole_sessions_make_few_patterns_of_many_clients() -> None:
    chance = np.random.default_rng(8)
    count = chance.integers(1, 20, CLIENTS)
    ids = np.repeat(np.arange(CLIENTS), count)
    session = np.concatenate([np.arange(1, n + 1) for n in count])
    sums = statistics_of(ids, np.log(session), chance.normal(0, 1, len(ids)))
    assert patterns_of(sums).zz.shape == (3, 19)
    assert patterns_of(sums).n_clients == CLIENTS


@pytest.mark.parametrize("patterns", [3, 4000])
def test_patterns_with_and_without_room_in_the_table(patterns: int) -> None:
    chance = np.random.default_rng(2)
    key = chance.integers(0, 2**63, patterns, dtype=np.uint64)[chance.integers(0, patterns, 20_000)]
    first, code = alike(key)
    assert len(first) == len(np.unique(key))
    assert np.array_equal(key[first][code], key)
