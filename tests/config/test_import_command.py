"""`rapport import courses`: readable help, every mistake with its place, the published result."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.factories.people import AT, a_therapist

from rapport.config.cli import import_ as command
from rapport.config.cli import rapport
from rapport.practice.clients.models import Client
from rapport.practice.foundation import clock
from rapport.practice.outcomes import queries
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import email_of
from rapport.practice.security.policy.actor import Actor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
RIESBY = Path(__file__).parents[1] / "clinical" / "reference" / "riesby.csv"
NORMS = ("low=0", "high=52", "direction=lower", "reliability=0.80", "functional_mean=8", "functional_sd=8")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command opens the practice of this test."""
    monkeypatch.setattr(command, "read_installation", lambda folder: folder)
    monkeypatch.setattr(command.installations, "activate", lambda installation: None)
    monkeypatch.setattr(clock, "now", lambda: AT)


def run(therapist: Actor, file: Path, *more: str, score: str = "hamd", instrument: str = "Hamilton") -> Result:
    address = email_of(Account.objects.get(id=therapist.account))
    options = ["--data", str(file.parent), "--therapist", address, "--map", "client=id", "--map", "week=week"]
    options += ["--map", f"score={score}", "--start", "2026-01-05", "--instrument", instrument, *more]
    return CliRunner().invoke(rapport, ["import", "courses", str(file), *options])


def norms(*given: str) -> list[str]:
    return [word for each in given for word in ("--norm", each)]


def test_riesby_from_the_console() -> None:
    mara = a_therapist()
    first, again = (run(mara, RIESBY, *norms(*NORMS)) for _ in range(2))
    assert (first.exit_code, first.output) == (0, "Brought 66 new clients, 375 scores and 0 sessions.\n")
    assert again.output == "This file was imported before: nothing was changed.\n"
    (counts,) = queries.caseload(viewer=mara, at=AT).counts
    assert sorted(counts.counts.values()) == [0, 3, 9, 14, 40]


def test_each_mistake_has_its_place_and_nothing_is_brought(tmp_path: Path) -> None:
    file = tmp_path / "ward.csv"
    file.write_text("id,week,phq9\nA,0,28\n=B,0,5\n", encoding="utf-8")
    result = run(a_therapist(), file, score="phq9", instrument="phq9")
    assert result.exit_code == 1
    assert "row 2, column phq9: The scale goes from 0 to 27." in result.output
    assert "row 3, column id: This looks like a formula" in result.output
    assert "Nothing was imported." in result.output
    assert not Client.objects.exists()


def test_looking_brings_nothing(tmp_path: Path) -> None:
    result = run(a_therapist(), RIESBY, *norms(*NORMS), "--preview")
    assert result.output == "Would bring 66 clients: 375 new scores, 0 sessions.\n"
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [(("high=52",), "needs --norm low"), (("low=0", "low=1"), "write it once"), (("low=x", "high=1"), "numbers")],
)
def test_norms_that_cannot_be_are_refused(given: tuple[str, ...], words: str) -> None:
    result = run(a_therapist(), RIESBY, *norms(*given))
    assert result.exit_code == 2
    assert words in result.output


def test_the_help_can_be_read() -> None:
    text = CliRunner().invoke(rapport, ["import", "courses", "--help"]).output
    assert "With a single mistake nothing is brought" in text
    assert "--map client=id" in text
