"""A practice, its therapist at the desk, and an hour that is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client as Browser
from tests.factories.organisation import a_practice
from tests.factories.people import Course, a_course, a_therapist, signed_in
from tests.factories.sessions import an_hour

from rapport.practice.foundation import clock


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page test needs."""

    course: Course
    session: UUID
    browser: Browser
    now: datetime


@pytest.fixture
def desk() -> Desk:
    a_practice()
    course = a_course(a_therapist())
    now = clock.now()
    return Desk(course, an_hour(course, now - timedelta(minutes=5)), signed_in(course.therapist), now)
