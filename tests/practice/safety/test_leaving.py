"""Whoever holds an alert stays until somebody else has it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, a_course, a_manager, a_therapist, client_account

from rapport.practice.episodes.actions import grant_care
from rapport.practice.safety.actions import acknowledge_alert, close_alert, reassign_alert
from rapport.practice.safety.choices import Contact
from rapport.practice.security.accounts.actions import disable_account
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.rules.leaving import StillNeeded


def test_a_person_with_open_alerts_cannot_be_disabled_until_they_are_reassigned() -> None:
    a_practice()
    mara, ida = a_therapist(), a_therapist("Ida Other")
    manager = replace(a_manager(), stepped_up_at=AT)
    alerts = []
    for name in ("Jonas Weber", "Amina Bakari"):
        course = a_course(mara, name)
        alerts.append(an_alert(course, client_account(course)))
        grant_care(actor=manager, at=AT, episode_id=course.episode, therapist_id=ida.account)
    given = {"actor": mara, "at": AT, "alert_id": alerts[1]}
    acknowledge_alert(**given, did="I rang her.", contact=Contact.REACHED)
    with pytest.raises(StillNeeded, match=r"^2 alerts are"):
        disable_account(actor=manager, at=AT, account_id=mara.account)
    close_alert(**given, outcome="She is safe.")
    with pytest.raises(StillNeeded, match=r"^1 alert is"):
        disable_account(actor=manager, at=AT, account_id=mara.account)
    assert Account.objects.get(id=mara.account).disabled_at is None
    reassign_alert(actor=manager, at=AT, alert_id=alerts[0], to=ida.account)
    disable_account(actor=manager, at=AT, account_id=mara.account)
    assert Account.objects.get(id=mara.account).disabled_at == AT
