"""What pages cost as a practice grows from 30 clients to 3,000: questions to the database, and milliseconds.

A therapist keeps their 30 throughout, each with 30 weeks of two measures behind them, read by the worker; the other
clients belong to colleagues. Two pages list everybody and are opened
by the manager: names are sealed, so these grow with the clients.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bench.ground import cookie_of, timed
from bench.pages import seen

if TYPE_CHECKING:
    from tests.factories.people import Course

    from rapport.practice.security.policy.actor import Actor

SIZES = (30, 300, 3000)
A_CASELOAD, TODAY, WEEKS, LOOKS = 30, 6, 30, 5
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
MEASURES = {"phq9": 17, "gad7": 14}  # and where they begin
OWN = {"today": "/desk/", "clients in care": "/desk/caseload/", "own directory": "/desk/clients/"}
EVERYBODY = {"directory of the practice": "/office/clients/", "who cares for whom": "/office/care/"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One page at one size."""

    page: str
    clients: int
    questions: int
    seconds: float


def measure() -> list[str]:
    """A table in lines: a page, then for each size its questions and milliseconds."""
    found = list(_grown())
    lines = [f"{'':28}" + "".join(f"{size:>10} clients  " for size in SIZES)]
    for page in (*OWN, *EVERYBODY):
        cells = [f"{one.questions:>5} q {one.seconds * 1000:8.1f} ms " for one in found if one.page == page]
        lines.append(f"{page:28}" + " ".join(cells))
    return lines


def _grown() -> Iterator[Seen]:
    from tests.factories.people import a_manager, a_therapist

    from rapport.practice.foundation import clock

    now = clock.now()
    therapist, manager = a_therapist("Nour Haddad"), a_manager("Thea Lund")
    there = 0
    for size in SIZES:
        while there < size:
            cares = therapist if there < A_CASELOAD else a_therapist(f"Colleague {there}")
            courses = _take_in(cares, there, now)
            if cares == therapist:
                _measure_weekly(courses, now)
            there += A_CASELOAD
        for pages, cookie in ((OWN, cookie_of(therapist)), (EVERYBODY, cookie_of(manager))):
            for name, path in pages.items():
                yield _look(name, path, size, cookie)


def _take_in(therapist: Actor, first: int, now: datetime) -> list[Course]:
    from tests.factories.people import a_course
    from tests.factories.sessions import an_hour

    courses = [a_course(therapist, f"Client {first + number}") for number in range(A_CASELOAD)]
    for number, course in enumerate(courses[:TODAY]):
        an_hour(course, now.replace(hour=9, minute=0, second=0, microsecond=0) + number * HOUR)
    return courses


def _measure_weekly(courses: list[Course], now: datetime) -> None:
    """Most get better as one expects; every third stays where they began, and leaves the expected course."""
    from tests.factories.outcomes import read_all, totals

    for number, course in enumerate(courses):
        for measure, start in MEASURES.items():
            scores = (start if number % 3 == 0 else max(3, start - 2 * week) for week in range(WEEKS))
            totals(course, measure, *scores, first=(now - WEEKS * WEEK).date(), at=now)
    while read_all(now):
        pass


def _look(name: str, path: str, size: int, cookie: str) -> Seen:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seen(path, cookie)
    with CaptureQueriesContext(connection) as questions:
        seen(path, cookie)
    return Seen(name, size, len(questions), statistics.median(timed(lambda: seen(path, cookie)) for _ in range(LOOKS)))
