"""Licensed forms: typed in item by item, scored anew, their wording brought by whoever may use it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist
from tests.factories.sessions import MINUTE, a_held_hour, an_hour

from rapport.clinical.kernel.errors import OutOfRange
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.models import FormAnswer
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound

END = AT + 50 * MINUTE
FIVES = dict.fromkeys(range(1, 6), 5)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


def test_entered_again_the_last_one_counts(course: Course) -> None:
    session = a_held_hour(course)
    for minute, answers in ((0, FIVES), (1, FIVES | {3: 1})):
        actions.answer_form(
            actor=course.therapist, at=END + minute * MINUTE, session_id=session, form="arm5", answers=answers
        )
    (score,) = queries.form_scores(viewer=course.therapist, at=END, episode_id=course.episode)
    assert score.cards["total"].value == pytest.approx(5.4)
    assert FormAnswer.objects.count() == 2
    assert AuditEvent.objects.filter(action="answer", reason="arm5").count() == 2


def test_what_cannot_be_is_refused(course: Course) -> None:
    session = a_held_hour(course)
    who: dict[str, Any] = {"actor": course.therapist, "at": END, "session_id": session, "form": "arm5"}
    with pytest.raises(OutOfRange):
        actions.answer_form(**who, answers={1: 8})
    with pytest.raises(actions.NothingSaid):
        actions.answer_form(**who, answers={1: None})
    coming = an_hour(course, AT + 48 * 60 * MINUTE)
    with pytest.raises(actions.NotOpen):
        actions.answer_form(actor=course.therapist, at=END, session_id=coming, form="arm5", answers=FIVES)
    stranger = a_therapist("Ruth Stranger")
    with pytest.raises(NotFound):
        actions.answer_form(actor=stranger, at=END, session_id=session, form="arm5", answers=FIVES)


def test_no_wording_is_there_until_somebody_brings_it(course: Course) -> None:
    therapist = course.therapist
    assert queries.wording_of(viewer=therapist, at=AT, form="arm5") is None
    items = [f"Item {number}" for number in range(1, 6)]
    actions.bring_wording(actor=therapist, at=AT, form="arm5", items=items, permission="Letter of 3 May")
    wording = queries.wording_of(viewer=therapist, at=AT, form="arm5")
    assert wording is not None
    assert (wording.items, wording.permission) == (tuple(items), "Letter of 3 May")


def test_a_wording_fits_its_form_and_names_its_permission(course: Course) -> None:
    who: dict[str, Any] = {"actor": course.therapist, "at": AT, "form": "arm5"}
    with pytest.raises(actions.WordingRefused):
        actions.bring_wording(**who, items=["one"], permission="Letter")
    with pytest.raises(actions.WordingRefused):
        actions.bring_wording(**who, items=["x"] * 5, permission=" ")
    with pytest.raises(Forbidden):
        actions.bring_wording(actor=a_manager(), at=AT, form="arm5", items=["x"] * 5, permission="Letter")
