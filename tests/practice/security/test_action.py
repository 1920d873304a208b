"""An action is one transaction with its events; a refusal is written down, once, whatever else is taken back."""

from __future__ import annotations

import uuid

import pytest
from tests.factories.people import AT, a_therapist

from rapport.practice.foundation import once
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, action, not_found, record_refusal, require
from rapport.practice.security.policy.actor import SYSTEM, Actor, Thing
from rapport.practice.security.policy.beginning import beginning_with

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def write(thing: Thing) -> None:
    trail.record(actor=SYSTEM, action="touch", object_type=thing.resource, object_id=thing.id, at=AT)


def test_the_outermost_action_writes_one_denial_even_if_actions_nest() -> None:
    account, person = Thing("account", id=uuid.UUID(int=5), author=uuid.UUID(int=6)), a_therapist()

    @action
    def inner() -> None:
        require(person, "grant", account, at=AT)

    @action
    def outer() -> None:
        write(account)  # taken back with the rest
        inner()

    with pytest.raises(Forbidden) as refused:
        outer()
    denied = AuditEvent.objects.get(decision="deny")
    assert not AuditEvent.objects.filter(action="touch")
    assert (denied.action, denied.object_type, denied.object_id) == ("grant", "account", account.id)
    assert (denied.actor, denied.at, denied.client) == (person.id, AT, None)
    assert (denied.reason, denied.private_to) == ("role has no such function", None)
    assert (refused.value.status, refused.value.recorded, str(refused.value)) == (403, True, denied.reason)
    record_refusal(refused.value)  # a page asks for it again
    assert AuditEvent.objects.filter(decision="deny").count() == 1


def test_only_the_author_learns_of_a_refusal_that_concerns_their_own_notes() -> None:
    author = uuid.uuid4()
    for resource in ("process_note", "rupture", "course"):
        record_refusal(not_found(a_therapist(), "read", Thing(resource, author=author), at=AT))
    told = dict(AuditEvent.objects.filter(decision="deny").values_list("object_type", "private_to"))
    assert told == {"process_note": author, "rupture": author, "course": None}
    assert set(AuditEvent.objects.filter(decision="deny").values_list("reason", flat=True)) == {"unknown or foreign"}


def test_an_action_is_one_transaction_and_its_events_are_the_last_thing_in_it() -> None:
    @action
    def touch(thing: Thing, *, fails: bool) -> str:
        """Says what it does."""
        write(thing)
        assert not AuditEvent.objects.filter(action="touch")
        if fails:
            raise ValueError("no")
        return "touched"

    with pytest.raises(ValueError, match="no"):
        touch(Thing("account"), fails=True)
    assert not AuditEvent.objects.filter(action="touch")
    assert touch(Thing("account"), fails=False) == "touched"
    assert AuditEvent.objects.filter(action="touch").count() == 1
    assert (touch.__name__, touch.__doc__) == ("touch", "Says what it does.")
    assert touch.__action__ is True


def test_a_second_refusal_is_written_as_the_first() -> None:
    @action
    def ask(person: Actor) -> None:
        require(person, "grant", Thing("account"), at=AT)

    for number in (1, 2):
        with pytest.raises(Forbidden):
            ask(a_therapist())
        assert AuditEvent.objects.filter(decision="deny").count() == number


def test_an_action_asks_anew_what_a_page_has_kept() -> None:
    answers = iter(range(10))

    @once.once
    def count() -> int:
        return next(answers)

    @action
    def look() -> tuple[int, int]:
        return count(), count()

    with once.one_reading():
        assert (count(), count()) == (0, 0)
        assert look() == (1, 1)
        assert count() == 2


def test_what_a_page_hands_down_comes_first_and_once() -> None:
    said: list[str] = []

    @action
    def act(*, fails: bool = False) -> None:
        said.append("act")
        if fails:
            raise ValueError("no")

    @action
    def outer() -> None:
        act()
        act()

    with beginning_with(lambda: said.append("first")) as begun:
        with pytest.raises(ValueError, match="no"):
            act(fails=True)
        assert not begun()  # taken back with the action: the next one begins so too
        outer()
        assert begun()
        act()
    act()
    assert said == ["first", "act", "first", "act", "act", "act", "act"]


def test_a_form_sent_twice_stops_before_the_action() -> None:
    @action
    def act() -> None:
        write(Thing("account"))

    def sent_already() -> None:
        raise ValueError("sent already")

    with beginning_with(sent_already), pytest.raises(ValueError, match="sent already"):
        act()
    assert not AuditEvent.objects.filter(action="touch")
