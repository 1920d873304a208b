"""The worker brings the newest backup back once a day, beside its other work."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.factories.people import AT

from rapport.config.operations import worker
from rapport.practice.organisation.actions import note_safekeeping
from rapport.practice.organisation.choices import Kept, SafeKind
from rapport.practice.security.policy.actor import SYSTEM

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The drills that were started; each runs until its `poll` says otherwise."""
    begun: list[Any] = []

    def start(command: list[str], **_: Any) -> Any:
        begun.append(SimpleNamespace(command=command, poll=lambda: None))
        return begun[-1]

    monkeypatch.setattr(worker.subprocess, "Popen", start)
    return begun


def note(kind: SafeKind, hours: int, *, good: bool = True) -> None:
    at = AT + hours * HOUR
    note_safekeeping(actor=SYSTEM, at=at, kept=Kept(kind, at, good, "/backups/rapport-1", 1.0))


def test_without_a_backup_there_is_nothing_to_try(started: list[Any]) -> None:
    note(SafeKind.BACKUP, 0, good=False)
    worker.NightlyDrill()(actor=SYSTEM, at=AT + HOUR)
    assert started == []


def test_it_drills_once_a_day_and_one_at_a_time(started: list[Any]) -> None:
    duty = worker.NightlyDrill()
    note(SafeKind.BACKUP, 0)
    for hours in (1, 2):
        duty(actor=SYSTEM, at=AT + hours * HOUR)
    assert [one.command[-1] for one in started] == ["drill"]
    started[0].poll = lambda: 1
    note(SafeKind.DRILL, 2, good=False)
    duty(actor=SYSTEM, at=AT + 24 * HOUR)
    assert len(started) == 1, "a drill that failed is tried again tomorrow, not every ten minutes"
    duty(actor=SYSTEM, at=AT + 26 * HOUR)
    assert len(started) == 2
