"""By which rule a course is read, at the rule's own edges."""

from __future__ import annotations

from dataclasses import replace
from statistics import stdev

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.measures.registry import available_packs, load_instrument
from rapport.clinical.outcomes.cut_offs import CutOffKind
from rapport.clinical.outcomes.reliable_change import Reference, least_reliable_change
from rapport.clinical.outcomes.yardstick import Basis, Yardstick, with_sample, yardstick

PHQ9 = load_instrument("phq9")
WHO5 = load_instrument("who5", packs={"who5"})


def rule(basis: Basis, least: float, direction: Direction = Direction.LOWER) -> Yardstick:
    return Yardstick(basis, direction, 0, 27, 10, CutOffKind.GIVEN, least, "", True)


def own(**known: float) -> CustomMeasure:
    return CustomMeasure("x", "X", Norms(0, 40, Direction.LOWER, **known, source="Somebody", verified=True))


@pytest.mark.parametrize(
    ("change", "nhs", "strict"),
    [(-6, 1, 0), (-6.01, 1, 1), (-5.99, 0, 0), (6, -1, 0), (6.01, -1, -1), (5.99, 0, 0), (0, 0, 0)],
)
def test_the_nhs_counts_its_points_and_jacobson_and_truax_want_more(change: float, nhs: int, strict: int) -> None:
    assert rule(Basis.NHS, 6).reliable(change) == nhs
    assert rule(Basis.JACOBSON_TRUAX, 6).reliable(change) == strict
    assert rule(Basis.NHS, 6, Direction.HIGHER).reliable(change) == -nhs


def test_on_a_scale_of_means_less_than_a_point_can_be_reliable() -> None:
    """The MI and the PDSS count in parts of a point: better by 0.73 is better, not worse."""
    assert [rule(Basis.NHS, 0.73).reliable(change) for change in (1.67 - 2.40, 2.40 - 1.67, -0.72)] == [1, -1, 0]


@pytest.mark.parametrize(("score", "nhs", "strict", "healthy"), [(9, False, False, True), (10, True, False, False),
                                                                 (11, True, True, False)])  # fmt: skip
def test_a_score_on_the_cut_off_is_clinical_for_the_nhs_and_on_neither_side_else(
    score: float, nhs: bool, strict: bool, healthy: bool
) -> None:
    assert rule(Basis.NHS, 6).clinical(score) is nhs
    assert rule(Basis.JACOBSON_TRUAX, 6).clinical(score) is strict
    assert rule(Basis.NHS, 6).healthy(score) is rule(Basis.JACOBSON_TRUAX, 6).healthy(score) is healthy
    assert replace(rule(Basis.NHS, 6), cut=None).clinical(score) is None


@pytest.mark.parametrize(
    ("measure", "first", "near"),
    [(PHQ9, 5, True), (PHQ9, 6, False), (WHO5, 90, True), (WHO5, 50, False), (WHO5, 10, False)],
)
def test_near_the_best_is_near_the_healthy_end_of_its_own_scale(measure: Instrument, first: float, near: bool) -> None:
    assert yardstick(measure).near_best(first) is near


def test_the_nhs_rule_is_whole() -> None:
    change, cut = PHQ9.change[0], PHQ9.cut_off
    assert cut is not None
    expected = Yardstick(Basis.NHS, Direction.LOWER, 0, 27, 10, CutOffKind.GIVEN, 6, change.source, True)
    assert yardstick(PHQ9) == expected
    assert not yardstick(replace(PHQ9, cut_off=replace(cut, verified=False))).verified
    assert not yardstick(replace(PHQ9, change=(replace(change, verified=False),))).verified


def test_only_measures_of_the_nhs_are_read_by_its_rule() -> None:
    """PCL-5 has a published reliable change of its own, and that is no rule for counting of the NHS."""
    by_nhs = {one for one in ("phq9", "gad7", "pcl5", "k10", "core10", "who5")
              if yardstick(load_instrument(one, packs=available_packs())).basis is Basis.NHS}  # fmt: skip
    assert by_nhs == {"phq9", "gad7"}


@pytest.mark.parametrize(
    ("known", "kind", "cut"),
    [
        ({"clinical_mean": 20, "functional_mean": 8, "functional_sd": 5}, CutOffKind.C, 14),
        ({"clinical_mean": 20}, CutOffKind.A, 10),
        ({"cut": 15}, CutOffKind.GIVEN, 15),
        ({}, None, None),
    ],
)
def test_the_strict_rule_is_whole(known: dict[str, float], kind: CutOffKind | None, cut: float | None) -> None:
    measure = own(reliability=0.8, clinical_sd=5, **known)
    for confidence in (0.95, 0.8):
        least = least_reliable_change(Reference(0.8, 5), confidence)
        assert yardstick(measure, confidence=confidence) == Yardstick(
            Basis.JACOBSON_TRUAX, Direction.LOWER, 0, 40, cut, kind, least, "Somebody", True, "", confidence,
            measure.norms,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "reason"), [({"clinical_sd": 5, "cut": 9}, "no_reliability"), ({"reliability": 0.8, "cut": 9},
                                                                            "no_clinical_sd")])  # fmt: skip
def test_without_norms_nobody_is_judged(known: dict[str, float], reason: str) -> None:
    found = yardstick(own(**known))
    assert (found.basis, found.reason) == (Basis.NONE, reason)
    assert (found.cut, found.cut_kind, found.least_change, found.norms) == (None, None, None, own(**known).norms)
    assert not found.near_best(0)


def test_norms_that_are_handed_in_replace_all_of_its_own() -> None:
    norms = Norms(0, 27, Direction.LOWER, 0.84, 15.4, 5.5, 3.3, 3.8)
    found = yardstick(PHQ9, norms=norms)
    assert (found.basis, found.cut_kind, found.norms) == (Basis.JACOBSON_TRUAX, CutOffKind.C, norms)


def test_thirty_people_are_a_norm_and_no_fewer() -> None:
    scores = [float(18 + n % 7) for n in range(30)]
    found = with_sample(PHQ9.norms, scores)
    assert (found.clinical_mean, found.clinical_sd) == (sum(scores) / 30, stdev(scores))
    with pytest.raises(ClinicalError) as refused:
        with_sample(PHQ9.norms, scores[:29])
    assert refused.value.field == "first_scores"
