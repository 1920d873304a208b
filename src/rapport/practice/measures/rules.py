"""When a form is due, how typed answers are read, what an own instrument is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rapport.clinical.measures.instrument import Instrument, Scale
from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.measures.scoring import BadAnswer, check_answer
from rapport.practice.measures.choices import OWN_PREFIX, Rhythm
from rapport.practice.measures.models import LocalInstrument

ASKED_BEFORE = timedelta(days=3)  # a form “before each session” opens this long before it
ASKED_AGAIN_AFTER = timedelta(days=5)  # where no session is booked
GIVEN_UP_AFTER = timedelta(days=3)  # an unfinished form older than this is begun anew; its answers stay
IN_PERSON = "in-person"  # what a form sends for “I prefer to tell you in person”
OLDEST_PAPER = timedelta(days=366 * 20)


class BadPaperDate(ValueError):
    """The paper's date is not a day on which it could have been filled in."""


def is_due(rhythm: Rhythm, last_done: datetime | None, next_session: datetime | None, at: datetime) -> bool:
    """Whether the client should be asked now."""
    if last_done is None:
        return True
    if rhythm is Rhythm.ONCE:
        return False
    if next_session is None:
        return at - last_done >= ASKED_AGAIN_AFTER
    opens = next_session - ASKED_BEFORE
    return last_done < opens <= at


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
        if question.key not in answers:
            raise BadAnswer(question.key, "This item is missing.", "Mark it as not answered if it was left open.")
    return answers


def check_paper_date(answered_on: date, today: date) -> None:
    """A paper was filled in today or earlier, within the years a practice keeps."""
    if not today - OLDEST_PAPER <= answered_on <= today:
        raise BadPaperDate("The date on the paper lies in the future or too far back.")


def own_key(name: str) -> str:
    """Under which id an own measure of this name is kept. The same name is the same measure."""
    return OWN_PREFIX + (re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:48] or "measure")


def as_instrument(row: LocalInstrument) -> Instrument:
    """An own instrument in the shape of all others: a total, its range and its norms; no wording, no bands."""
    norms = Norms(
        row.low,
        row.high,
        Direction(row.direction),
        reliability=row.reliability,
        clinical_mean=row.clinical_mean,
        clinical_sd=row.clinical_sd,
        functional_mean=row.functional_mean,
        functional_sd=row.functional_sd,
        cut=row.cut,
        source=row.source,
    )
    return Instrument(
        id=row.key,
        version=row.version,
        language="en",
        title=row.title,
        short_title=row.title,
        concept="own",
        tier=4,
        licence="",
        attribution="",
        source=row.source,
        wording_checked=False,
        validated=False,
        total_only=True,
        recall_window="",
        stem="",
        low_label="",
        high_label="",
        items=(),
        scales=(Scale("total", (), row.low, row.high, 1.0, 0),),
        direction=norms.direction,
        bands=(),
        cut_off=None,
        change=(),
        norms=norms,
        loinc_panel=None,
        loinc_total=None,
        safety_rules=(),
    )
