"""Typing that was not sent: found again by whoever typed it, by nobody else, and gone once it was sent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor
from rapport.practice.unsent.actions import TypingRefused, forget_typing, keep_typing
from rapport.practice.unsent.models import UnsentTyping
from rapport.practice.unsent.queries import kept_typing
from rapport.practice.unsent.rules import LONGEST, MOST_WINDOWS

PLACE = "/portal/speaking/new/written/"
TAB, OTHER_TAB = UUID(int=3), UUID(int=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def keep(actor: Actor, course: Course, text: str, *, seq: int = 1, tab: UUID = TAB, place: str = PLACE) -> None:
    keep_typing(
        actor=actor, at=AT + seq * MINUTE, client_id=course.client, place=place, tab=tab, seq=seq,
        fields=[("text", text), ("when", "May"), ("when", "June")],
    )  # fmt: skip


def text_of(actor: Actor, place: str = PLACE) -> str:
    found = kept_typing(viewer=actor, at=AT, place=place)
    return dict(found.fields)["text"] if found else ""


@pytest.mark.parametrize("who", ["client", "therapist"])
def test_it_is_found_again_by_its_author_alone(course: Course, client: Actor, who: str) -> None:
    author, other = (client, course.therapist) if who == "client" else (course.therapist, client)
    keep(author, course, "I wanted to say")
    found = kept_typing(viewer=author, at=AT, place=PLACE)
    assert found
    assert found.fields == (("text", "I wanted to say"), ("when", "May"), ("when", "June"))
    assert kept_typing(viewer=other, at=AT, place=PLACE) is None
    assert text_of(author, "/portal/speaking/comfort/") == ""
    assert b"wanted" not in bytes(UnsentTyping.objects.get().fields_sealed or b"")
    for verb in ("keep", "read"):
        assert AuditEvent.objects.filter(object_type="typing", action=verb, private_to=author.account).count() == 1


def test_a_late_save_replaces_nothing(course: Course, client: Actor) -> None:
    keep(client, course, "I wanted to say", seq=5)
    keep(client, course, "I wan", seq=4)
    assert text_of(client) == "I wanted to say"
    keep(client, course, "In the other window", seq=6, tab=OTHER_TAB)
    assert text_of(client) == "In the other window"


@pytest.mark.parametrize("kept_before", [True, False])
def test_once_sent_the_words_are_gone_and_a_late_save_does_not_bring_them_back(
    course: Course, client: Actor, kept_before: bool
) -> None:
    if kept_before:
        keep(client, course, "I wanted", seq=1)
    forget_typing(actor=client, at=AT, place=PLACE, tab=TAB, seq=3)
    keep(client, course, "I wanted to say", seq=2)
    assert text_of(client) == ""
    assert not UnsentTyping.objects.filter(fields_sealed__isnull=False).exists()
    assert AuditEvent.objects.filter(object_type="typing", action="forget").count() == int(kept_before)
    keep(client, course, "Something new", seq=4)
    assert text_of(client) == "Something new"


def test_another_s_sending_forgets_nothing_of_mine(course: Course, client: Actor) -> None:
    keep(client, course, "Mine")
    forget_typing(actor=course.therapist, at=AT, place=PLACE, tab=TAB, seq=9)
    assert text_of(client) == "Mine"


@pytest.mark.parametrize(
    ("place", "seq", "text"), [("", 1, "A"), ("/" * 201, 1, "A"), (PLACE, -1, "A"), (PLACE, 1, "x" * (LONGEST + 1))]
)
def test_what_no_form_sends_is_refused(course: Course, client: Actor, place: str, seq: int, text: str) -> None:
    with pytest.raises(TypingRefused):
        keep(client, course, text, seq=seq, place=place)
    assert not UnsentTyping.objects.exists()


def test_of_very_many_windows_the_oldest_words_go(course: Course, client: Actor) -> None:
    for number in range(MOST_WINDOWS + 2):
        keep(client, course, str(number), seq=number, place=f"/{number}/")
    assert UnsentTyping.objects.filter(fields_sealed__isnull=False).count() == MOST_WINDOWS
    assert (text_of(client, "/0/"), text_of(client, f"/{MOST_WINDOWS + 1}/")) == ("", str(MOST_WINDOWS + 1))


def test_nobody_types_about_a_client_not_theirs(course: Course, client: Actor) -> None:
    other = client_account(a_course(a_therapist("Ida Other"), "Somebody Else"), "else")
    for person in (a_therapist("Ida Third"), other):
        with pytest.raises(NotFound):
            keep(person, course, "Hello")
    with pytest.raises(Forbidden):
        keep(a_manager(), course, "Hello")
    assert not UnsentTyping.objects.exists()


def test_who_no_longer_cares_no_longer_reads_it(course: Course) -> None:
    from rapport.practice.episodes.models import CareRelationship

    keep(course.therapist, course, "My own part in it")
    CareRelationship.objects.filter(client_id=course.client).update(ended_at=AT)
    assert kept_typing(viewer=course.therapist, at=AT + MINUTE, place=PLACE) is None
