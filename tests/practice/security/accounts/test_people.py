"""Roles and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.factories.accounts import PASSWORD, with_password
from tests.factories.people import a_course, a_manager, a_therapist, client_account

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import people, roles_of, sign_in_of
from rapport.practice.security.accounts.rules import leaving
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound, StepUpNeeded
from rapport.practice.security.policy.actor import NOBODY, Actor, Role


@pytest.fixture
def manager(at: datetime) -> Actor:
    return replace(a_manager(), stepped_up_at=at)


@pytest.fixture
def no_checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(leaving, "_checks", [])
    yield


def test_a_role_is_given_by_somebody_else_and_recorded(manager: Actor, at: datetime) -> None:
    therapist = a_therapist()
    actions.grant_role(actor=manager, at=at, account_id=therapist.account, role=Role.MANAGER)
    assert roles_of(Account.objects.get(id=therapist.account)) == {Role.MANAGER, Role.THERAPIST}
    assert AuditEvent.objects.get(action="grant", object_id=therapist.id).reason == "grant manager"
    actions.end_role(actor=manager, at=at, account_id=therapist.account, role=Role.MANAGER)
    assert roles_of(Account.objects.get(id=therapist.account)) == {Role.THERAPIST}


def test_nobody_raises_themselves(manager: Actor, at: datetime) -> None:
    with pytest.raises(actions.OwnRole):
        actions.grant_role(actor=manager, at=at, account_id=manager.account, role=Role.THERAPIST)
    assert roles_of(Account.objects.get(id=manager.account)) == {Role.MANAGER}


def test_roles_are_the_managers_business_and_need_proof(manager: Actor, at: datetime) -> None:
    therapist, client = a_therapist(), client_account(a_course(a_therapist("Alan Brook")))
    with pytest.raises(Forbidden):
        actions.grant_role(actor=therapist, at=at, account_id=manager.account, role=Role.THERAPIST)
    with pytest.raises(StepUpNeeded):
        actions.grant_role(
            actor=replace(manager, stepped_up_at=at - timedelta(minutes=6)),
            at=at,
            account_id=therapist.account,
            role=Role.MANAGER,
        )
    with pytest.raises(NotFound):
        actions.grant_role(actor=manager, at=at, account_id=client.account, role=Role.THERAPIST)
    with pytest.raises(actions.NotAStaffRole):
        actions.grant_role(actor=manager, at=at, account_id=therapist.account, role=Role.SYSTEM)


def test_the_last_role_and_the_last_manager_stay(manager: Actor, at: datetime) -> None:
    therapist = a_therapist()
    with pytest.raises(actions.OnlyRole):
        actions.end_role(actor=manager, at=at, account_id=therapist.account, role=Role.THERAPIST)
    with pytest.raises(leaving.LastManager):
        actions.disable_account(actor=manager, at=at, account_id=manager.account)


def test_whoever_leaves_is_out_at_once(manager: Actor, at: datetime, no_checks: None) -> None:
    """B02, and Cerebral's former staff: the next request is refused."""
    therapist = a_therapist()
    email = with_password(therapist)
    token = actions.open_sign_in(actor=therapist, at=at, account_id=therapist.account, second_factor="totp")
    actions.disable_account(actor=manager, at=at, account_id=therapist.account)
    assert sign_in_of(token=token, at=at, path="/") is None
    with pytest.raises(actions.WrongSignIn):
        actions.sign_in_with_password(actor=NOBODY, at=at, email=email, password=PASSWORD, ip="192.0.2.1")
    facts = next(facts for facts in people(viewer=manager, at=at) if facts.id == therapist.id)
    assert facts.disabled_at == at
    actions.enable_account(actor=manager, at=at, account_id=therapist.account)
    actions.sign_in_with_password(actor=NOBODY, at=at, email=email, password=PASSWORD, ip="192.0.2.1")


def test_whoever_still_carries_something_stays(manager: Actor, at: datetime, no_checks: None) -> None:
    """H06: duties above say what must be handed over first."""
    therapist = a_therapist()
    leaving.register_leaving_check(
        lambda account, moment: "Two alerts are theirs." if account == therapist.id else None
    )
    with pytest.raises(leaving.StillNeeded, match="Two alerts"):
        actions.disable_account(actor=manager, at=at, account_id=therapist.account)
    assert Account.objects.get(id=therapist.account).disabled_at is None


def test_only_managers_see_the_list(at: datetime) -> None:
    with pytest.raises(Forbidden):
        people(viewer=a_therapist(), at=at)
