"""Erasure destroys the key after a second person agreed; the audit chain stays whole, the others stay readable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.clients.models import Client
from rapport.practice.clients.queries import names
from rapport.practice.episodes.rules import cares_for
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.approvals.actions import approve_act, request_act
from rapport.practice.security.approvals.tasks import run_due_acts
from rapport.practice.security.audit.verify import verify
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import SYSTEM


def test_an_approved_erasure_leaves_nothing_to_read_and_a_whole_chain() -> None:
    therapist, first, second = a_therapist(), a_manager(), a_manager("Edda Falk")
    course, other = a_course(therapist), a_course(therapist, "Amina Barr")
    account = client_account(course)
    act = request_act(actor=first, at=AT, act="erase_client", subject=course.client, facts={"ground": "asked"})
    assert Client.objects.get(id=course.client).erased_at is None
    approve_act(actor=second, at=AT, act_id=act)
    run_due_acts(actor=SYSTEM, at=AT + timedelta(minutes=1))
    row = Client.objects.get(id=course.client)
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(keys.client(course.client), "clients.client.name", course.client, row.name_sealed)
    assert names(viewer=therapist, at=AT, client_ids=[course.client, other.client]) == {other.client: "Amina Barr"}
    assert not cares_for(therapist, course.client, AT)
    assert Account.objects.get(id=account.account).disabled_at is not None
    assert verify(None).finding is None


def test_the_address_of_an_erased_client_is_free_again() -> None:
    therapist, manager = a_therapist(), a_manager()
    account = client_account(a_course(therapist))
    kept = Account.objects.get(id=account.account).login_hash
    request_act(actor=manager, at=AT, act="erase_client", subject=account.client_id, facts={})  # type: ignore[arg-type]
    run_due_acts(actor=SYSTEM, at=AT + timedelta(hours=72))
    assert not Account.objects.filter(login_hash=kept).exists()
