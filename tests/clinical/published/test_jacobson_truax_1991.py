"""Jacobson & Truax 1991, J Consult Clin Psychol 59:12–19: the worked example and table 2 (30 couples)."""

import pytest
from tests.clinical.readers import rows

from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.cut_offs import ChangeClass, classify, count_classes, cut_a, cut_b, cut_c
from rapport.clinical.outcomes.reliable_change import Reference, change_index, critical_value, reference_of


def test_the_worked_example_of_one_couple() -> None:
    reference = Reference(reliability=0.80, sd=7.5)
    assert reference.s_diff == pytest.approx(4.74, abs=0.005)
    assert float(change_index(32.5, 47.5, reference)) == pytest.approx(3.16, abs=0.005)


def test_the_three_cut_offs() -> None:
    assert cut_a(40, 7.5, Direction.HIGHER) == 55
    assert cut_b(60, 7.5, Direction.HIGHER) == 45
    assert cut_c(40, 7.5, 60, 7.5) == 50


def test_table_2_thirty_couples() -> None:
    couples = rows("jt1991_table2_das")
    pre, post = ([float(row[name]) for row in couples] for name in ("pre", "post"))
    reference = reference_of(pre, post, reliability=0.80)
    assert reference.mean is not None
    cut = cut_c(reference.mean, reference.sd, 114, 14)
    assert cut == pytest.approx(96.42704, abs=5e-6)
    index = change_index(pre, post, reference)
    counts = count_classes(classify(pre, post, index, cut=cut, critical=critical_value(), direction=Direction.HIGHER))
    assert counts == {
        ChangeClass.RECOVERED: 13,
        ChangeClass.IMPROVED: 3,
        ChangeClass.UNCHANGED: 13,
        ChangeClass.DETERIORATED: 1,
        ChangeClass.NOT_CLASSIFIABLE: 0,
    }
