"""NHS Talking Therapies, England, 2017-18 to 2024-25: the five published rates follow from the published counts.

Contains public sector information licensed under the Open Government Licence v3.0.
"""

from collections import defaultdict

import pytest
from tests.clinical.readers import rows

from rapport.clinical.outcomes.service.benchmarks import BenchmarkDesign, benchmarks, terms
from rapport.clinical.outcomes.service.parts import Counted, RateCode
from rapport.clinical.outcomes.service.rates import rate

YEARS: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
for row in rows("england_total_measures_annual"):
    YEARS[row["reporting_period"]][row["measure_name"], row["measure_statistic"]] = float(row["value"])
RATES = {
    "recovery": (RateCode.RECOVERY, Counted.FINISHED_NOT_BELOW),
    "reliable_recovery": (RateCode.RELIABLE_RECOVERY, Counted.FINISHED_NOT_BELOW),
    "improvement": (RateCode.RELIABLE_IMPROVEMENT, Counted.FINISHED),
    "deterioration": (RateCode.RELIABLE_DETERIORATION, Counted.FINISHED),
    "no_reliable_change": (RateCode.NO_RELIABLE_CHANGE, Counted.FINISHED),
}


def test_there_are_eight_years() -> None:
    assert sorted(YEARS) == [f"{year}-{year - 1999}" for year in range(2017, 2025)]


@pytest.mark.parametrize("year", sorted(YEARS))
@pytest.mark.parametrize("name", sorted(RATES))
def test_the_published_rate(year: str, name: str) -> None:
    told, (code, counted) = YEARS[year], RATES[name]
    finished, below = int(told["finished_course_treatment", "count"]), int(told["not_at_caseness", "count"])
    out_of = finished - below if counted is Counted.FINISHED_NOT_BELOW else finished
    found = rate(code, counted, int(told[name, "count"]), out_of)
    assert found.share is not None
    assert round(100 * found.share, 1) == told[name, "percentage"]


def test_dividing_by_everybody_at_caseness_is_another_rate() -> None:
    wrong = [
        round(100 * told["recovery", "count"] / told["at_caseness", "count"], 1) != told["recovery", "percentage"]
        for told in YEARS.values()
    ]
    assert sum(wrong) == 7


def test_every_annual_figure_names_its_publication_and_year_and_is_checked() -> None:
    """Each was recomputed here from the counts, so each says that it was checked."""
    found = [one for one in benchmarks() if one.design is BenchmarkDesign.NATIONAL_SERVICE]
    assert len(found) == len(YEARS) * len(RATES)
    for one in found:
        ends = int(one.as_of[:4])
        assert one.as_of == f"{ends}-03-31"
        assert "NHS England, NHS Talking Therapies, for anxiety and depression, Annual reports" in one.source
        assert f"{ends - 1}-{ends % 100}" in one.source
        assert one.verified is True


def test_the_benchmarks_carry_the_published_figures() -> None:
    known = {(one.as_of, one.figure): one.value for one in benchmarks() if one.design.value == "national_service"}
    for year, told in YEARS.items():
        for name, (code, _) in RATES.items():
            value = known[f"{2000 + int(year[-2:])}-03-31", code.value]
            assert round(100 * value, 1) == told[name, "percentage"]
    assert "Open Government Licence v3.0" in terms()["nhs"]
