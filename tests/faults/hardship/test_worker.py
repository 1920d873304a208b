"""A worker that dies is followed by another; one that can do nothing for somebody does it for the others."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.config.operations.server import kept_running
from rapport.practice.post import tasks as post
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.tasks import delivery
from rapport.practice.safety import tasks
from rapport.practice.safety.models import Alert, AlertStep
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.policy.actor import SYSTEM

HOURS = timedelta(hours=3)
TELLS_ITS_NUMBER = "import os, time; print(os.getpid(), file=open({!r}, 'w'), flush=True); time.sleep(600)"


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    door = tmp_path / "door"
    os.mkfifo(door)
    with kept_running([sys.executable, "-c", TELLS_ITS_NUMBER.format(str(door))], pause=0.01):
        first = int(door.read_text())
        os.kill(first, signal.SIGKILL)
        second = int(door.read_text())  # comes only from another process
        assert second != first
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


@pytest.mark.django_db
def test_an_alert_that_cannot_be_told_on_does_not_silence_the_others() -> None:
    a_practice()
    therapist = a_therapist()
    courses = [a_course(therapist, name) for name in ("Amina Berg", "Jonas Weber", "Lea Sand")]
    alerts = [an_alert(course, client_account(course)) for course in courses]
    asked = tasks.staff_for

    def fails_for_one(*, client_id: UUID, **given: Any) -> Any:
        if client_id == courses[1].client:
            raise RuntimeError
        return asked(client_id=client_id, **given)

    with patch.object(tasks, "staff_for", fails_for_one), pytest.raises(RuntimeError):
        tasks.escalate_due(actor=SYSTEM, at=AT + HOURS)
    told = AlertStep.objects.filter(kind="escalated").values_list("alert_id", flat=True)
    assert set(told) == {alerts[0], alerts[2]}
    assert tasks.escalate_due(actor=SYSTEM, at=AT + HOURS) == 1


@pytest.mark.django_db
def test_where_no_therapist_is_left_a_manager_owns_the_alert() -> None:
    a_practice()
    manager, therapist = a_manager(), a_therapist()
    course = a_course(therapist)
    alert = an_alert(course, client_account(course))
    Account.objects.filter(id=therapist.account).update(disabled_at=AT)
    tasks.escalate_due(actor=SYSTEM, at=AT + HOURS)
    assert Alert.objects.get(id=alert).owner_id == manager.account


@pytest.mark.django_db
def test_a_message_that_cannot_be_made_ready_does_not_hold_up_the_others(mailoutbox: list[Any]) -> None:
    a_practice()
    therapist = a_therapist()
    for name in ("Amina Berg", "Jonas Weber", "Lea Sand"):
        course = a_course(therapist, name)
        an_alert(course, client_account(course))
    bad = OutboxMessage.objects.order_by("due_at", "id").values_list("id", flat=True)[0]
    taken = delivery.take_for_delivery

    def fails_for_one(*, message_id: UUID, **given: Any) -> Any:
        if message_id == bad:
            raise RuntimeError
        return taken(message_id=message_id, **given)

    with patch.object(delivery, "take_for_delivery", fails_for_one):
        assert post.deliver_due(actor=SYSTEM, at=AT) == 2
    assert post.deliver_due(actor=SYSTEM, at=AT) == 0  # it waits its turn
    assert post.deliver_due(actor=SYSTEM, at=AT + HOURS) == 1
    assert len(mailoutbox) == 3
