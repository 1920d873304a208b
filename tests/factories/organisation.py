"""The practice of a test."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from rapport.practice.organisation.actions import found_practice
from rapport.practice.organisation.choices import Jurisdiction, PracticeTerms
from rapport.practice.security.policy.actor import SYSTEM
from tests.factories.people import AT

TERMS = PracticeTerms(
    name="Lindenhof Psychotherapy",
    alias="Lindenhof",
    phone="+44 20 7946 0958",
    zone="Europe/London",
    working_days=frozenset(range(5)),
    day_starts=time(9),
    day_ends=time(18),
)


def a_practice(jurisdiction: Jurisdiction = Jurisdiction.UK, terms: PracticeTerms = TERMS, at: datetime = AT) -> UUID:
    """The practice, founded."""
    return found_practice(actor=SYSTEM, at=at, terms=terms, jurisdiction=jurisdiction)
