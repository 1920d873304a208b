"""How a therapy ends: what helped, what did not, a last look at safety, a letter, and a person who closes it."""

from __future__ import annotations

from datetime import datetime, timedelta

from rapport.clinical.endings.kinds import EndingKind
from rapport.demo.stage import Client, Scene, Stage
from rapport.demo.texts import Words
from rapport.practice.endings.actions import (
    close_course,
    record_ending,
    record_risk_check,
    release_letter,
    write_letter,
)
from rapport.practice.endings.choices import EndingDetails, FinalMeasures, NegativeEffects

LETTER_AFTER, CLOSED_AFTER = timedelta(days=3), timedelta(days=5)
LEFT_OPEN = timedelta(days=14)  # nobody closes a course on the day on which somebody did not come


def end(stage: Stage, client: Client, last_hour: datetime) -> Scene:
    """From the last hour to the closing."""
    said = client.words["ending"]
    at = last_hour + (timedelta(hours=20) if "announced_weeks" in said else LEFT_OPEN)
    yield at
    me, episode = client.therapist, client.episode_id
    record_ending(actor=me, at=at, episode_id=episode, details=_details(stage, said, last_hour))
    record_risk_check(actor=me, at=at, episode_id=episode, said=said["risk"], has_plan="safety_plan" in client.words)
    at += LETTER_AFTER
    yield at
    letter = write_letter(actor=me, at=at, episode_id=episode, text=said["letter"])
    release_letter(actor=me, at=at + timedelta(minutes=5), letter_id=letter)
    at += CLOSED_AFTER - LETTER_AFTER
    yield at
    close_course(actor=me, at=at, episode_id=episode)


def _details(stage: Stage, said: Words, last_hour: datetime) -> EndingDetails:
    announced = None
    if "announced_weeks" in said:
        announced = (last_hour - timedelta(weeks=said["announced_weeks"])).astimezone(stage.zone).date()
    return EndingDetails(
        kind=EndingKind(said["kind"]),
        announced_on=announced,
        work_done=said["gains"],
        what_helped=said["helped"],
        what_did_not=said["did_not"],
        relapse_plan=said.get("relapse_plan", ""),
        return_route=said["return_route"],
        negative_effects=_negative(said, asked=announced is not None),
        negative_words=said["negative"],
        final_measures=FinalMeasures(said.get("measures", "asked")),
        reason_no_measures=said.get("reason_no_measures", ""),
    )


def _negative(said: Words, *, asked: bool) -> NegativeEffects:
    if not asked:
        return NegativeEffects.NOT_ASKED
    return NegativeEffects.YES if said["negative"] else NegativeEffects.NO
