"""Nobody does alone what the matrix wants two for; a practice of one waits, and can call it off."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.factories.people import AT, a_manager, a_therapist

from rapport.practice.security.approvals.actions import (
    AlreadyWaiting,
    NeedsAnother,
    approve_act,
    cancel_act,
    request_act,
)
from rapport.practice.security.approvals.queries import waiting_acts
from rapport.practice.security.approvals.tasks import register_act, run_due_acts
from rapport.practice.security.policy.access import Forbidden, NotFound, StepUpNeeded
from rapport.practice.security.policy.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SUBJECT = uuid.uuid4()


@pytest.fixture
def done() -> list[tuple[UUID, dict[str, Any]]]:
    acts: list[tuple[UUID, dict[str, Any]]] = []

    def do(*, actor: Actor, at: datetime, subject: UUID, requested_by: UUID, facts: dict[str, Any]) -> None:
        acts.append((subject, facts))

    register_act("test", do)
    return acts


def ask(manager: Actor) -> UUID:
    return request_act(actor=manager, at=AT, act="test", subject=SUBJECT, facts={"why": "asked"})


def test_a_practice_of_one_waits_seventy_two_hours(done: list[Any]) -> None:
    ask(a_manager())
    assert run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=72, seconds=-1)) == 0
    assert run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=72)) == 1
    assert run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=73)) == 0
    assert done == [(SUBJECT, {"why": "asked"})]


def test_it_can_be_called_off_until_it_is_done(done: list[Any]) -> None:
    manager = a_manager()
    act = ask(manager)
    cancel_act(actor=manager, at=AT + timedelta(hours=71), act_id=act)
    run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=99))
    assert done == []
    with pytest.raises(NotFound):
        cancel_act(actor=manager, at=AT, act_id=act)


def test_where_there_are_two_the_other_one_approves(done: list[Any]) -> None:
    first, second = a_manager(), a_manager("Edda Falk")
    act = ask(first)
    run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=99))
    assert done == []
    with pytest.raises(NeedsAnother):
        approve_act(actor=first, at=AT, act_id=act)
    approve_act(actor=second, at=AT, act_id=act)
    run_due_acts(actor=SYSTEM, at=AT)
    assert len(done) == 1


def test_asking_needs_a_manager_who_just_proved_who_they_are(done: list[Any]) -> None:
    with pytest.raises(Forbidden):
        ask(a_therapist())
    manager = a_manager()
    with pytest.raises(StepUpNeeded):
        request_act(actor=manager, at=AT + timedelta(minutes=6), act="test", subject=SUBJECT, facts={})


def test_the_same_act_waits_only_once(done: list[Any]) -> None:
    manager = a_manager()
    ask(manager)
    with pytest.raises(AlreadyWaiting):
        ask(manager)
    assert [act.facts for act in waiting_acts(viewer=manager, at=AT)] == [{"why": "asked"}]


def test_a_manager_gives_themselves_a_role_only_through_an_approval() -> None:
    from rapport.practice.security.accounts.actions.roles import OwnRole, grant_role
    from rapport.practice.security.accounts.models import RoleGrant
    from rapport.practice.security.policy.actor import Role

    manager = a_manager()
    with pytest.raises(OwnRole):
        grant_role(actor=manager, at=AT, account_id=manager.account, role=Role.THERAPIST)
    request_act(actor=manager, at=AT, act="grant_role", subject=manager.account, facts={"role": "therapist"})
    run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=72))
    assert RoleGrant.objects.filter(account_id=manager.account, role="therapist", ended_at=None).exists()
