"""The post of the last days: reminders of the hours to come, and what some clients answered by their link."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from rapport.clinical.sessions.attendance import Attendance
from rapport.demo.house import terms
from rapport.demo.stage import Stage
from rapport.practice.organisation.actions import edit_practice
from rapport.practice.post.choices import State
from rapport.practice.post.queries import kept_mail, outbox
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import NOBODY, SYSTEM
from rapport.practice.sessions.actions import answer_by_link, waive_charge
from rapport.practice.sessions.choices import Answer
from rapport.practice.sessions.queries import between
from rapport.practice.sessions.tasks import remind

LINK = re.compile(r"/a/([\w-]{43})/")
ANSWERS = (Answer.COMES, Answer.COMES, Answer.CANCELS)
WHY = "A sick child is nobody's choice."


def send_reminders(stage: Stage) -> None:
    """From today on the practice writes to its clients: the worker's round, and the first answers."""
    ruth = stage.staff["ruth"]
    edit_practice(actor=ruth, at=stage.at, terms=replace(terms(stage), confirms=True, reminder_hours=48))
    remind(actor=SYSTEM, at=stage.at)
    _deliver(stage)
    kept = [message for message in outbox(viewer=ruth, at=stage.at, state=State.KEPT) if message.kind == "appointment"]
    latest = sorted(kept, key=lambda message: (message.about_at or stage.at, message.id), reverse=True)
    for message, answer in zip(latest, ANSWERS, strict=False):
        words = kept_mail(viewer=ruth, at=stage.at, message_id=message.id).words.body
        if found := LINK.search(words):
            answer_by_link(actor=NOBODY, at=stage.at, token=found[1], answer=answer)
    _deliver(stage)


def waive_a_charge(stage: Stage) -> None:
    """One late cancellation of each therapist is not asked for."""
    for therapist in (stage.staff[key] for key in stage.rooms):
        hours = between(viewer=therapist, at=stage.at, start=stage.at - timedelta(days=120), end=stage.at)
        for hour in [hour for hour in hours if hour.attendance is Attendance.CANCELLED_LATE][:1]:
            waive_charge(actor=therapist, at=stage.at, session_id=hour.id, reason=WHY)


def _deliver(stage: Stage) -> None:
    while deliver_due(actor=SYSTEM, at=stage.at):
        pass
