"""The worker: does what is due, again and again, for as long as the server lives."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

TICK_SECONDS = 5.0
DRILL_EVERY = timedelta(hours=23)
log = logging.getLogger("rapport.worker")


@dataclass(slots=True)
class Duty:
    """One thing the worker does, and how often."""

    name: str
    every: timedelta
    run: Callable[..., Any]
    due: datetime | None = None


@dataclass(slots=True)
class NightlyDrill:
    """Brings the newest backup back once a day, in a process of its own: no alert waits for it."""

    running: subprocess.Popen[bytes] | None = None

    def __call__(self, *, actor: Any, at: datetime) -> None:
        from rapport.practice.organisation.queries import safekeeping

        if self.running is not None and self.running.poll() is None:
            return
        facts = safekeeping(viewer=actor, at=at)
        if facts.good_backup is None or (facts.drill is not None and at - facts.drill.at < DRILL_EVERY):
            return
        # RAPPORT_DATA, which this process has too, names the practice.
        self.running = subprocess.Popen(
            [sys.executable, "-c", "from rapport.config.cli import main; main()", "drill"], stdout=subprocess.DEVNULL
        )


def duties() -> list[Duty]:
    """Everything the worker does. Needs Django to be set up."""
    from rapport.practice.clients.tasks import sweep_orphan_keys
    from rapport.practice.measures.tasks import rescore
    from rapport.practice.outcomes.tasks import drop_staged, learn, read_scores
    from rapport.practice.post.tasks import deliver_due
    from rapport.practice.safety.tasks import escalate_due
    from rapport.practice.security.approvals.tasks import run_due_acts
    from rapport.practice.security.audit.tasks import checkpoint
    from rapport.practice.sessions.tasks import remind

    return [
        Duty("escalate alerts", timedelta(seconds=5), escalate_due),
        Duty("deliver post", timedelta(seconds=5), deliver_due),
        Duty("hold scores against the expected course", timedelta(seconds=10), read_scores),
        Duty("remind of appointments", timedelta(minutes=1), remind),
        Duty("run approved acts", timedelta(seconds=30), run_due_acts),
        Duty("sign an audit checkpoint", timedelta(minutes=5), checkpoint),
        Duty("drop uploads nobody imported", timedelta(minutes=5), drop_staged),
        Duty("learn the expected courses", timedelta(days=1), learn),
        Duty("sweep orphan keys", timedelta(hours=1), sweep_orphan_keys),
        Duty("bring the newest backup back, to try", timedelta(minutes=10), NightlyDrill()),
        Duty("score again by a new version", timedelta(hours=1), rescore),
    ]


def tick(work: list[Duty], at: datetime) -> list[str]:
    """Do what is due at this moment; one failing duty stops no other. Returns the names of those that failed."""
    from rapport.practice.security.policy.actor import SYSTEM

    failed = []
    for duty in work:
        if duty.due is not None and at < duty.due:
            continue
        duty.due = at + duty.every
        try:
            duty.run(actor=SYSTEM, at=at)
        except Exception as problem:  # a worker that stops would silence every alert
            log.error("%s failed: %s", duty.name, type(problem).__name__)
            failed.append(duty.name)
    return failed


def main() -> None:
    """Run until the server that started us is gone."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import close_old_connections

    from rapport.config.operations.holds import come_in
    from rapport.practice.foundation import clock

    come_in(settings.INSTALLATION)
    stop = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    parent, work = os.getppid(), duties()
    while not stop.wait(TICK_SECONDS) and os.getppid() == parent:
        close_old_connections()
        tick(work, clock.now())


if __name__ == "__main__":
    main()
