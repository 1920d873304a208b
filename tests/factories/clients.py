"""Clients as the front desk knows them."""

from __future__ import annotations

from datetime import datetime

from rapport.practice.clients.actions import edit_client, set_safe_contact
from rapport.practice.clients.choices import Channel, ClientDetails, SafeContact
from tests.factories.people import AT, Course

BY_EMAIL = SafeContact(channels=frozenset({Channel.EMAIL}))


def reachable(
    course: Course,
    contact: SafeContact = BY_EMAIL,
    email: str = "jonas@mail.example",
    name: str = "Jonas Weber",
    at: datetime = AT,
) -> Course:
    """A client who may be written to by e-mail."""
    details = ClientDetails(name=name, email=email)
    edit_client(actor=course.therapist, at=at, client_id=course.client, details=details)
    set_safe_contact(actor=course.therapist, at=at, client_id=course.client, contact=contact)
    return course
