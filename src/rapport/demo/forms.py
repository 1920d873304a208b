"""Answering: the client in the portal, item by item, or the therapist from paper."""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID

from rapport.demo.courses import scores
from rapport.demo.stage import Client, Stage
from rapport.practice.measures.actions import answer_item, enter_paper, open_form, submit_form

# How many items a form has, the highest answer, and what one point of its raw sum counts.
ITEMS = {"phq9": (9, 3, 1), "gad7": (7, 3, 1), "who5": (5, 5, 4)}
SAFETY_ITEM = "9"
Answers = dict[str, int | None]


class Folder:
    """A client's course of scores, waiting to be answered."""

    def __init__(self, stage: Stage, client: Client, length: int) -> None:
        self.stage, self.client = stage, client
        course = client.words.get("course", {})
        shape, eased = course.get("shape", "unchanged"), course.get("eased", 1.0)
        self.courses = {
            instrument: scores(instrument, shape, length, stage.seed + 100 * client.number + place, eased=eased)
            for place, instrument in enumerate(ITEMS)
        }

    def answer(self, instrument: str, place: int, at: datetime, *, item9: int | None = 0) -> UUID | None:
        """Answer one form as the course has it at this place; return the alert it led to."""
        course = self.courses[instrument]
        answers = spread(self.client.chance, instrument, course[min(place, len(course) - 1)], item9)
        if self.client.account is None or self.client.words.get("answers") == "paper":
            self._on_paper(instrument, answers, at)
            return None
        return self._in_portal(instrument, answers, at)

    def _on_paper(self, instrument: str, answers: Answers, at: datetime) -> None:
        enter_paper(
            actor=self.client.therapist,
            at=at,
            episode_id=self.client.episode_id,
            instrument_id=instrument,
            answered_on=at.astimezone(self.stage.zone).date(),
            answers=answers,
        )

    def _in_portal(self, instrument: str, answers: Answers, at: datetime) -> UUID | None:
        me, alert = self.client.speaker, None
        form = open_form(actor=me, at=at, assignment_id=self.client.forms[instrument])
        for item, value in answers.items():
            answered = answer_item(actor=me, at=at, administration_id=form, item=item, value=value)
            alert = answered.alert_id or alert
        submit_form(actor=me, at=at, administration_id=form)
        return alert


def spread(chance: random.Random, instrument: str, score: int, item9: int | None) -> Answers:
    """Answers that add up to a score. Item 9 of the PHQ-9 is never left to chance."""
    items, highest, weight = ITEMS[instrument]
    answers = {str(n): 0 for n in range(1, items + 1)}
    left = round(score / weight)
    if instrument == "phq9":
        left -= item9 or 0
        del answers[SAFETY_ITEM]
    while left > 0 and (open_items := [item for item, value in answers.items() if value < highest]):
        answers[chance.choice(open_items)] += 1
        left -= 1
    return {**answers, SAFETY_ITEM: item9} if instrument == "phq9" else {**answers}
