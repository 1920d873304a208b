"""A fault nobody foresaw says where it happened, and none of the words it happened to (C18)."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import pytest

from rapport.config import cli
from rapport.config.logs import WithoutValues
from rapport.config.operations.worker import Duty, tick

WORDS = "CANARY-own-reason"


def _fails(**given: Any) -> None:
    reason = WORDS  # what a client wrote, in a local variable, a key, a message and a note
    try:
        {}[reason]
    except KeyError as problem:
        problem.add_note(reason)
        raise ValueError(reason) from problem


def test_the_console_names_a_fault_without_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.Commands, "get_command", lambda *_: click.Command("check", callback=_fails))
    monkeypatch.setattr(sys, "argv", ["rapport", "check"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert left.value.code == 1
    assert said.err.startswith("ValueError\n")
    assert "in _fails" in said.err
    assert "Please report these lines" in said.err
    assert WORDS not in said.err + said.out


def test_the_worker_names_a_fault_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """One failing duty stops no other: the alerts go on."""
    ran = []

    def well(*, actor: object, at: datetime) -> None:
        ran.append(at)

    work = [Duty("read scores", timedelta(seconds=5), _fails), Duty("escalate alerts", timedelta(seconds=5), well)]
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert tick(work, at) == ["read scores"]
    assert ran == [at]
    assert "read scores failed: ValueError" in caplog.text
    assert WORDS not in caplog.text


def test_words_in_a_fault_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    """The control: logged as Python would by itself they stand there; as this house writes them they do not."""
    try:
        _fails()
    except ValueError:
        logging.getLogger("rapport").exception("a fault")
    assert WORDS in caplog.text
    assert WORDS not in "\n".join(WithoutValues().format(record) for record in caplog.records)
