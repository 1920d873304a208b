"""What holds for every group, every curve and every set of studies."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rapport.clinical.statistics.effect_sizes import d_z, g_pre, g_pre_interval, pre_post
from rapport.clinical.statistics.funnel import binomial_limit
from rapport.clinical.statistics.meta_analysis.pooling import pool
from rapport.clinical.statistics.missing import baseline_carried, last_carried
from rapport.clinical.statistics.proportions import clopper_pearson_interval, wilson_interval
from rapport.clinical.statistics.survival.aalen_johansen import cumulative_incidence
from rapport.clinical.statistics.survival.kaplan_meier import kaplan_meier, restricted_mean

SCORES = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 27)), min_size=4, max_size=30)
LEAVING = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 2)), min_size=1, max_size=40)


@settings(deadline=None)
@given(SCORES, st.floats(0.1, 10), st.floats(-50, 50))
def test_units_and_direction_do_not_change_an_effect(scores: list[tuple[int, int]], unit: float, origin: float) -> None:
    pre, post = (np.array(each, float) for each in zip(*scores, strict=True))
    assume(np.ptp(pre) > 0 and np.ptp(post - pre) > 0)
    plain, turned = pre_post(pre, post, -1), pre_post(origin - unit * pre, origin - unit * post, 1)
    assert g_pre(turned) == pytest.approx(g_pre(plain), rel=1e-6, abs=1e-9)
    assert g_pre_interval(turned) == pytest.approx(g_pre_interval(plain), rel=1e-6, abs=1e-6)
    assert d_z(turned) == pytest.approx(d_z(plain), rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(LEAVING)
def test_ways_of_leaving_and_staying_add_up(people: list[tuple[int, int]]) -> None:
    times, causes = (np.array(each) for each in zip(*people, strict=True))
    found = cumulative_incidence(times, causes, 2)
    assert found.share.sum(axis=1) + found.still == pytest.approx(np.ones(found.still.size))
    assert (np.diff(found.share, axis=0) >= -1e-12).all()
    assert ((found.low <= found.share + 1e-9) & (found.share <= found.high + 1e-9)).all()


@settings(deadline=None)
@given(LEAVING)
def test_a_survival_curve_falls_and_its_mean_stays_below_the_horizon(people: list[tuple[int, int]]) -> None:
    times, causes = (np.array(each) for each in zip(*people, strict=True))
    curve = kaplan_meier(times, causes > 0)
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert 0 < restricted_mean(curve, 20).value <= 20 + 1e-9


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 60))
def test_intervals_hold_the_share_and_the_exact_one_reaches_further(count: int, n: int) -> None:
    assume(count <= n)
    wilson, exact = wilson_interval(count, n), clopper_pearson_interval(count, n)
    assert wilson is not None and exact is not None
    assert wilson[0] <= count / n <= wilson[1]
    assert exact[0] <= count / n <= exact[1]
    assert exact[1] - exact[0] >= wilson[1] - wilson[0] - 0.02


@settings(deadline=None)
@given(st.integers(1, 400), st.floats(0.05, 0.95))
def test_funnels_hold_their_target_and_nest(n: int, target: float) -> None:
    outer_low, low, high, outer_high = (float(binomial_limit(n, target, tail)) for tail in (0.001, 0.025, 0.975, 0.999))
    assert outer_low <= low <= target <= high + 1 / n
    assert high <= outer_high


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=3, max_size=12))
@example([(0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (1.0, 0.125)])
def test_the_order_of_studies_does_not_matter(found: list[tuple[float, float]]) -> None:
    y, v = (np.array(each) for each in zip(*found, strict=True))
    turned = slice(None, None, -1)
    one, other = pool(y, v), pool(y[turned], v[turned])
    assert other.estimate == pytest.approx(one.estimate, abs=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-6)
    assert min(y) - 1e-9 <= one.estimate <= max(y) + 1e-9


@settings(deadline=None)
@given(st.lists(st.lists(st.none() | st.integers(0, 27), min_size=4, max_size=4), min_size=1, max_size=10))
def test_carrying_never_changes_a_score_that_is_there(courses: list[list[int | None]]) -> None:
    table = np.array([[np.nan if one is None else one for one in course] for course in courses], float)
    there = ~np.isnan(table[:, -1])
    assert (last_carried(table)[there] == table[there, -1]).all()
    assert (baseline_carried(table)[there] == table[there, -1]).all()
