"""Text messages: off unless the operator names a gateway, handed over by one plain POST."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.factories.mailbox import Gateway
from tests.factories.organisation import TERMS, a_practice
from tests.factories.people import AT, Course, a_course, a_therapist

from rapport.practice.clients.actions import edit_client, refuse_consent, set_safe_contact
from rapport.practice.clients.choices import Channel, ClientDetails, ConsentMethod, Purpose, SafeContact
from rapport.practice.clients.rules.reaching import texting_number
from rapport.practice.post.actions import queue
from rapport.practice.post.choices import State, TextGateway
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import LONGEST_TEXT, TEMPLATES, text_words
from rapport.practice.post.tasks import deliver_due
from rapport.practice.security.policy.actor import SYSTEM

BY_TEXT = SafeContact(channels=frozenset({Channel.SMS}))
LINK = "http://localhost/a/" + "k" * 43 + "/"
WHEN = "Thursday 5 March, 10:00"


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    made = Gateway()
    with made.up():
        settings.TEXT_GATEWAY = TextGateway(
            url=f"http://127.0.0.1:{made.port}/send?unicode=1",
            headers=(("X-Token", "s3cret"),),
            body='{"messages": [{"to": "{to}", "from": "{sender}", "text": "{text}", "tag": 7}]}',
        )
        yield made


@pytest.fixture
def course() -> Course:
    a_practice()
    found = a_course(a_therapist())
    return texted(found)


def texted(course: Course, contact: SafeContact = BY_TEXT, phone: str = "07700 900123", email: str = "") -> Course:
    details = ClientDetails(name="Jonas Weber", phone=phone, email=email)
    edit_client(actor=course.therapist, at=AT, client_id=course.client, details=details)
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=contact)
    return course


def reminded(course: Course) -> UUID:
    return queue(
        actor=SYSTEM,
        at=AT,
        kind="appointment",
        client_id=course.client,
        account_id=None,
        params={"when": WHEN, "link": LINK},
        dedupe="reminder",
    )


def outcome(message: UUID) -> tuple[str, str, str]:
    row = OutboxMessage.objects.get(id=message)
    return row.channel, row.state, row.reason


def test_a_reminder_goes_as_a_text_in_neutral_words_and_without_a_link(course: Course, gateway: Gateway) -> None:
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 1
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(days=1)) == 0
    ((path, headers, body),) = gateway.heard
    assert path == "/send?unicode=1"
    assert (headers["X-Token"], headers["Idempotency-Key"]) == ("s3cret", str(message))
    assert body == {
        "messages": [
            {
                "to": "+447700900123",
                "from": "Lindenhof",
                "text": "Lindenhof: your appointment is Thursday 5 March, 10:00. +44 20 7946 0958",
                "tag": 7,
            }
        ]
    }
    assert outcome(message) == ("text", State.SENT, "")


def test_a_link_stands_in_it_only_where_the_client_allowed_it(course: Course, gateway: Gateway) -> None:
    texted(course, replace(BY_TEXT, text_links=True))
    reminded(course)
    deliver_due(actor=SYSTEM, at=AT)
    text = gateway.heard[0][2]["messages"][0]["text"]
    assert LINK in text
    assert len(text) <= LONGEST_TEXT


def test_a_link_never_goes_to_a_telephone_others_see(course: Course, gateway: Gateway) -> None:
    texted(course, replace(BY_TEXT, text_links=True, shared_device=True))
    reminded(course)
    deliver_due(actor=SYSTEM, at=AT)
    assert "http" not in gateway.heard[0][2]["messages"][0]["text"]


def test_without_a_gateway_nothing_is_texted(course: Course) -> None:
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert outcome(message)[1:] == (State.HELD, "no_permission")


@pytest.mark.parametrize(
    ("contact", "phone", "reason"),
    [
        (SafeContact(channels=frozenset({Channel.PHONE})), "07700 900123", "no_permission"),
        (BY_TEXT, "", "no_number"),
        (BY_TEXT, "020 7946 0958", "no_number"),  # a landline would read it aloud
        (BY_TEXT, "999", "no_number"),
        (replace(BY_TEXT, never_if="my husband is at home"), "07700 900123", "needs_a_person"),
    ],
)
def test_safe_contact_holds_for_texts_too(
    course: Course, gateway: Gateway, contact: SafeContact, phone: str, reason: str
) -> None:
    texted(course, contact, phone)
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert outcome(message)[1:] == (State.HELD, reason)
    assert gateway.heard == []


def test_a_no_to_texts_is_a_no(course: Course, gateway: Gateway) -> None:
    message = reminded(course)
    refuse_consent(
        actor=course.therapist,
        at=AT,
        client_id=course.client,
        purpose=Purpose.CONTACT_SMS,
        text_version=1,
        method=ConsentMethod.SPOKEN,
    )
    deliver_due(actor=SYSTEM, at=AT)
    assert outcome(message)[1:] == (State.HELD, "consent_withdrawn")


def test_who_allowed_both_gets_one_message_by_e_mail(course: Course, gateway: Gateway) -> None:
    both = SafeContact(channels=frozenset({Channel.SMS, Channel.EMAIL}))
    texted(course, both, email="jonas@mail.example")
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 1
    assert outcome(message)[0] == "email"
    assert gateway.heard == []


def test_a_message_that_has_no_short_form_is_never_texted(course: Course, gateway: Gateway) -> None:
    queue(
        actor=SYSTEM, at=AT, kind="please_call", client_id=course.client, account_id=None, params={}, dedupe="call"
    )  # fmt: skip
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert gateway.heard == []


@pytest.mark.parametrize(("status", "state"), [(500, State.QUEUED), (429, State.QUEUED), (422, State.FAILED)])
def test_a_gateway_that_refuses_is_asked_again_or_given_up(
    course: Course, gateway: Gateway, status: int, state: State
) -> None:
    gateway.status = status
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert outcome(message)[1] == state
    gateway.status = 200
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(hours=1)) == (state is State.QUEUED)


def test_a_redirect_is_not_followed(course: Course, gateway: Gateway) -> None:
    gateway.status, gateway.location = 302, f"http://127.0.0.1:{gateway.port}/elsewhere"
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert len(gateway.heard) == 1
    assert outcome(message)[1] == State.QUEUED


def test_a_gateway_that_is_away_delays(course: Course, settings: Any) -> None:
    settings.TEXT_GATEWAY = TextGateway(url="http://127.0.0.1:9/")
    message = reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert outcome(message)[1] == State.QUEUED


def test_a_form_is_sent_with_the_gateways_own_names(course: Course, settings: Any) -> None:
    gateway = Gateway()
    with gateway.up():
        settings.TEXT_GATEWAY = TextGateway(
            url=f"http://127.0.0.1:{gateway.port}/", sender="Linden", fields=(("Rcpt", "{to}"), ("Body", "{text}"))
        )
        reminded(course)
        deliver_due(actor=SYSTEM, at=AT)
    ((_, headers, body),) = gateway.heard
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body.startswith("Rcpt=%2B447700900123&Body=Lindenhof%3A+your")


def test_quotes_and_braces_in_a_name_stay_in_their_place(gateway: Gateway) -> None:
    a_practice(terms=replace(TERMS, alias='The "{to}" House'))
    course = texted(a_course(a_therapist()))
    reminded(course)
    deliver_due(actor=SYSTEM, at=AT)
    (sent,) = gateway.heard[0][2]["messages"]
    assert sent["to"] == "+447700900123"
    assert sent["text"].startswith('The "{to}" House: your')


@pytest.mark.parametrize("kind", [kind for kind, template in TEMPLATES.items() if template.text])
@pytest.mark.parametrize("alias", ["Lindenhof", "L" * 60])
def test_a_text_is_one_text_whatever_the_names(kind: str, alias: str) -> None:
    params = {"when": "Wednesday 30 September, 10:00 (Argentina/ComodRivadavia time)", "link": LINK * 3}
    for given in (params, {"when": WHEN}):
        assert len(text_words(kind, given, practice=alias, phone="+44 20 7946 0958").body) <= LONGEST_TEXT


@pytest.mark.parametrize(
    ("phone", "country", "number"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+49 171 1234567", "GB", "+491711234567"),
        ("0171 1234567", "DE", "+491711234567"),
        ("0171 1234567", None, ""),
        ("nobody", "GB", ""),
    ],
)
def test_numbers_become_what_a_gateway_wants(phone: str, country: str | None, number: str) -> None:
    assert texting_number(phone, country) == number


def test_texts_wait_for_the_safe_hours_of_the_client_s_clock(course: Course, gateway: Gateway) -> None:
    from datetime import time

    texted(course, replace(BY_TEXT, hours_from=time(18), hours_until=time(20)))
    reminded(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert deliver_due(actor=SYSTEM, at=datetime(2026, 3, 2, 18, tzinfo=UTC)) == 1
