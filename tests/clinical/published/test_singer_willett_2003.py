"""Depression after a loss of work, 254 people: Singer & Willett 2003, Applied Longitudinal Data Analysis, table 5.7.

Unemployment changes within a person, so models B and C need fixed terms of the row.
"""

import numpy as np
import pytest
from tests.clinical.growth_rows import columns

from rapport.clinical.statistics.growth import fit, fit_rows, statistics_of

DEVIANCES = {"A": 5133.137, "B": 5107.603, "C": 5103.047}
FIXED = {"A": [17.6694, -0.4220], "B": [12.6656, -0.2020, 5.1113], "C": [9.6167, 0.1620, 8.5291, -0.4652]}


@pytest.mark.parametrize("model", DEVIANCES)
def test_deviances_and_fixed_effects(model: str) -> None:
    ids, months, scores, without_work = columns("depression_unemployment", "id", "months", "depression", "unemployed")
    terms = [np.ones(len(ids)), months, without_work, without_work * months][: len(FIXED[model])]
    found = fit_rows(ids, scores, np.column_stack(terms), times=months, reml=False)
    assert (found.n_clients, found.n_scores, found.converged) == (254, 674, True)
    assert found.criterion == pytest.approx(DEVIANCES[model], abs=0.0005)
    assert found.beta == pytest.approx(FIXED[model], abs=5e-5)


def test_model_a_needs_no_rows() -> None:
    found = fit(statistics_of(*columns("depression_unemployment", "id", "months", "depression")), reml=False)
    assert found.criterion == pytest.approx(DEVIANCES["A"], abs=0.0005)
