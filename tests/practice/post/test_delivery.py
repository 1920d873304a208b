"""What leaves, what is held, and what is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from tests.factories.clients import BY_EMAIL, reachable
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist

from rapport.practice.clients.actions import refuse_consent, set_safe_contact
from rapport.practice.clients.choices import Channel, ConsentMethod, Purpose, SafeContact
from rapport.practice.post.actions import Envelope, queue, take_for_delivery
from rapport.practice.post.choices import Channel as MessageChannel
from rapport.practice.post.choices import State
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.queries import kept_mail, oldest_undelivered, outbox
from rapport.practice.post.rules import MessageRefused
from rapport.practice.post.tasks import deliver_due, delivery
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM

LINK = {"link": "https://lindenhof.example/welcome/kZk1"}


@pytest.fixture
def course() -> Course:
    a_practice()
    return reachable(a_course(a_therapist()))


def invited(course: Course, at: datetime = AT, dedupe: str = "invitation 1") -> UUID:
    return queue(
        actor=course.therapist,
        at=at,
        kind="invitation",
        client_id=course.client,
        account_id=None,
        params=LINK,
        dedupe=dedupe,
    )


def state(message: UUID) -> tuple[str, str]:
    row = OutboxMessage.objects.get(id=message)
    return row.state, row.reason


def test_an_invitation_leaves_once_in_neutral_words(course: Course) -> None:
    message = invited(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 1
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(days=1)) == 0
    (sent,) = mail.outbox
    assert sent.to == ["jonas@mail.example"]
    assert sent.from_email == "Lindenhof <office@practice.example>"
    assert LINK["link"] in sent.body
    assert str(course.client) not in sent.message().as_string()
    assert sent.extra_headers["Message-ID"].startswith(f"<{message}@")
    assert state(message) == (State.SENT, "")
    assert list(AuditEvent.objects.filter(object_type="outbox").values_list("action", flat=True)) == ["queue", "sent"]


def test_the_words_of_a_message_are_not_kept_after_it_left(course: Course) -> None:
    message = invited(course)
    deliver_due(actor=SYSTEM, at=AT)
    assert bytes(OutboxMessage.objects.get(id=message).params_sealed) == b""


def test_the_same_cause_is_one_message(course: Course) -> None:
    assert invited(course) == invited(course)
    assert OutboxMessage.objects.count() == 1


def test_a_colleague_is_written_to_at_their_accounts_address() -> None:
    a_practice()
    therapist = a_therapist("Mara Okonjo")
    queue(actor=SYSTEM, at=AT, kind="urgent_item", client_id=None, account_id=therapist.id, params={}, dedupe="alert 1")
    deliver_due(actor=SYSTEM, at=AT)
    assert mail.outbox[0].to[0].startswith("mara.okonjo.")
    assert mail.outbox[0].subject == "You have an urgent item"


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        (SafeContact(), "no_permission"),
        (SafeContact(channels=frozenset({Channel.PHONE, Channel.SMS, Channel.POST})), "no_permission"),
        (replace(BY_EMAIL, never_if="my husband is at home"), "needs_a_person"),
        (replace(BY_EMAIL, hide_portal_mail=True), "portal_hidden"),
        (replace(BY_EMAIL, shared_device=True), "portal_hidden"),
    ],
)
def test_nothing_is_sent_outside_safe_contact_even_when_it_changed_while_queued(
    course: Course, contact: SafeContact, reason: str
) -> None:
    message = invited(course)
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=contact)
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=1)) == 0
    assert mail.outbox == []
    assert state(message) == (State.HELD, reason)


def test_a_reminder_without_a_link_may_go_to_a_shared_device(course: Course) -> None:
    contact = replace(BY_EMAIL, shared_device=True)
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=contact)
    queue(
        actor=SYSTEM,
        at=AT,
        kind="appointment",
        client_id=course.client,
        account_id=None,
        params={"when": "Tuesday 3 March, 10:00"},
        dedupe="reminder 1",
    )
    assert deliver_due(actor=SYSTEM, at=AT) == 1


def test_the_full_name_of_the_practice_is_used_only_where_a_client_allowed_it(course: Course) -> None:
    contact = replace(BY_EMAIL, neutral_sender=False)
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=contact)
    invited(course)
    deliver_due(actor=SYSTEM, at=AT)
    assert mail.outbox[0].from_email == "Lindenhof Psychotherapy <office@practice.example>"
    assert "Lindenhof Psychotherapy" in mail.outbox[0].body


def test_a_client_without_an_address_or_a_yes_gets_nothing(course: Course) -> None:
    first = invited(course, dedupe="a")
    refuse_consent(
        actor=course.therapist,
        at=AT,
        client_id=course.client,
        purpose=Purpose.CONTACT_EMAIL,
        text_version=1,
        method=ConsentMethod.SPOKEN,
    )
    deliver_due(actor=SYSTEM, at=AT)
    assert state(first) == (State.HELD, "consent_withdrawn")
    bare = reachable(a_course(course.therapist), email="")
    second = invited(bare, dedupe="b")
    deliver_due(actor=SYSTEM, at=AT)
    assert state(second) == (State.HELD, "no_address")


def test_a_client_nobody_asked_gets_nothing() -> None:
    a_practice()
    message = invited(a_course(a_therapist()))
    deliver_due(actor=SYSTEM, at=AT)
    assert state(message) == (State.HELD, "no_permission")


def test_an_erased_client_gets_nothing(course: Course) -> None:
    message = invited(course)
    keys.destroy_compartment("client", course.client, at=AT, authority=course.therapist.account)
    deliver_due(actor=SYSTEM, at=AT)
    assert state(message) == (State.HELD, "no_recipient")


def test_a_message_waits_for_the_safe_hours(course: Course) -> None:
    contact = replace(BY_EMAIL, hours_from=time(12), hours_until=time(14), days=frozenset({2}))
    set_safe_contact(actor=course.therapist, at=AT, client_id=course.client, contact=contact)
    invited(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    wednesday_noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert oldest_undelivered(viewer=SYSTEM, at=wednesday_noon - timedelta(seconds=1)) is None
    assert deliver_due(actor=SYSTEM, at=wednesday_noon - timedelta(seconds=1)) == 0
    assert deliver_due(actor=SYSTEM, at=wednesday_noon) == 1


def test_a_dead_mail_server_delays_and_loses_nothing(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(envelope: object) -> None:
        raise ConnectionRefusedError

    message = invited(course)
    with monkeypatch.context() as broken:
        broken.setattr(delivery, "_send", dead)
        moments = []
        for minute in range(6 * 60):
            before = OutboxMessage.objects.get(id=message).attempts
            deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=minute))
            if OutboxMessage.objects.get(id=message).attempts > before:
                moments.append(minute)
    assert moments == [0, 1, 3, *range(7, 6 * 60, 5)]
    assert oldest_undelivered(viewer=SYSTEM, at=AT + timedelta(hours=6)) == AT
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(hours=7)) == 1
    assert len(mail.outbox) == 1
    assert oldest_undelivered(viewer=SYSTEM, at=AT + timedelta(hours=7)) is None


def test_a_server_that_is_away_is_waited_for_once_in_a_round(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def hangs(envelope: Envelope) -> None:
        tried.append(envelope.id)
        raise TimeoutError

    messages = {invited(course, dedupe=str(number)) for number in range(5)}
    with monkeypatch.context() as broken:
        broken.setattr(delivery, "_send", hangs)
        assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert len(tried) == 1
    assert {state(message)[0] for message in messages} == {State.QUEUED}
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=1)) == 5


@pytest.mark.parametrize("problem", [TimeoutError, SMTPServerDisconnected])
def test_a_message_the_server_hangs_on_keeps_no_other_back(
    course: Course, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    def hangs(envelope: Envelope) -> None:
        if envelope.id == bad:
            raise problem

    bad, *good = sorted(invited(course, dedupe=str(number)) for number in range(4))  # the order they are taken in
    monkeypatch.setattr(delivery, "_send", hangs)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert list(OutboxMessage.objects.filter(id__in=good).values_list("attempts", flat=True)) == [0, 0, 0]
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=1)) == 3
    assert [state(message)[0] for message in (bad, *good)] == [State.QUEUED, *[State.SENT] * 3]


def test_urgent_messages_the_server_hangs_on_keep_nothing_ordinary_back(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs(envelope: Envelope) -> None:
        if envelope.is_urgent:
            raise TimeoutError

    ordinary = invited(course)
    for number in range(6):
        queue(
            actor=SYSTEM, at=AT, kind="urgent_item", client_id=None, account_id=course.therapist.account, params={},
            dedupe=f"alert {number}",
        )  # fmt: skip
    monkeypatch.setattr(delivery, "_send", hangs)
    assert deliver_due(actor=SYSTEM, at=AT) == 1
    assert state(ordinary)[0] == State.SENT


def test_mail_that_is_away_keeps_no_text_back(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def only_texts(envelope: Envelope) -> None:
        if envelope.channel is MessageChannel.EMAIL:
            raise ConnectionRefusedError

    def by_turns(*, message_id: UUID, **given: object) -> Envelope | None:
        envelope = take_for_delivery(message_id=message_id, **given)
        return envelope and replace(envelope, channel=ways[message_id])

    ways = {
        invited(course, AT + timedelta(seconds=number), str(number)): way
        for number, way in enumerate([MessageChannel.EMAIL, MessageChannel.TEXT])
    }
    monkeypatch.setattr(delivery, "_send", only_texts)
    monkeypatch.setattr(delivery, "take_for_delivery", by_turns)
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=1)) == 1
    assert [state(message)[0] for message in ways] == [State.QUEUED, State.SENT]


def test_one_refused_message_stops_no_other(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = invited(course)
    other = invited(course, AT + timedelta(seconds=1), "b")

    def full(envelope: Envelope) -> None:
        if envelope.id == refused:
            raise SMTPRecipientsRefused({"jonas@mail.example": (452, b"mailbox full")})

    monkeypatch.setattr(delivery, "_send", full)
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=1)) == 1
    assert [state(message)[0] for message in (refused, other)] == [State.QUEUED, State.SENT]


def test_the_urgent_leaves_before_what_waits_longer(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        invited(course, dedupe=str(number))
    urgent = queue(
        actor=SYSTEM,
        at=AT + timedelta(hours=1),
        kind="urgent_item",
        client_id=None,
        account_id=course.therapist.account,
        params={},
        dedupe="alert",
    )
    monkeypatch.setattr(delivery, "BATCH", 1)
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(hours=1)) == 1
    assert state(urgent)[0] == State.SENT


def test_a_refused_address_and_three_days_of_silence_are_failures(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(envelope: object) -> None:
        raise SMTPRecipientsRefused({"jonas@mail.example": (550, b"no such mailbox")})

    def silent(envelope: object) -> None:
        raise SMTPException

    refused, silenced = invited(course, dedupe="a"), invited(course, dedupe="b", at=AT + timedelta(hours=1))
    monkeypatch.setattr(delivery, "_send", refuse)
    deliver_due(actor=SYSTEM, at=AT)
    assert state(refused) == (State.FAILED, "address_refused")
    monkeypatch.setattr(delivery, "_send", silent)
    deliver_due(actor=SYSTEM, at=AT + timedelta(days=3, hours=1))
    assert state(silenced) == (State.FAILED, "gave_up")


def test_a_sender_that_died_is_relieved_and_two_never_send_together(course: Course) -> None:
    message = invited(course)
    assert take_for_delivery(actor=SYSTEM, at=AT, message_id=message) is not None
    assert take_for_delivery(actor=SYSTEM, at=AT, message_id=message) is None
    assert deliver_due(actor=SYSTEM, at=AT + timedelta(minutes=5)) == 1


def test_a_demo_sends_nothing_and_lets_the_office_read(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "INSTALLATION", replace(settings.INSTALLATION, demo=True))
    message = invited(course)
    assert deliver_due(actor=SYSTEM, at=AT) == 0
    assert mail.outbox == []
    assert LINK["link"] in kept_mail(viewer=a_manager(), at=AT, message_id=message).words.body


def test_a_real_practice_shows_nobody_the_words(course: Course) -> None:
    message = invited(course)
    OutboxMessage.objects.update(state=State.KEPT)
    with pytest.raises(NotFound):
        kept_mail(viewer=a_manager(), at=AT, message_id=message)


def test_only_a_manager_lists_and_only_the_worker_delivers(course: Course) -> None:
    message = invited(course)
    assert [row.id for row in outbox(viewer=a_manager(), at=AT)] == [message]
    with pytest.raises(Forbidden):
        outbox(viewer=course.therapist, at=AT)
    with pytest.raises(Forbidden):
        take_for_delivery(actor=course.therapist, at=AT, message_id=message)
    assert AuditEvent.objects.filter(decision="deny", object_type="outbox").count() == 1


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("newsletter", {}),
        ("appointment", {}),
        ("appointment", {"when": "Monday", "why": "x"}),
        ("appointment", {"when": "Monday\nBcc: all@mail.example"}),
        ("appointment", {"when": "Monday, PHQ-9 due"}),
        ("appointment", {"when": ""}),
    ],
)
def test_a_message_says_nothing_but_its_template(course: Course, kind: str, params: dict[str, str]) -> None:
    with pytest.raises(MessageRefused):
        queue(actor=SYSTEM, at=AT, kind=kind, client_id=course.client, account_id=None, params=params, dedupe="x")
    assert not OutboxMessage.objects.exists()
