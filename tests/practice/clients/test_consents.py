"""What clients agree to, and take back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.practice.clients.actions import give_consent, refuse_consent, withdraw_consent
from rapport.practice.clients.choices import ConsentMethod, ConsentState, Purpose
from rapport.practice.clients.models import Consent
from rapport.practice.clients.queries import consent_history, consent_texts, consents, has_consented
from rapport.practice.clients.rules.consenting import NothingToWithdraw, UnknownConsentText
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor

HOUR = timedelta(hours=1)


@pytest.fixture
def course() -> Course:
    return a_course(a_therapist())


def agree(actor: Actor, course: Course, purpose: Purpose, hours: int = 0, scope: str = "") -> None:
    give_consent(
        actor=actor,
        at=AT + hours * HOUR,
        client_id=course.client,
        purpose=purpose,
        text_version=1,
        method=ConsentMethod.PORTAL,
        scope=scope,
    )


def states(viewer: Actor, course: Course, hours: float) -> dict[Purpose, ConsentState]:
    when = AT + hours * HOUR
    rows = consents(viewer=viewer, at=AT + 9 * HOUR, client_id=course.client, as_of=when)
    return {row.purpose: row.state for row in rows if row.state is not ConsentState.NOT_ASKED}


def test_every_purpose_has_words_and_says_what_a_no_means() -> None:
    for purpose in Purpose:
        versions = consent_texts()[purpose]
        assert [text.version for text in versions] == list(range(1, len(versions) + 1))
        for text in versions:
            assert text.title
            assert text.asks.startswith("I agree")
            assert text.means
            if purpose is not Purpose.TREATMENT:
                assert text.if_no.startswith("Nothing changes.")


def test_history_at_any_moment_can_be_shown_again(course: Course) -> None:
    client = client_account(course)
    agree(client, course, Purpose.MEASURES, 1)
    agree(client, course, Purpose.SHARE_WITH, 2, scope="Dr Osei, my GP")
    withdraw_consent(actor=client, at=AT + 3 * HOUR, client_id=course.client, purpose=Purpose.MEASURES)
    agree(client, course, Purpose.MEASURES, 4)
    given, withdrawn = ConsentState.GIVEN, ConsentState.WITHDRAWN
    assert states(client, course, 0.5) == {}
    assert states(client, course, 1) == {Purpose.MEASURES: given}
    assert states(client, course, 3.5) == {Purpose.MEASURES: withdrawn, Purpose.SHARE_WITH: given}
    assert states(client, course, 4) == {Purpose.MEASURES: given, Purpose.SHARE_WITH: given}
    history = consent_history(viewer=course.therapist, at=AT, client_id=course.client)
    assert [event.state for event in history] == [given, given, withdrawn, given]
    assert history[1].scope == "Dr Osei, my GP"
    assert b"Osei" not in bytes(Consent.objects.get(number=2).scope_sealed)


def test_saying_yes_no_and_taking_back_are_recorded_each_with_its_event(course: Course) -> None:
    client = client_account(course)
    agree(client, course, Purpose.RESEARCH)
    assert has_consented(course.client, Purpose.RESEARCH, at=AT)
    withdraw_consent(actor=client, at=AT, client_id=course.client, purpose=Purpose.RESEARCH)
    assert not has_consented(course.client, Purpose.RESEARCH, at=AT)
    refuse_consent(
        actor=course.therapist,
        at=AT,
        client_id=course.client,
        purpose=Purpose.SUPERVISION,
        text_version=1,
        method=ConsentMethod.SPOKEN,
    )
    events = AuditEvent.objects.filter(object_type="consent").values_list("action", "reason")
    assert list(events) == [
        ("record", "research given"),
        ("withdraw", "research withdrawn"),
        ("record", "supervision refused"),
    ]


def test_what_was_not_given_cannot_be_taken_back(course: Course) -> None:
    client = client_account(course)
    with pytest.raises(NothingToWithdraw):
        withdraw_consent(actor=client, at=AT, client_id=course.client, purpose=Purpose.RESEARCH)
    agree(client, course, Purpose.RESEARCH)
    withdraw_consent(actor=client, at=AT, client_id=course.client, purpose=Purpose.RESEARCH)
    with pytest.raises(NothingToWithdraw):
        withdraw_consent(actor=client, at=AT, client_id=course.client, purpose=Purpose.RESEARCH)


def test_words_nobody_saw_cannot_be_agreed_to(course: Course) -> None:
    with pytest.raises(UnknownConsentText):
        give_consent(
            actor=course.therapist,
            at=AT,
            client_id=course.client,
            purpose=Purpose.MEASURES,
            text_version=99,
            method=ConsentMethod.PAPER,
        )
    assert not Consent.objects.exists()


def test_strangers_neither_see_nor_say_anything(course: Course) -> None:
    other = a_therapist("Ida Other")
    other_client = client_account(a_course(other, "Bea Birch"), "Bea Birch")
    for stranger in (other, other_client):
        for foreign in (course.client, uuid4()):
            with pytest.raises(NotFound):
                consents(viewer=stranger, at=AT, client_id=foreign)
            with pytest.raises(NotFound):
                withdraw_consent(actor=stranger, at=AT, client_id=foreign, purpose=Purpose.RESEARCH)
    with pytest.raises(Forbidden):
        agree(a_manager(), course, Purpose.RESEARCH)
    assert AuditEvent.objects.filter(decision="deny", object_type="consent").count() == 5
    assert not Consent.objects.exists()


def test_a_manager_reads_that_a_consent_exists(course: Course) -> None:
    agree(client_account(course), course, Purpose.MEASURES)
    assert states(a_manager(), course, 1) == {Purpose.MEASURES: ConsentState.GIVEN}
