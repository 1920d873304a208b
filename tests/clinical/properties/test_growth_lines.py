"""What must hold of a growth line whatever the scores."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rapport.clinical.statistics.growth import GrowthFit, effects_of, fit, fit_rows, statistics_of

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Practice:
    ids: NDArray[np.int64]
    times: Column
    scores: Column
    intake: Column


@st.composite
def practices(draw: st.DrawFn) -> Practice:
    """20 to 60 invented clients, 1 to 8 sessions each, weekly or not."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = chance.integers(1, 9, draw(st.integers(20, 60)))
    ids = np.repeat(np.arange(len(count)) * 3, count)
    places = np.concatenate([np.arange(n) for n in count])
    times = np.log1p(places) if draw(st.booleans()) else places + chance.uniform(0, 0.9, len(places))
    own = chance.normal([15, -2], [4, draw(st.sampled_from([0.0, 1.5]))], (len(count), 2)).repeat(count, axis=0)
    scores = own[:, 0] + own[:, 1] * times + chance.normal(0, 3, len(ids))
    return Practice(ids, times, scores, chance.normal(0, 1, len(count)).repeat(count))


def same(one: GrowthFit, other: GrowthFit) -> None:
    """Alike as far as two runs to the same minimum are."""
    assert one.criterion == pytest.approx(other.criterion, abs=1e-6)
    assert one.beta == pytest.approx(other.beta, rel=1e-5, abs=1e-5)
    assert one.d == pytest.approx(other.d, rel=1e-3, abs=1e-4 * float(one.d[0, 0]) + 1e-6)
    assert one.sigma2 == pytest.approx(other.sigma2, rel=1e-4)


@settings(max_examples=20, deadline=None)
@given(practices(), st.booleans(), st.integers(0, 2**16))
def test_merging_shards_is_one_pass(practice: Practice, by_client: bool, seed: int) -> None:
    keys = practice.ids if by_client else np.arange(len(practice.ids))
    shard = np.random.default_rng(seed).integers(0, 3, keys.max() + 1)[keys]
    columns = practice.ids, practice.times, practice.scores, practice.intake
    parts = [statistics_of(*(column[shard == one] for column in columns)) for one in range(3)]
    whole, merged = statistics_of(*columns), parts[0].merge(parts[1]).merge(parts[2])
    assert merged.ids.tolist() == whole.ids.tolist()
    assert merged.origin == pytest.approx(whole.origin)
    assert np.allclose(merged.sums, whole.sums, atol=1e-7)
    same(fit(merged), fit(whole))


@settings(max_examples=20, deadline=None)
@given(practices(), st.booleans(), st.booleans())
def test_better_up_or_better_down_is_the_same(practice: Practice, reml: bool, slope: bool) -> None:
    up = statistics_of(practice.ids, practice.times, practice.scores)
    down = statistics_of(practice.ids, practice.times, -practice.scores)
    one, other = (fit(each, reml=reml, slope=slope) for each in (up, down))
    assert one.criterion == pytest.approx(other.criterion, abs=1e-6)
    assert one.beta == pytest.approx(-other.beta, rel=1e-6)
    assert effects_of(one, up).mean == pytest.approx(-effects_of(other, down).mean, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(practices(), st.floats(0.01, 100), st.floats(-1000, 1000), st.floats(0.01, 100), st.floats(-100, 100))
def test_units_and_origins_do_not_matter(
    practice: Practice, unit: float, origin: float, week: float, since: float
) -> None:
    """y → unit·y + origin, t → week·t + since; likewise any covariate."""
    plain = fit(statistics_of(practice.ids, practice.times, practice.scores, practice.intake), reml=False)
    other = fit(
        statistics_of(
            practice.ids, week * practice.times + since, unit * practice.scores + origin, 7 - 100 * practice.intake
        ),
        reml=False,
    )
    turn = np.array([[1.0, 0.0], [since, week]])
    back = turn.T @ other.d @ turn / unit**2
    assert other.criterion - 2 * len(practice.ids) * np.log(unit) == pytest.approx(plain.criterion, abs=1e-5)
    assert other.sigma2 / unit**2 == pytest.approx(plain.sigma2, rel=1e-4)
    assert back == pytest.approx(plain.d, rel=1e-3, abs=1e-3 * float(plain.d[0, 0]) + 1e-6)


@settings(max_examples=20, deadline=None)
@given(practices(), st.booleans(), st.booleans())
def test_the_rows_say_what_their_sums_say(practice: Practice, reml: bool, slope: bool) -> None:
    summed = fit(statistics_of(practice.ids, practice.times, practice.scores), reml=reml, slope=slope)
    rows = fit_rows(
        practice.ids, practice.scores, np.column_stack([np.ones(len(practice.ids)), practice.times]),
        times=practice.times if slope else None, reml=reml,
    )  # fmt: skip
    same(summed, rows)


@settings(max_examples=20, deadline=None)
@given(practices(), st.integers(0, 2**16))
def test_the_order_of_rows_does_not_matter(practice: Practice, seed: int) -> None:
    turned = np.random.default_rng(seed).permutation(len(practice.ids))
    columns = practice.ids, practice.times, practice.scores, practice.intake
    one, other = statistics_of(*columns), statistics_of(*(column[turned] for column in columns))
    assert other.ids.tolist() == one.ids.tolist()
    assert np.allclose(other.sums, one.sums)
    assert np.array_equal(other.covariates, one.covariates)


@settings(max_examples=20, deadline=None)
@given(practices())
def test_a_slope_more_never_fits_worse_and_a_missing_variance_is_said(practice: Practice) -> None:
    sums = statistics_of(practice.ids, practice.times, practice.scores)
    level, both = fit(sums, slope=False, reml=False), fit(sums, reml=False)
    assert both.converged
    assert both.criterion <= level.criterion + 1e-6
    values = np.linalg.eigvalsh(both.d)
    assert values.min() >= -1e-9 * values.max()
    assert np.isfinite(effects_of(both, sums).mean).all()
    if values.min() < 1e-10 * values.max():
        assert both.singular
