"""66 depressed inpatients (Reisby et al. 1977), first to last weekly total of the Hamilton scale.

The clinical norm is the sample's own first known score (n = 66), reliability .80, functional norm 8 (8).
"""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from tests.clinical.readers import rows

from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.caseload import CaseloadReading, read_caseload
from rapport.clinical.outcomes.course import DatedScore
from rapport.clinical.outcomes.cut_offs import ChangeClass, CutOffKind
from rapport.clinical.outcomes.yardstick import Basis


@pytest.fixture(scope="module")
def ward() -> CaseloadReading:
    courses: dict[str, list[DatedScore]] = defaultdict(list)
    admitted = date(2026, 1, 5)
    for row in rows("riesby"):
        value = float(row["hamd"]) if row["hamd"] not in ("", "NA") else None
        courses[row["id"]].append(DatedScore(admitted + timedelta(weeks=int(row["week"])), value))
    return read_caseload(list(courses.values()), load_instrument("hrsd"))


def test_the_classes_add_up_to_everybody(ward: CaseloadReading) -> None:
    assert ward.n == 66
    assert ward.counts == {
        ChangeClass.RECOVERED: 40,
        ChangeClass.IMPROVED: 9,
        ChangeClass.UNCHANGED: 14,
        ChangeClass.DETERIORATED: 3,
        ChangeClass.NOT_CLASSIFIABLE: 0,
    }


def test_the_rule_and_its_cut_off(ward: CaseloadReading) -> None:
    assert ward.rule.basis is Basis.JACOBSON_TRUAX
    assert ward.rule.cut_kind is CutOffKind.C
    assert ward.rule.cut == pytest.approx(17.73, abs=0.005)
    assert ward.own_sample


def test_who_began_in_the_healthy_range_gets_no_class_but_is_counted(ward: CaseloadReading) -> None:
    assert ward.began_healthy == 7
    assert sum(reading.outcome is None for reading in ward.readings) == 7


def test_all_375_scores_are_there(ward: CaseloadReading) -> None:
    assert sum(reading.n for reading in ward.readings) == 375
    assert sum(reading.missing for reading in ward.readings) == 21
