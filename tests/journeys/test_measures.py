"""Forms for a client who brings a bad night on a bridge: chosen, handed over, answered, looked at item by item."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.factories.measures import a_score
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_manager, a_therapist, client_account
from tests.journeys.calendar import Calendar
from tests.journeys.doors import is_signed_in
from tests.journeys.windows import Window

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.practice.episodes.actions import set_problems
from rapport.practice.episodes.choices import Problem
from rapport.practice.measures.actions import assign
from rapport.practice.measures.choices import Rhythm
from rapport.practice.measures.models import Administration

pytestmark = pytest.mark.journey


@pytest.fixture
def course(calendar: Calendar) -> Course:
    a_practice()
    course = a_course(a_therapist())
    said = (Problem(ProblemDomain.TRAUMA, "The night on the bridge", 9),)
    set_problems(actor=course.therapist, at=calendar.now(), episode_id=course.episode, problems=said)
    return course


def test_forms_are_chosen_handed_over_and_read_item_by_item(
    calendar: Calendar, course: Course, window: Callable[..., Window]
) -> None:
    client = client_account(course)
    a_score(course, client, *[2] * 9, at=calendar.now())
    calendar.moves_on(days=7)
    assign(
        actor=course.therapist, at=calendar.now(), episode_id=course.episode, instrument_id="phq2", rhythm=Rhythm.ONCE
    )
    desk = is_signed_in(window(), course.therapist, calendar)

    desk.opens(f"/desk/episodes/{course.episode}/measures/")
    desk.sees("The night on the bridge")
    desk.unfolds("Ask what suits a kind of problem")
    desk.chooses(domain="trauma").presses("Ask these")
    desk.sees("their wording is not here: ITQ")

    desk.presses("Hand this device over")
    desk.sees("Some questions for you")
    desk.presses("(PHQ-2)")
    for _question in range(2):
        desk.page.get_by_text("Several days", exact=True).click()
        desk.presses("Keep and go on")
    desk.presses("Hand in")
    desk.sees("Some questions for you")

    form = Administration.objects.get(instrument="phq2")
    assert form.completed_at is not None
    back = is_signed_in(window(), course.therapist, calendar)
    back.opens(f"/desk/episodes/{course.episode}/measures/form/{form.id}/")
    back.sees("Little interest or pleasure in doing things")
    back.sees("By the client, on the practice's device")
    back.opens(f"/desk/episodes/{course.episode}/measures/paper/wsas/")
    back.opens(f"/desk/episodes/{course.episode}/measures/response/phq9/")


def test_the_shelf_and_what_can_be_brought(calendar: Calendar, window: Callable[..., Window]) -> None:
    a_practice()
    office = is_signed_in(window(), a_manager(), calendar)
    office.opens("/office/instruments/").sees("Without their wording")
    office.follows("Bring a form").sees("A FHIR Questionnaire of choices")
    office.opens("/office/instruments/wording/k6/").sees("It has 6 questions.")
