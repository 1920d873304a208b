"""How typed answers are read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.scoring import BadAnswer, check_answer
from rapport.practice.measures.choices import IN_PERSON, BadPaperDate

GIVEN_UP_AFTER = timedelta(days=3)  # an unfinished form older than this is begun anew; its answers stay
OLDEST_PAPER = timedelta(days=366 * 20)


def read_answer(instrument: Instrument, item: str, raw: str) -> int | None:
    """One answer as a form sends it. `in-person` leaves the question open; anything else must be one of its answers."""
    question = instrument.item(item)
    if question is None:
        raise BadAnswer(item[:32], f"{instrument.short_title} has no such item.", "Open the form again.")
    if raw == IN_PERSON:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 3):
        raise BadAnswer(item, "This answer does not exist.", "Choose one of the answers shown.")
    return check_answer(question, int(raw))


def read_answers(instrument: Instrument, pairs: Iterable[tuple[str, str]]) -> dict[str, int | None]:
    """A whole form as it was typed: each scored item exactly once, nothing that is not on it."""
    answers: dict[str, int | None] = {}
    for item, raw in pairs:
        if item in answers:
            raise BadAnswer(item[:32], "This item came twice.", "Answer each item once.")
        answers[item] = read_answer(instrument, item, raw)
    for question in instrument.scored_items:
        if question.key not in answers and not question.optional:
            raise BadAnswer(question.key, "This item is missing.", "Mark it as not answered if it was left open.")
    return answers


def check_paper_date(answered_on: date, today: date) -> None:
    """A paper was filled in today or earlier, within the years a practice keeps."""
    if not today - OLDEST_PAPER <= answered_on <= today:
        raise BadPaperDate("The date on the paper lies in the future or too far back.")
