"""The sentence of a whole course: who came healthy and got worse is not told that all is well."""

from __future__ import annotations

import pytest
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_therapist

from rapport.clinical.outcomes.course import CourseCode
from rapport.practice.outcomes.queries import course as course_of
from rapport.web.desk.outcomes.wording import course_sentence


@pytest.mark.parametrize(
    ("scores", "code", "said"),
    [
        ((4, 5, 20), CourseCode.LEFT_HEALTHY_RANGE, "Began in the healthy range and is outside it now."),
        ((1, 2, 9), CourseCode.STAYED_WELL_BUT_WORSE, "Still in the healthy range, and reliably worse than at the st"),
        ((4, 5, 4), CourseCode.STAYED_WELL, "Came in the healthy range: what counts here are the goals"),
    ],
)
def test_who_began_healthy(scores: tuple[float, ...], code: CourseCode, said: str) -> None:
    a_practice()
    course = a_course(a_therapist())
    totals(course, "phq9", *scores)
    facts = course_of(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert facts.began_healthy
    assert facts.result.code is code
    assert said in course_sentence(facts)
