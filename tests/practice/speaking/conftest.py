"""A client with an account, and the hour they come to next."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.people import AT, Course, a_course, a_therapist, client_account
from tests.factories.sessions import an_hour

from rapport.practice.security.policy.actor import Actor


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


@pytest.fixture
def tomorrow(course: Course) -> UUID:
    """An hour a day from now."""
    return an_hour(course, AT + timedelta(days=1))


@pytest.fixture
def strangers() -> list[Actor]:
    """Another therapist and another client."""
    return [a_therapist("Ida Other"), client_account(a_course(a_therapist("Cara Third"), "Lea Fern"))]
