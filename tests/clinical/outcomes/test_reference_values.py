"""Change values kept beside the instruments, against the independent arithmetic."""

from typing import Any

import pytest
from tests.clinical.readers import numbers

from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.cut_offs import cut_a, cut_b, cut_c
from rapport.clinical.outcomes.reference_values import (
    ErrorOfMeasure,
    UnknownMeasure,
    errors_of_measures,
    noticed,
    published_changes,
    scale_without_wording,
    why_no_reliable_change,
)
from rapport.clinical.outcomes.yardstick import yardstick

ROWS = list(zip(errors_of_measures(), numbers("instruments")["rows"], strict=True))


@pytest.mark.parametrize(("kept", "row"), ROWS, ids=lambda one: one["scale"] if isinstance(one, dict) else one.measure)
def test_every_row_comes_to_the_reference_numbers(kept: ErrorOfMeasure, row: dict[str, Any]) -> None:
    norms = kept.norms
    assert norms.reliability is not None
    assert norms.clinical_sd is not None
    sem = norms.clinical_sd * (1 - norms.reliability) ** 0.5
    assert (sem, sem * 2**0.5, kept.least_change) == pytest.approx((row["sem"], row["sdiff"], row["rc"]))
    assert kept.whole_points == row["rc_integer"]
    assert (norms.low, norms.high, norms.direction) == (row["min"], row["max"], Direction(row["direction"]))
    clinical, functional = norms.clinical_mean is not None, norms.functional_mean is not None
    assert (clinical, functional) == (row["cutoff_a"] is not None, row["cutoff_b"] is not None)
    if norms.clinical_mean is not None:
        assert cut_a(norms.clinical_mean, norms.clinical_sd, norms.direction) == pytest.approx(row["cutoff_a"])
    if norms.functional_mean is not None and norms.functional_sd is not None:
        assert cut_b(norms.functional_mean, norms.functional_sd, norms.direction) == pytest.approx(row["cutoff_b"])
        if norms.clinical_mean is not None:
            both = norms.clinical_mean, norms.clinical_sd, norms.functional_mean, norms.functional_sd
            assert cut_c(*both) == pytest.approx(row["cutoff_c"])


def test_alpha_gives_a_smaller_error_than_a_retest() -> None:
    for measure in ("phq9", "gad7"):
        within, between = errors_of_measures(measure)
        assert (within.reliability_of, between.reliability_of) == ("alpha", "retest")
        assert within.least_change < between.least_change


def test_unverified_values_say_so_and_every_value_has_a_source() -> None:
    assert {one.measure for one in errors_of_measures() if one.norms.verified} == {"core10", "k10"}
    assert all(one.card().source and one.card().verified == one.norms.verified for one in errors_of_measures())
    assert all(one.source for name in ("phq9", "gad7", "who5", "pcl5", "wsas") for one in published_changes(name))


def test_a_value_that_is_kept_says_of_what_and_from_where() -> None:
    first = errors_of_measures("phq9")[0]
    card = first.card()
    assert (first.measure, first.confidence) == ("phq9", 0.95)
    assert (card.value, card.unit, card.version) == (first.least_change, "points", "jacobson_truax/1")
    assert card.inputs == (("r", first.norms.reliability), ("S", first.norms.clinical_sd), ("reliability", "alpha"))
    assert card.source == first.norms.source
    assert {one.measure for one in published_changes("pcl5")} == {"pcl5"}
    assert {one.measure for one in errors_of_measures("gad7")} == {"gad7"}
    assert errors_of_measures("wsas_never") == ()


def test_what_people_notice() -> None:
    phq9, gad7 = noticed("phq9"), noticed("gad7")
    assert phq9 and gad7
    assert (phq9.percent, phq9.points, gad7.percent, gad7.points) == (21, 1.7, 26.8, 1.5)
    assert noticed("wsas") is None


def test_a_drinking_score_has_no_reliable_change() -> None:
    assert why_no_reliable_change("audit_c") == "report_band_changes_only"
    assert why_no_reliable_change("phq9") is None


@pytest.mark.parametrize(("name", "least"), [("cbi_personal", 17), ("cbi_work", 18), ("cbi_client", 19)])
def test_burnout_scales_without_their_wording(name: str, least: int) -> None:
    scale = scale_without_wording(name)
    rule = yardstick(scale.measure)
    assert (rule.cut, rule.verified) == (50, False)
    assert rule.least_change is not None
    assert least - 1 < rule.least_change < least
    codes = [band.code for score in (0, 49.9, 50, 75, 100) if (band := scale.band(score))]
    assert codes == ["below_the_line", "below_the_line", "raised", "high", "severe"]
    with pytest.raises(UnknownMeasure) as refused:
        scale_without_wording("wsas")
    assert refused.value.field == "measure"
    danish = errors_of_measures(name)[0].norms
    known = scale.measure.norms
    assert (known.low, known.high, known.direction) == (0, 100, Direction.LOWER)
    assert (known.reliability, known.clinical_mean, known.clinical_sd) == (danish.reliability, None, danish.clinical_sd)
    assert (known.functional_mean, known.functional_sd) == (danish.functional_mean, danish.functional_sd)
    assert (known.verified, scale.source) == (False, known.source)
    assert scale.items in (6, 7)
    assert (scale.measure.id, bool(scale.measure.title)) == (name, True)
    assert scale.band(-1) is None
