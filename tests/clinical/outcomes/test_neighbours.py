"""Nearest neighbours against base R, and the edges of an archive."""

import numpy as np
import pytest
from tests.clinical.readers import numbers, rows

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.outcomes.patterns.neighbours import Archive, ArchiveTooSmall, Distance, nearest, slope_from_first

EXPECTED = numbers("neighbours")
NAMES = tuple(EXPECTED["target"])
PERSON = list(EXPECTED["target"].values())


def archive(sigma2: float = 9.0) -> Archive:
    cases = rows("neighbours_archive")
    features = np.array([[float(row[name]) for name in NAMES] for row in cases])
    slopes = np.array([float(row["slope"]) for row in cases])
    return Archive(np.array([int(row["id"]) for row in cases]), features, NAMES, (False,) * 4, slopes, sigma2)


def test_the_reference_neighbours() -> None:
    found = nearest(archive(), PERSON, k=EXPECTED["K"])
    assert list(found.ids) == EXPECTED["neighbours"]
    np.testing.assert_allclose(found.distances, EXPECTED["dist"], rtol=1e-10)
    assert found.mean_slope == pytest.approx(EXPECTED["mean_slope"])
    assert found.sd_slope == pytest.approx(EXPECTED["sd_slope"])
    assert found.weighted_slope == pytest.approx(EXPECTED["inv_dist_weighted_slope"])


def test_the_reference_course() -> None:
    found = nearest(archive(sigma2=0), PERSON)
    for there in EXPECTED["expected"]:
        band = found.band(PERSON[0], there["session"])
        assert band.expected == pytest.approx(there["expected"])
        assert band.high80 == pytest.approx(there["upper_90pct_slope"])
    assert nearest(archive(), PERSON).band(18, 1).sd == pytest.approx(3)
    card = found.card(PERSON[0], 8)
    assert (card.value, card.n, card.version) == (found.band(PERSON[0], 8).expected, 30, "neighbours/1")


def test_mahalanobis() -> None:
    found = nearest(archive(), PERSON, distance=Distance.MAHALANOBIS)
    assert list(found.ids) == EXPECTED["mahalanobis_neighbours"]
    np.testing.assert_allclose(found.distances, EXPECTED["mahalanobis_dist"], rtol=1e-10)
    assert found.mean_slope == pytest.approx(EXPECTED["mahalanobis_mean_slope"])


def test_a_linear_rescaling_of_a_feature_changes_no_neighbour() -> None:
    plain = archive()
    scaled = Archive(plain.ids, plain.features * 3 + 7, NAMES, plain.yes_no, plain.slopes, 9.0)
    assert nearest(scaled, [3 * one + 7 for one in PERSON]).ids == nearest(plain, PERSON).ids


def test_yes_and_no_stay_nought_and_one_and_the_same_person_weighs_all() -> None:
    features = np.column_stack([np.arange(150.0), np.arange(150) % 2])
    cases = Archive(np.arange(150), features, ("age", "work"), (False, True), np.arange(150.0), 1.0)
    found = nearest(cases, [40, 0], k=3)
    assert found.ids == (40, 38, 42)
    assert found.weighted_slope == 40


def test_a_slope_goes_through_the_first_score() -> None:
    assert slope_from_first([1, 2, 8], [18, 18 - np.log(2), 18 - np.log(8)]) == pytest.approx((-1.0, 0.0))
    for sessions, scores in (([1], [18]), ([2, 2], [18, 17])):
        with pytest.raises(ClinicalError, match="sessions"):
            slope_from_first(sessions, scores)


def test_an_archive_begins_with_a_hundred_and_fifty_and_a_choice_with_two() -> None:
    plain = archive()
    small = Archive(plain.ids[:150], plain.features[:150], NAMES, plain.yes_no, plain.slopes[:150], 0.0)
    assert len(nearest(small, PERSON, k=2).ids) == 2
    assert len(nearest(small, PERSON, k=150).ids) == 150
    assert len(nearest(small, PERSON).ids) == 30


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"features": np.ones(150)}, "features"),
        ({"names": NAMES[:3]}, "features"),
        ({"yes_no": (False,) * 3}, "features"),
        ({"ids": np.arange(149)}, "slopes"),
        ({"slopes": np.ones(149)}, "slopes"),
        ({"sigma2": -0.1}, "sigma2"),
    ],
)
def test_an_archive_of_another_shape_is_refused_by_its_part(change: dict[str, object], field: str) -> None:
    plain = archive()
    parts = {"ids": plain.ids[:150], "features": plain.features[:150], "names": NAMES, "yes_no": plain.yes_no,
             "slopes": plain.slopes[:150], "sigma2": 9.0}  # fmt: skip
    with pytest.raises(ClinicalError) as refused:
        Archive(**(parts | change))
    assert refused.value.field == field


def test_the_card_says_after_whom() -> None:
    found = nearest(archive(), PERSON)
    card, band = found.card(18, 8), found.band(18, 8)
    assert card.inputs == (("first score", 18), ("session", 8), ("mean slope", found.mean_slope))
    assert (card.interval, card.unit, card.source) == ((band.low80, band.high80), "points", "Lutz et al. 2005")
    assert (card.name, card.formula, card.verified) == (
        "Expected after the people most alike", "y₁ + m̄·ln(session)", False,
    )  # fmt: skip
    assert band.sd == pytest.approx(np.hypot(found.sd_slope * np.log(8), 3))


def test_refusals_name_the_feature() -> None:
    plain = archive()
    with pytest.raises(ArchiveTooSmall):
        Archive(plain.ids[:149], plain.features[:149], NAMES, plain.yes_no, plain.slopes[:149], 9.0)
    constant, missing = plain.features.copy(), plain.features.copy()
    constant[:, 2], missing[3, 1] = 40, np.nan
    with pytest.raises(ClinicalError, match="age"):
        Archive(plain.ids, constant, NAMES, plain.yes_no, plain.slopes, 9.0)
    with pytest.raises(ClinicalError, match="gad"):
        Archive(plain.ids, missing, NAMES, plain.yes_no, plain.slopes, 9.0)
    for person, k, field in (([1, 2, 3], 30, "person"), (PERSON, 1, "k"), (PERSON, 5000, "k")):
        with pytest.raises(ClinicalError, match=field):
            nearest(plain, person, k=k)
    with pytest.raises(ClinicalError, match="session"):
        nearest(plain, PERSON).band(18, 0)
    with pytest.raises(ClinicalError) as refused:
        nearest(plain, [np.nan, *PERSON[1:]])
    assert (refused.value.field, NAMES[0] in refused.value.remedy) == ("person", True)
