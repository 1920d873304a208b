"""What client and therapist wrote to each other in the last weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words, words
from rapport.practice.correspondence.actions import answer_letter, send_letter, send_message, show_letter, write_letter
from rapport.practice.correspondence.choices import LetterKind, SentBy

QUARTER = timedelta(minutes=15)


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
