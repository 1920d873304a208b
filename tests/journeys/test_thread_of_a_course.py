"""No client gets worse unseen: an answer on a telephone, a signal, five fields, a decision, and the course bends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.measures import a_form, answered
from tests.factories.organisation import a_practice
from tests.factories.outcomes import read_all, totals
from tests.factories.people import AT, a_course, a_therapist, client_account
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.practice.measures.actions import record_total, submit_form

pytestmark = pytest.mark.journey
WEEK = timedelta(weeks=1)


def test_a_course_that_gets_worse_is_seen_thought_through_and_looked_at_again(
    window: Callable[..., Window], calendar: Calendar
) -> None:
    # Given somebody who began at 16, was as expected a week later, and now answers worse
    a_practice()
    course = a_course(a_therapist(), name="Amina Bakari", at=AT - 8 * WEEK)
    totals(course, "phq9", 16, 15)
    client = client_account(course, "Amina Bakari")
    form = a_form(course, client, at=calendar.now())
    answered(client, form, 3, 3, 3, 3, 3, 3, 3, 2, 0, at=calendar.now())
    submit_form(actor=client, at=calendar.now(), administration_id=form)
    # When the worker has read the answers
    assert read_all(calendar.now()) == 3
    # Then the day says so, and the course says it plainly
    desk = is_signed_in(window(), course.therapist, calendar)
    desk.opens("/desk/").sees("PHQ-9 not on track at session 3")
    desk.follows("Amina Bakari").sees("PHQ-9 was 23 at session 3: not on track.")
    # When the therapist thinks it through and decides
    desk.follows("Think it through")
    desk.ticks("look_safety", "nothing").ticks("look_relationship", "something")
    desk.writes(words_relationship="I came late twice and said nothing of it")
    desk.ticks("decision", "talk_with_client").writes(words="Say it first, next time", look_again="5")
    desk.presses("Decide")
    # Then the thread shows it, and nothing waits on the day
    desk.sees("Decided: Talk about it with the client")
    desk.sees("I came late twice and said nothing of it")
    desk.opens("/desk/")
    assert not desk.has("Amina Bakari")
    # When two better weeks have passed
    for value in (17, 12):
        at = calendar.moves_on(weeks=1)
        record_total(
            actor=course.therapist, at=at, episode_id=course.episode, instrument_id="phq9", total=value,
            taken_on=at.date(),
        )  # fmt: skip
        read_all(at)
    # Then the day asks for the look that was agreed, and the therapist ends the thread
    desk = is_signed_in(window(), course.therapist, calendar)
    desk.opens("/desk/").sees("to look at again since session 5: it came back")
    desk.follows("Amina Bakari").follows("Look again")
    desk.ticks("decision", "go_on").presses("Decide")
    desk.sees("This thread has ended.")
    # And the client reads nothing of all this
    phone = is_signed_in(window(telephone=True), client, calendar)
    phone.opens("/portal/course/")
    assert not phone.has("expected")
