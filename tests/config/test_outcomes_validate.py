"""`rapport outcomes validate` on 66 inpatients and on small files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.clinical.readers import REFERENCE

from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, prior_from_moments
from rapport.clinical.outcomes.validation import Practice, simulated_practice
from rapport.config.cli import rapport

WARD = [REFERENCE / "riesby.csv", "--measure", "hrsd", "--client", "id", "--week", "week", "--score", "hamd"]


def run(*words: object) -> Result:
    return CliRunner().invoke(rapport, ["outcomes", "validate", *map(str, words)])


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 clients of 12 therapists, PHQ-9 by session."""
    table = simulated_practice(Practice(prior_from_moments(PHQ9_MOMENTS), 0, 27), 240, seed=3, therapists=12)
    assert table.therapist is not None
    lines = [
        f"{client},{int(session) - 1},{score:g},{table.therapist[client]}"
        for client, session, score in zip(table.client, table.session, table.score, strict=True)
    ]
    path = tmp_path_factory.mktemp("validate") / "scores.csv"
    path.write_text("client,session,phq9,therapist\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def test_sixty_six_inpatients() -> None:
    done = run(*WARD, "--rounds", "6", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert (found["n_clients"], found["n_scores"], found["rungs"]) == (66, 375, ["prior_and_practice"])
    low, high = found["coverage"]["interval"]
    assert low < 0.8 < high
    assert all(one["interval"][0] > 0 for one in found["nearer"])


def test_the_table_says_where_the_starting_line_came_from() -> None:
    done = run(*WARD, "--rounds", "4")
    assert done.exit_code == 0, done.output
    for words in ("66 clients, 375 scores", "flatter it", "last value carried", "reliable change only", "inside"):
        assert words in done.output


def test_therapists_are_left_out_where_they_are_named(practice: Path) -> None:
    done = run(practice, "--measure", "phq9", "--week", "session", "--therapist", "therapist", "--rounds", "4")
    assert done.exit_code == 0, done.output
    assert "therapists left out in 4 rounds" in done.output
    assert "flatter" not in done.output
    assert run(practice, "--measure", "phq9", "--week", "session", "--shipped", "--csv").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--measure", "phq9"], "--date COLUMN or --week COLUMN"),
        (["--measure", "phq9", "--week", "session", "--therapist", "who"], "There is no column who"),
        (["--measure", "phq9", "--week", "session", "--therapist", "therapist", "--rounds", "13"], "folds"),
        (["--measure", "gad7", "--week", "session", "--score", "phq9"], "Is this column"),
    ],
)
def test_refusals_name_what_to_do(practice: Path, words: list[str], said: str) -> None:
    done = run(practice, *words)
    assert done.exit_code != 0
    assert said in done.output


def test_no_line_is_shipped_for_other_measures() -> None:
    done = run(*WARD, "--shipped")
    assert done.exit_code == 1
    assert "only for phq9 and gad7" in done.output
