"""What holds for every change: direction, scale, classes, bands."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import available_packs, load_instrument
from rapport.clinical.outcomes.cut_offs import ChangeClass, classify, count_classes, cut_a, cut_b, cut_c
from rapport.clinical.outcomes.expected_course import CourseBand, GrowthModel, as_matrix, course_band, update
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
from rapport.clinical.outcomes.nhs_talking_therapies import pair_flags
from rapport.clinical.outcomes.reliable_change import (
    Array,
    Method,
    NotDefined,
    change_index,
    critical_value,
    reference_of,
)

PAIRS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=15)
EVERY_METHOD = st.sampled_from(Method)
LINE = prior_from_moments(PHQ9_MOMENTS)


def indices(pairs: list[tuple[int, int]], method: Method, by: float = 1.0, shift: float = 0.0) -> Array:
    """The index of everybody, the sample itself being the norm; samples without a defined index are not of interest."""
    pre, post = ([by * one + shift for one in part] for part in zip(*pairs, strict=True))
    assume(np.std(pre) > 0.5 and np.std(post) > 0.5 and 0.1 < abs(np.corrcoef(pre, post)[0, 1]) < 0.95)
    try:
        return change_index(pre, post, reference_of(pre, post, 0.8, 0.75), method)
    except NotDefined:
        assume(False)
        raise


@given(PAIRS, EVERY_METHOD)
def test_turning_the_scale_round_turns_every_index_round(pairs: list[tuple[int, int]], method: Method) -> None:
    plain, turned = indices(pairs, method), indices(pairs, method, by=-1.0, shift=40.0)
    np.testing.assert_allclose(turned, -plain, atol=1e-8)


@given(PAIRS, EVERY_METHOD, st.sampled_from([0.25, 4.0]), st.integers(-20, 20))
def test_points_of_another_size_change_no_index(
    pairs: list[tuple[int, int]], method: Method, by: float, shift: int
) -> None:
    np.testing.assert_allclose(indices(pairs, method), indices(pairs, method, by=by, shift=shift), atol=1e-8)


@given(PAIRS, EVERY_METHOD, st.integers(1, 39), st.sampled_from(Direction))
def test_everybody_is_in_exactly_one_class(
    pairs: list[tuple[int, int]], method: Method, cut: int, direction: Direction
) -> None:
    pre, post = zip(*pairs, strict=True)
    critical = critical_value(method)
    index = indices(pairs, method)
    classes = classify(pre, post, index, cut=cut, critical=critical, direction=direction)
    assert sum(count_classes(classes).values()) == len(pairs)
    better = direction.sign * index
    assert Counter(classes)[ChangeClass.UNCHANGED] == int((np.abs(better) <= critical).sum())
    improved = {ChangeClass.RECOVERED, ChangeClass.IMPROVED}
    assert [one in improved for one in classes] == (better > critical).tolist()


@given(st.floats(10, 30), st.floats(1, 9), st.floats(0, 9), st.floats(1, 9))
def test_cut_c_lies_between_the_means_and_cuts_mirror(mean: float, sd: float, functional: float, spread: float) -> None:
    assert functional <= cut_c(mean, sd, functional, spread) <= mean
    assert cut_a(mean, sd, Direction.LOWER) == pytest.approx(40 - cut_a(40 - mean, sd, Direction.HIGHER))
    assert cut_b(functional, spread, Direction.LOWER) == pytest.approx(
        40 - cut_b(40 - functional, spread, Direction.HIGHER)
    )


QUADRUPLE = st.tuples(st.integers(0, 27), st.integers(0, 27), st.integers(0, 21), st.integers(0, 21))


@given(QUADRUPLE)
def test_nhs_flags_exclude_and_imply_each_other(scores: tuple[int, int, int, int]) -> None:
    flags, back = pair_flags(*scores), pair_flags(scores[1], scores[0], scores[3], scores[2])
    three = flags.reliable_improvement, flags.reliable_deterioration, flags.no_reliable_change
    assert sum(map(bool, three)) == 1
    assert bool(flags.reliable_improvement) == bool(back.reliable_deterioration)
    if flags.reliable_recovery:
        assert flags.recovery and flags.reliable_improvement and flags.case_at_start
        assert not flags.case_at_end


@given(st.floats(1, 40), st.floats(-20, 40), st.floats(0.1, 20))
def test_the_bounds_of_a_band_are_in_order(session: float, expected: float, sd: float) -> None:
    band = CourseBand(session, expected, sd)
    bounds = [band.low80, band.low68, expected, band.high68, band.high80]
    assert all(low < high for low, high in pairwise(bounds))


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 27)), max_size=8))
def test_every_score_makes_a_persons_line_more_certain(course: list[tuple[int, int]]) -> None:
    spreads = []
    for n in range(len(course) + 1):
        known = update(LINE, [float(one) for one, _ in course[:n]], [float(one) for _, one in course[:n]])
        spreads.append(np.linalg.det(np.array(known.cov)))
    assert all(later <= earlier for earlier, later in pairwise(spreads))


@given(st.floats(1, 30), st.floats(0.2, 5), st.floats(-9, 9))
def test_a_band_scales_with_its_scores(session: float, by: float, shift: float) -> None:
    scaled = GrowthModel(
        (by * LINE.beta[0] + shift, by * LINE.beta[1]),
        as_matrix(by**2 * np.array(LINE.d)),
        by**2 * LINE.sigma2,
    )
    plain, other = course_band(LINE, session), course_band(scaled, session)
    assert other.high80 == pytest.approx(by * plain.high80 + shift)


@pytest.mark.parametrize("name", ["phq9", "gad7", "phq15", "who5", "k10", "core10", "wsas", "audit_c"])
def test_the_bands_of_an_instrument_follow_each_other_and_fill_the_scale(name: str) -> None:
    instrument = load_instrument(name, packs=available_packs())
    ends = [(band.low, band.high) for band in instrument.bands]
    assert ends[0][0] == instrument.low
    assert ends[-1][1] == instrument.high
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(ends))
    assert all(band.source for band in instrument.bands)
