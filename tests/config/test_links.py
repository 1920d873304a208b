"""What the console says to whoever opens the doors."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from rapport.config.cli import rapport
from rapport.config.cli.links import this_program
from rapport.config.environment import InstallationError


def test_the_console_names_this_program_as_it_can_be_typed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/a house/.venv/bin/rapport", "demo", "run"])
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert this_program() == "'/a house/.venv/bin/rapport'"
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert this_program() == "rapport"


def test_a_link_into_a_demo_that_is_not_there_says_so(tmp_path: Path) -> None:
    asked = CliRunner().invoke(rapport, ["demo", "link", "therapist", "--data", str(tmp_path)])
    assert isinstance(asked.exception, InstallationError)
    assert "no demo practice" in str(asked.exception)
