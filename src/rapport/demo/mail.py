"""The post of the last days: reminders of the hours to come, some of them still waiting."""

from __future__ import annotations

from datetime import timedelta

from rapport.demo.stage import Client, Stage
from rapport.practice.post.actions import queue
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM
from rapport.practice.sessions.queries import between


def send_reminders(stage: Stage, cast: list[Client]) -> None:
    """Remind of every hour of the next two days, and let the post do its round, as the worker would."""
    for therapist in (stage.staff[key] for key in stage.rooms):
        for hour in between(viewer=therapist, at=stage.at, start=stage.at, end=stage.at + timedelta(days=2)):
            queue(
                actor=therapist,
                at=stage.at,
                kind="appointment",
                client_id=hour.client_id,
                account_id=None,
                params={"when": hour.planned_start.astimezone(stage.zone).strftime("%A %d %B, %H:%M")},
                dedupe=f"appointment:{hour.id}",
            )
    while deliver_due(actor=SYSTEM, at=stage.at):
        pass
