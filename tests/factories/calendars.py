"""Time kept free, somebody who waits, a freed time offered, a calendar read in."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from rapport.clinical.sessions.recurrence import Slot
from rapport.practice.sessions import actions
from rapport.practice.sessions.choices import BlockKind, FeedTitles, OfferWay
from rapport.practice.sessions.queries import freed
from tests.factories.people import AT

if TYPE_CHECKING:
    from tests.factories.world import Grade, Someone

DAY = timedelta(days=1)
BUSY = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nBEGIN:VEVENT\nUID:a\nDTSTART:20270105T100000Z\n"
    "DURATION:PT1H\nSUMMARY:{title}\nEND:VEVENT\nEND:VCALENDAR\n"
)


def free_and_waiting(someone: Someone, private: Grade) -> None:
    """Everything of calendars that somebody's therapist can have. `private` is what only its author reads."""
    therapist = someone.therapist
    block = actions.block_time(
        actor=therapist, at=AT, start=AT + 200 * DAY, end=AT + 210 * DAY, kind=BlockKind.HOLIDAY,
        words=someone.say("away", private),
    )  # fmt: skip
    reading = actions.read_busy_calendar(
        actor=therapist, at=AT, content=BUSY.format(title=someone.say("busy-title", private)).encode(),
        name=someone.say("busy-calendar", private), keep_titles=True,
    )  # fmt: skip
    wish = actions.wish_for_time(
        actor=therapist, at=AT, episode_id=someone.episode, minutes=50, words=someone.say("wish")
    )
    slot = freed(viewer=therapist, at=AT)[0]
    offer = actions.offer_time(actor=therapist, at=AT, step_id=slot.free.step_id, wish_id=wish, way=OfferWay.PHONE)
    series = actions.book_series(
        actor=therapist, at=AT, episode_id=someone.episode, first_day=(AT + 63 * DAY).date(), slots=(Slot(0, time(9)),),
        length_minutes=50, count=1,
    )  # fmt: skip
    someone.ids["series_id"] = str(series)
    actions.make_feed(actor=therapist, at=AT, titles=FeedTitles.INITIALS)
    someone.ids |= {"block_id": str(block), "source_id": str(reading.calendar_id)}
    someone.ids |= {"wish_id": str(wish), "offer_id": str(offer)}
