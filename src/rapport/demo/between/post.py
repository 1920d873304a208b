"""What the practice, its clients and therapists write: letters, messages, reminders and what is answered to them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from rapport.clinical.sessions.attendance import Attendance
from rapport.demo.house import terms
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.correspondence.actions import answer_letter, send_letter, send_message, show_letter, write_letter
from rapport.practice.correspondence.choices import LetterKind, SentBy
from rapport.practice.organisation.actions import edit_practice
from rapport.practice.post.choices import State
from rapport.practice.post.queries import kept_mail, outbox
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import NOBODY, SYSTEM
from rapport.practice.sessions.actions import answer_by_link, waive_charge
from rapport.practice.sessions.choices import Answer
from rapport.practice.sessions.queries import between
from rapport.practice.sessions.tasks import remind

QUARTER = timedelta(minutes=15)
LINK = re.compile(r"/a/([\w-]{43})/")
ANSWERS = (Answer.COMES, Answer.COMES, Answer.CANCELS)
WHY = "A sick child is nobody's choice."


def correspond(stage: Stage, client: Client) -> Scene:
    """Messages where they are agreed, and letters; the earliest first."""
    written: list[Words] = words("post").get(client.words["name"], [])
    for one in sorted(written, key=lambda each: -float(each["days"])):
        at = stage.at - timedelta(days=one["days"])
        yield at
        if "letter" in one:
            _letter(client, at, one)
        else:
            actor = client.speaker if one["by"] == "client" else client.therapist
            send_message(actor=actor, at=at, episode_id=client.episode_id, text=one["says"])


def _letter(client: Client, at: datetime, one: Words) -> None:
    therapist, kind = client.therapist, LetterKind(one["letter"])
    letter = write_letter(
        actor=therapist, at=at, episode_id=client.episode_id, kind=kind, to=one.get("to", ""), text=one["says"].strip()
    )
    at += QUARTER
    if kind.is_about_client:
        show_letter(actor=therapist, at=at, letter_id=letter)
    if "change" in one and client.account:
        answer_letter(
            actor=client.account, at=at + QUARTER, letter_id=letter, version=1, agrees=False, said=one["change"]
        )
    if "sent" in one:
        send_letter(actor=therapist, at=at, letter_id=letter, how=SentBy(one["sent"]))


def send_reminders(stage: Stage) -> None:
    """From today on the practice writes to its clients: the worker's round, and the first answers."""
    ruth = stage.staff["ruth"]
    edit_practice(actor=ruth, at=stage.at, terms=replace(terms(stage), confirms=True, reminder_hours=48))
    remind(actor=SYSTEM, at=stage.at)
    _deliver(stage)
    kept = [message for message in outbox(viewer=ruth, at=stage.at, state=State.KEPT) if message.kind == "appointment"]
    kept = [message for message in kept if message.about_at and message.about_at - stage.at > timedelta(hours=18)]
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
