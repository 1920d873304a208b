"""The index of Speer & Greenbaum against lme4's slopes of 60 clients."""

import numpy as np
import pytest
from tests.clinical.growth_rows import columns
from tests.clinical.readers import numbers

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.hlm_index import slope_indices
from rapport.clinical.statistics.growth import effects_of, fit, statistics_of

BY_DEFAULT = 1e-4  # these courses were fitted with lme4's own stopping rule; our criterion is 4e-8 lower


def test_total_slopes_over_their_sds() -> None:
    theirs, sums = numbers("hlm_index"), statistics_of(*columns("hlm_index_courses", "id", "time", "y"))
    line = fit(sums)
    assert line.criterion == pytest.approx(theirs["REMLcrit"], abs=1e-5)
    assert line.criterion <= theirs["REMLcrit"]
    tight = theirs["tightly_converged"]
    assert line.criterion == pytest.approx(tight["REMLcrit"], abs=1e-8)
    assert line.beta == pytest.approx(tight["fixef"], rel=1e-7)
    assert line.d.ravel()[[0, 1, 3]] == pytest.approx(
        [tight[of] for of in ("var_intercept", "cov", "var_slope")], rel=2e-5
    )
    assert line.sigma2 == pytest.approx(tight["sigma2"], rel=2e-5)
    found = slope_indices(line, sums)
    assert found.ids.tolist() == theirs["id"]
    assert found.slope == pytest.approx(np.array(theirs["total_slope"]), rel=BY_DEFAULT)
    assert found.sd == pytest.approx(np.array(theirs["eb_slope_condsd"]), rel=BY_DEFAULT)
    assert found.index == pytest.approx(np.array(theirs["z_total"]), rel=BY_DEFAULT)
    assert (found.reliably(Direction.LOWER) == 1).sum() == 23


def test_the_departure_alone_asks_another_question() -> None:
    """What the R package tests: 4 of 60 depart from the mean slope, whereas 23 improved."""
    theirs, sums = numbers("hlm_index"), statistics_of(*columns("hlm_index_courses", "id", "time", "y"))
    effects = effects_of(fit(sums), sums)
    departure = effects.mean[:, 1] / np.sqrt(effects.cov[:, 1, 1])
    assert departure == pytest.approx(np.array(theirs["rci_as_in_R_package"]), rel=2e-3, abs=1e-4)
    assert (departure < -1.96).sum() == 4


def test_two_scores_are_no_course_and_a_line_without_slopes_has_no_index() -> None:
    sums = statistics_of(*columns("hlm_index_courses", "id", "time", "y"))
    short = slope_indices(fit(sums), statistics_of([1, 1, 2, 2, 2], [0, 1, 0, 1, 2], [20, 9, 20, 12, 3]))
    assert np.isnan(short.index).tolist() == [True, False]
    assert short.reliably(Direction.LOWER)[0] == 0
    assert short.reliably(Direction.LOWER).tolist() == (-short.reliably(Direction.HIGHER)).tolist()
    with pytest.raises(ClinicalError, match="slope=True"):
        slope_indices(fit(sums, slope=False), sums)
