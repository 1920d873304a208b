"""26 comparisons of CBT with wait list or usual care for depression (metapsyTools, MIT): the published pooling."""

import numpy as np
import pytest
from tests.clinical.readers import rows

from rapport.clinical.statistics.meta_analysis.pooling import (
    Pooled,
    Uncertainty,
    inconsistency_from_q,
    pool,
)


def fitted(test: Uncertainty) -> Pooled:
    table = rows("metapsy_ma_cbt_vs_wlcau_k26")
    g, se = (np.array([float(row[name]) for row in table]) for name in (".g", ".g_se"))
    return pool(g, se**2, test=test)


@pytest.fixture(scope="module")
def pooled() -> Pooled:
    return fitted(Uncertainty.HKSJ)


def test_the_pooled_effect(pooled: Pooled) -> None:
    assert pooled.k == 26
    assert round(pooled.estimate, 2) == -0.57
    assert tuple(round(end, 2) for end in pooled.interval) == (-0.85, -0.28)


def test_the_spread_between_studies(pooled: Pooled) -> None:
    assert round(inconsistency_from_q(pooled), 1) == 76.4


def test_the_prediction_interval() -> None:
    """The package takes t with k − 2 df around the plain standard error, also where the mean has HKSJ's."""
    assert tuple(round(end, 2) for end in fitted(Uncertainty.Z).prediction()) == (-1.57, 0.43)
