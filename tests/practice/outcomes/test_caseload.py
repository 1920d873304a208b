"""A caseload is read from where its courses began and where they stand, and says what each course says for itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q
from tests.factories.measures import a_score
from tests.factories.outcomes import off_course, read_all, scored_anew, totals
from tests.factories.people import AT, Course, a_course, a_therapist, client_account

from rapport.clinical.outcomes.course import CourseReading
from rapport.practice.clients.actions import edit_client
from rapport.practice.clients.choices import ClientDetails
from rapport.practice.measures.models import Score
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.choices import NeedsMe
from rapport.practice.outcomes.rules import signals_by_course
from rapport.practice.security.keys import api as keys

DAY = timedelta(days=1)


@pytest.fixture
def courses() -> list[Course]:
    """As courses are: long ones and none, forms without a score first, last and between, a score computed anew."""
    therapist = a_therapist()
    plain, two, gaps, empty, anew, never = (a_course(therapist, f"Client {number}") for number in range(6))
    totals(plain, "phq9", 17, 14, 16, 9)
    totals(two, "phq9", 8, 12, 16)
    totals(two, "gad7", 15, 3)
    answering = client_account(gaps)
    for day, given in enumerate((7, 9, 5, 9, 8, 6)):  # of nine answers; two missing are one too many
        a_score(gaps, answering, *[day % 3 + 1] * given, at=AT + day * DAY)
    a_score(empty, client_account(empty), *[1] * 3, at=AT)
    totals(anew, "phq9", 20, 18)
    scored_anew(anew, 6)
    return [plain, two, gaps, empty, anew, never]


def test_the_ends_say_what_the_whole_course_says(courses: list[Course]) -> None:
    viewer = courses[0].therapist
    lines = {line.episode.id: line for line in queries.caseload(viewer=viewer, at=AT + 9 * DAY).lines}
    for course in courses:
        whole = queries.course(viewer=viewer, at=AT + 9 * DAY, episode_id=course.episode)
        assert _by_measure(lines[course.episode].measures) == _by_measure(whole.measures)
    gaps = _by_measure(lines[courses[2].episode].measures)["phq9"]
    assert (gaps.n, gaps.missing) == (3, 3)


def _by_measure(measures: Any) -> dict[str, CourseReading]:
    return {each.reading.measure: each.reading for each in measures}


def test_whether_there_is_a_value_is_known_without_opening_it(courses: list[Course]) -> None:
    drawers = {each.client: keys.client(each.client) for each in courses}
    for row in Score.objects.select_related("administration"):
        drawer = drawers[row.administration.client_id]
        kept = keys.unseal_data(drawer, "measures.score.value", row.id, row.value_sealed)
        assert row.has_value == (kept["value"] is not None)
    assert Score.objects.filter(Q(has_value=False)).count() == 4


def test_a_child_is_a_child_at_either_end() -> None:
    """Norms of adults judge nobody who was none at one end of the course; the whole course says the same."""
    course = a_course(a_therapist())
    born = ClientDetails(name="Mia", date_of_birth=date(AT.year - 18, AT.month, AT.day) + 10 * DAY)
    edit_client(actor=course.therapist, at=AT, client_id=course.client, details=born)
    totals(course, "phq9", 17, 9, first=AT.date() - 30 * DAY)
    ((each,),) = (line.measures for line in queries.caseload(viewer=course.therapist, at=AT).lines)
    assert each.reading.outcome is None
    assert each.reading == queries.course(viewer=course.therapist, at=AT, episode_id=course.episode).measures[0].reading


@pytest.mark.parametrize("weeks", [6, 30])
def test_however_long_a_course_two_scores_are_opened(weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", *[12] * weeks, first=AT.date() - timedelta(weeks=weeks))
    opened: list[str] = []
    unseal = keys.unseal_data

    def noted(drawer: Any, label: str, *rest: Any) -> Any:
        opened.append(label)
        return unseal(drawer, label, *rest)

    monkeypatch.setattr(keys, "unseal_data", noted)
    (line,) = queries.worth_a_look(viewer=course.therapist, at=AT)
    assert line.needs is NeedsMe.LOOK_TOGETHER
    assert opened.count("measures.score.value") == 2


def test_only_a_course_that_was_off_has_its_signals_read() -> None:
    therapist = a_therapist()
    on, off = a_course(therapist, "On"), a_course(therapist, "Off")
    totals(on, "phq9", 16, 14, 12)
    off_course(off)
    read_all()
    assert set(signals_by_course(therapist, AT)) == {off.episode}
    assert set(queries.threads(viewer=therapist, at=AT)) == {off.episode}
