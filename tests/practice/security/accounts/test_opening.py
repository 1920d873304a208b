"""The first account, the demo's links, and a forgotten password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings
from tests.factories.accounts import PASSWORD, with_password, with_time_code
from tests.factories.organisation import a_practice
from tests.factories.people import a_course, a_therapist, client_account

from rapport.practice.organisation.queries import practice
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import words_of
from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.choices import LinkKind, Stage
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries import LinkDead, has_staff, sign_in_of
from rapport.practice.security.accounts.rules.limits import TooManyTries
from rapport.practice.security.policy.access import Forbidden
from rapport.practice.security.policy.actor import NOBODY, SYSTEM, Actor, Role

IP = "192.0.2.7"


def first_account(token: str, at: datetime, found: object = None) -> actions.Entry:
    return actions.open_first_account(
        actor=NOBODY,
        at=at,
        token=token,
        name="Ruth Lind",
        email="ruth@practice.example",
        password=PASSWORD,
        practice_name="Lindenhof",
        is_therapist=True,
        found=found if callable(found) else (lambda actor: None),
    )


def test_the_console_opens_a_practice_once(at: datetime) -> None:
    """B18: a single-use token, thirty minutes."""
    link = actions.make_opening_link(actor=SYSTEM, at=at)
    founded: list[Actor] = []
    entry = first_account(link.token, at, founded.append)
    assert entry.stage == Stage.ENROL
    assert entry.actor.roles == {Role.MANAGER, Role.THERAPIST}
    assert len(founded) == 1
    with pytest.raises(LinkDead):
        first_account(link.token, at)
    with pytest.raises(actions.AlreadyOpened):
        actions.make_opening_link(actor=SYSTEM, at=at)


def test_the_opening_link_dies_after_thirty_minutes_and_when_renewed(at: datetime) -> None:
    """B18."""
    old = actions.make_opening_link(actor=SYSTEM, at=at)
    with pytest.raises(LinkDead):
        first_account(old.token, at + timedelta(minutes=30))
    actions.make_opening_link(actor=SYSTEM, at=at)
    with pytest.raises(LinkDead):
        first_account(old.token, at)
    assert not has_staff()


def test_only_the_console_makes_one(at: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.make_opening_link(actor=NOBODY, at=at)


def test_a_practice_that_cannot_be_founded_leaves_no_account(at: datetime) -> None:
    link = actions.make_opening_link(actor=SYSTEM, at=at)

    def refuse(actor: Actor) -> None:
        raise RuntimeError("no such zone")

    with pytest.raises(RuntimeError):
        first_account(link.token, at, refuse)
    assert not has_staff()
    first_account(link.token, at)


def test_a_fresh_practice_has_nobody(at: datetime) -> None:
    """B18: no default users or passwords exist."""
    assert Account.objects.count() == 0


def test_a_real_practice_has_no_demo_links(at: datetime) -> None:
    a_therapist()
    with pytest.raises(actions.NotADemo):
        actions.make_demo_link(actor=SYSTEM, at=at, role=Role.THERAPIST)


def test_nor_has_a_demo_that_others_can_reach(at: datetime, settings: Settings) -> None:
    a_therapist()
    settings.INSTALLATION = replace(settings.INSTALLATION, demo=True, origin="https://demo.example.org")
    with pytest.raises(actions.NotADemo):
        actions.make_demo_link(actor=SYSTEM, at=at, role=Role.THERAPIST)


def test_a_demo_link_works_once(at: datetime, settings: Settings) -> None:
    therapist = a_therapist()
    settings.INSTALLATION = replace(settings.INSTALLATION, demo=True)
    link = actions.make_demo_link(actor=SYSTEM, at=at, role=Role.THERAPIST)
    entry = actions.enter_demo(actor=NOBODY, at=at, token=link.token)
    assert (entry.stage, entry.actor.id) == (Stage.FULL, therapist.id)
    with pytest.raises(LinkDead):
        actions.enter_demo(actor=NOBODY, at=at, token=link.token)
    settings.INSTALLATION = replace(settings.INSTALLATION, demo=False)
    with pytest.raises(actions.NotADemo):
        actions.enter_demo(actor=NOBODY, at=at, token=link.token)


def link_in_the_post(at: datetime) -> str:
    facts = practice(viewer=SYSTEM, at=at)
    body = words_of(OutboxMessage.objects.get(kind="password_reset"), facts).body
    return next(word for word in body.split() if "/password/new/" in word)


def test_a_reset_sets_a_password_and_nothing_more(at: datetime) -> None:
    """B10, B11: no session comes of it, the second factor is still asked for, and the link works once."""
    a_practice()
    therapist = a_therapist()
    email = with_password(therapist, "an older one nobody recalls")
    with_time_code(therapist, at)
    token = actions.open_sign_in(actor=therapist, at=at, account_id=therapist.account, second_factor="totp")
    actions.ask_for_reset(actor=NOBODY, at=at, email=email, ip=IP)
    address = link_in_the_post(at)
    assert address.startswith("http://localhost/password/new/")
    secret = address.rstrip("/").rsplit("/", 1)[-1]
    actions.reset_password(actor=NOBODY, at=at, token=secret, password=PASSWORD)
    entry = actions.sign_in_with_password(actor=NOBODY, at=at, email=email, password=PASSWORD, ip=IP)
    assert entry.stage == Stage.PASSWORD
    assert sign_in_of(token=token, at=at, path="/") is None
    with pytest.raises(LinkDead):
        actions.reset_password(actor=NOBODY, at=at, token=secret, password=PASSWORD)


def test_a_reset_link_dies_after_an_hour_and_with_the_address(at: datetime) -> None:
    """B11."""
    a_practice()
    therapist = a_therapist()
    email = with_password(therapist)
    actions.ask_for_reset(actor=NOBODY, at=at, email=email, ip=IP)
    secret = link_in_the_post(at).rstrip("/").rsplit("/", 1)[-1]
    with pytest.raises(LinkDead):
        actions.reset_password(actor=NOBODY, at=at + timedelta(minutes=61), token=secret, password=PASSWORD)
    Account.objects.filter(id=therapist.account).update(login_hash=b"another address".ljust(32, b"."))
    with pytest.raises(LinkDead):
        actions.reset_password(actor=NOBODY, at=at, token=secret, password=PASSWORD)


def test_asking_for_an_unknown_address_leaves_nothing(at: datetime) -> None:
    """B06: the same answer, and no trace but the counters."""
    actions.ask_for_reset(actor=NOBODY, at=at, email="nobody@mail.example", ip=IP)
    assert not SingleUseLink.objects.filter(kind=LinkKind.PASSWORD_RESET).exists()
    assert not OutboxMessage.objects.exists()


def test_a_client_is_written_to_through_safe_contact(at: datetime) -> None:
    a_practice()
    course = a_course(a_therapist())
    email = with_password(client_account(course))
    actions.ask_for_reset(actor=NOBODY, at=at, email=email, ip=IP)
    assert OutboxMessage.objects.get().client_id == course.client


def test_resets_are_rare(at: datetime) -> None:
    a_practice()
    email = with_password(a_therapist())
    for _ in range(3):
        actions.ask_for_reset(actor=NOBODY, at=at, email=email, ip=IP)
    with pytest.raises(TooManyTries):
        actions.ask_for_reset(actor=NOBODY, at=at, email=email, ip=IP)
    assert SingleUseLink.objects.filter(kind=LinkKind.PASSWORD_RESET, revoked_at=None).count() == 1
