"""How often one may try: slowed, never shut out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.people import a_course, a_therapist, client_account

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.models import TryCounter
from rapport.practice.security.accounts.rules import limits
from rapport.practice.security.accounts.rules.limits import Limit, TooManyTries
from rapport.practice.security.policy.actor import NOBODY


def attempt(email: str, at: datetime, password: str, ip: str) -> actions.Entry:
    return actions.sign_in_with_password(actor=NOBODY, at=at, email=email, password=password, ip=ip)


def test_two_hundred_guesses_are_slowed_and_the_owner_still_comes_in(at: datetime) -> None:
    """B05: 200 wrong passwords from 50 addresses over fifty minutes; the owner waits at most fifteen minutes."""
    email = with_password(client_account(a_course(a_therapist())))
    counted, moment = 0, at
    for turn in range(200):
        moment = at + turn * timedelta(seconds=15)
        try:
            attempt(email, moment, "quite the wrong password", f"198.51.100.{turn % 50}")
        except actions.WrongSignIn:
            counted += 1
        except TooManyTries as slowed:
            assert slowed.until - moment <= timedelta(minutes=15)
    assert counted < 15
    with pytest.raises(TooManyTries) as waiting:
        attempt(email, moment, PASSWORD, "203.0.113.9")
    assert attempt(email, waiting.value.until, PASSWORD, "203.0.113.9").stage == Stage.FULL


def test_a_refused_try_does_not_lengthen_the_wait(at: datetime) -> None:
    email = with_password(a_therapist())
    for _ in range(5):
        with pytest.raises(actions.WrongSignIn):
            attempt(email, at, "quite the wrong password", "192.0.2.1")
    waits = []
    for second in range(3):
        with pytest.raises(TooManyTries) as slowed:
            attempt(email, at + timedelta(seconds=second), PASSWORD, "192.0.2.1")
        waits.append(slowed.value.until)
    assert set(waits) == {at + timedelta(seconds=30)}


def test_an_unknown_address_is_slowed_alike_and_fills_no_table(at: datetime) -> None:
    """B06, and GNUHEALTH-SA-2016-1: rows are bounded by buckets."""
    for _ in range(5):
        with pytest.raises(actions.WrongSignIn):
            attempt("nobody@mail.example", at, PASSWORD, "192.0.2.1")
    with pytest.raises(TooManyTries):
        attempt("nobody@mail.example", at, PASSWORD, "192.0.2.1")
    assert TryCounter.objects.count() == 3
    assert all(counter.bucket < limits.BUCKETS for counter in TryCounter.objects.all())


def test_one_address_trying_many_accounts_is_slowed(at: datetime) -> None:
    for person in range(30):
        with pytest.raises(actions.WrongSignIn):
            attempt(f"person{person}@mail.example", at, PASSWORD, "192.0.2.1")
    with pytest.raises(TooManyTries):
        attempt("person31@mail.example", at, PASSWORD, "192.0.2.1")
    with pytest.raises(actions.WrongSignIn):
        attempt("person31@mail.example", at, PASSWORD, "192.0.2.2")


def test_signing_in_forgets_the_slips(at: datetime) -> None:
    email = with_password(client_account(a_course(a_therapist())))
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(actions.WrongSignIn):
                attempt(email, at, "quite the wrong password", "192.0.2.1")
        attempt(email, at, PASSWORD, "192.0.2.1")


def test_the_wait_doubles_up_to_its_longest() -> None:
    limit = Limit("some", free=2, first_wait=timedelta(seconds=30))
    assert [limit.wait_after(tries).total_seconds() for tries in (1, 2, 3, 4, 5, 99)] == [0, 30, 60, 120, 240, 900]


def test_a_shared_window_ends_by_itself(at: datetime) -> None:
    """What many share must not add up over days."""
    limit = Limit("some", free=3)
    for minutes in range(0, 600, 10):
        actions.take(actor=NOBODY, at=at + timedelta(minutes=minutes), limit=limit, key="house")
