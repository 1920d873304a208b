"""Asking once while a page is read, and never longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import a_course, a_therapist

from rapport.practice.clients.queries import names
from rapport.practice.foundation import once
from rapport.practice.organisation.rules import practice_zone
from rapport.practice.security.policy.access import action


def counted(asked: list[int]) -> Callable[[int], int]:
    @once.once
    def question(number: int) -> int:
        asked.append(number)
        return number

    return question


def test_outside_a_reading_every_question_is_asked_again() -> None:
    asked: list[int] = []
    question = counted(asked)
    question(1), question(1)
    assert asked == [1, 1]
    assert once.known("things") == {}


def test_within_a_reading_the_same_question_is_asked_once() -> None:
    asked: list[int] = []
    question = counted(asked)
    with once.one_reading():
        question(1), question(1), question(2)
    question(1)
    assert asked == [1, 2, 1]


def test_whatever_is_written_ends_what_was_known() -> None:
    asked: list[int] = []
    question = counted(asked)

    @action
    def write() -> None:
        once.known("things")["a"] = 1

    with once.one_reading():
        question(1)
        write()
        assert once.known("things") == {}
        question(1)
    assert asked == [1, 1]


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_page_opens_a_name_once(at: datetime) -> None:
    course = a_course(a_therapist(), "Jonas Weber")
    with once.one_reading():
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                found = names(viewer=course.therapist, at=at, client_ids=[course.client])
                practice_zone()
            assert found == {course.client: "Jonas Weber"}
    assert len(queries) == 0
