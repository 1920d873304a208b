"""Alerts: an owner, a clock, an answer by a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.measures import an_alert
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account, staff

from rapport.clinical.safety.answers import Severity
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.organisation.queries import practice
from rapport.practice.organisation.rules import telling_word
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import words_of
from rapport.practice.safety.actions import (
    AlreadyAnswered,
    NotACarer,
    WordsNeeded,
    acknowledge_alert,
    close_alert,
    raise_alert,
    reassign_alert,
)
from rapport.practice.safety.choices import AlertState, Contact, StepKind
from rapport.practice.safety.models import Alert, AlertStep
from rapport.practice.safety.queries import (
    alert,
    closed_alerts,
    count_of_alerts,
    open_alert_tiles,
    open_alerts,
    open_alerts_owned_by,
)
from rapport.practice.safety.queries.waiting import waiting_alerts
from rapport.practice.safety.rules.clock import NobodyToTell, Staff, is_same_answer, told_at
from rapport.practice.safety.tasks import escalate_due
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HOUR = timedelta(hours=1)


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist(), at=AT - timedelta(days=30))


def colleague(course: Course, name: str = "Lena Voss") -> Actor:
    """A second therapist of the same client."""
    other = a_therapist(name)
    CareRelationship.objects.create(
        account_id=other.account,
        client_id=course.client,
        episode_id=course.episode,
        started_at=AT,
        granted_by=other.account,
    )
    return other


def told(level: int) -> set[UUID | None]:
    """Who was told at a level of escalation."""
    return set(AlertStep.objects.filter(kind=StepKind.ESCALATED, level=level).values_list("to", flat=True))


def test_an_alert_has_an_owner_and_is_due_in_four_working_hours(course: Course) -> None:
    an_alert(course, course.therapist)
    (line,) = open_alerts(viewer=course.therapist, at=AT)
    assert (line.owner_id, line.mine, line.due_at) == (course.therapist.id, True, AT + 4 * HOUR)
    assert line.client_name == "Jonas Weber"
    assert AuditEvent.objects.filter(action="raise", purpose="safety").count() == 1


def test_on_friday_evening_it_is_due_on_monday(course: Course) -> None:
    friday = datetime(2026, 3, 6, 19, tzinfo=UTC)
    row = Alert.objects.get(id=an_alert(course, course.therapist, at=friday))
    assert row.due_at == datetime(2026, 3, 9, 13, tzinfo=UTC)


def test_only_the_answer_of_a_person_ends_the_clock(course: Course) -> None:
    alert_id = an_alert(course, course.therapist)
    for nothing in ("", "   ", "x" * 10_001):
        with pytest.raises(WordsNeeded):
            acknowledge_alert(actor=course.therapist, at=AT, alert_id=alert_id, did=nothing, contact=Contact.REACHED)
    assert Alert.objects.get().state == AlertState.OPEN
    with pytest.raises(AlreadyAnswered):
        close_alert(actor=course.therapist, at=AT, alert_id=alert_id, outcome="All well.")
    acknowledge_alert(
        actor=course.therapist, at=AT, alert_id=alert_id, did="Called, we meet at five.", contact=Contact.REACHED
    )
    with pytest.raises(AlreadyAnswered):
        acknowledge_alert(actor=course.therapist, at=AT, alert_id=alert_id, did="Me too.", contact=Contact.REACHED)
    close_alert(actor=course.therapist, at=AT + HOUR, alert_id=alert_id, outcome="Plan gone through together.")
    found = alert(viewer=course.therapist, at=AT + HOUR, alert_id=alert_id)
    happened = {StepKind.OPENED, StepKind.NOTIFIED, StepKind.ACKNOWLEDGED, StepKind.CLOSED}
    assert {step.kind for step in found.steps} == happened
    assert "Called, we meet at five." in [step.words for step in found.steps]
    assert open_alerts(viewer=course.therapist, at=AT) == ()
    assert len(closed_alerts(viewer=course.therapist, at=AT)) == 1
    assert AuditEvent.objects.filter(object_type="alert", action__in=["acknowledge", "close"]).count() == 2


def test_strangers_and_managers_find_no_alert(course: Course) -> None:
    alert_id = an_alert(course, course.therapist)
    stranger, manager = a_therapist("Nora Bell"), a_manager()
    assert open_alerts(viewer=stranger, at=AT) == ()
    for foreign in (alert_id, uuid4()):
        with pytest.raises(NotFound):
            alert(viewer=stranger, at=AT, alert_id=foreign)
        with pytest.raises(NotFound):
            acknowledge_alert(actor=stranger, at=AT, alert_id=foreign, did="x", contact=Contact.TRIED)
        with pytest.raises((NotFound, Forbidden)):
            alert(viewer=manager, at=AT, alert_id=foreign)
    with pytest.raises(Forbidden):
        open_alerts(viewer=client_account(course), at=AT)
    assert AuditEvent.objects.filter(decision="deny").count() >= 2


def test_a_manager_sees_how_many_wait_and_gives_one_to_a_carer(course: Course) -> None:
    alert_id = an_alert(course, course.therapist)
    other, manager = colleague(course), a_manager()
    count = count_of_alerts(viewer=manager, at=AT + 5 * HOUR)
    assert (count.open, count.overdue) == (1, 1)
    (tile,) = open_alert_tiles(viewer=manager, at=AT)
    assert (tile.owner_name, tile.choices) == ("Mara Okonjo", ((other.id, "Lena Voss"),))
    with pytest.raises(NotACarer):
        reassign_alert(actor=manager, at=AT, alert_id=alert_id, to=a_therapist("Nora Bell").account)
    with pytest.raises(Forbidden):
        reassign_alert(actor=course.therapist, at=AT, alert_id=alert_id, to=other.account)
    with pytest.raises(NotFound):
        reassign_alert(actor=manager, at=AT, alert_id=uuid4(), to=other.account)
    reassign_alert(actor=manager, at=AT, alert_id=alert_id, to=other.account)
    assert open_alerts_owned_by(viewer=manager, at=AT, account_id=other.account) == 1
    assert OutboxMessage.objects.filter(account_id=other.account).count() == 1


def test_escalation_at_half_at_the_deadline_then_hourly(course: Course) -> None:
    other, manager = colleague(course), a_manager()
    an_alert(course, course.therapist)
    assert escalate_due(actor=SYSTEM, at=AT + 119 * timedelta(minutes=1)) == 0
    for hours, level, people in (
        (2, 0, {course.therapist.id}),
        (4, 1, {course.therapist.id, other.id}),
        (5, 2, {course.therapist.id, other.id, manager.id}),
        (6, 3, {course.therapist.id, other.id, manager.id}),
    ):
        assert escalate_due(actor=SYSTEM, at=AT + hours * HOUR) == 1
        assert escalate_due(actor=SYSTEM, at=AT + hours * HOUR) == 0
        assert told(level) == people
    assert AuditEvent.objects.filter(action="escalate").count() == 4


def test_an_acknowledged_alert_is_not_escalated(course: Course) -> None:
    alert_id = an_alert(course, course.therapist)
    acknowledge_alert(actor=course.therapist, at=AT, alert_id=alert_id, did="Called.", contact=Contact.REACHED)
    assert escalate_due(actor=SYSTEM, at=AT + 9 * HOUR) == 0


def test_after_a_standstill_only_the_last_hours_are_told(course: Course) -> None:
    an_alert(course, course.therapist)
    assert escalate_due(actor=SYSTEM, at=AT + 30 * HOUR) == 3
    assert escalate_due(actor=SYSTEM, at=AT + 30 * HOUR) == 0


def test_a_round_in_which_nothing_is_due_asks_three_questions_and_writes_nothing(course: Course) -> None:
    manager = a_manager()
    for count in (1, 20):
        for number in range(count):
            an_alert(a_course(course.therapist, f"Client {count} {number}"), course.therapist)
        with CaptureQueriesContext(connection) as asked:
            assert escalate_due(actor=SYSTEM, at=AT + HOUR) == 0
        assert [query["sql"].split()[0] for query in asked] == ["SELECT"] * 3  # no lock, no transaction
    Account.objects.filter(id=course.therapist.id).update(disabled_at=AT)
    with CaptureQueriesContext(connection) as asked:
        escalate_due(actor=SYSTEM, at=AT + HOUR)
    assert len(asked) > 3 * 20  # where there is something to do, each alert is looked at again under a lock
    assert set(Alert.objects.values_list("owner_id", flat=True)) == {manager.id}


def test_an_alert_answered_between_the_look_and_the_lock_is_left_alone(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert_id = an_alert(course, course.therapist)
    waiting = waiting_alerts(viewer=SYSTEM, at=AT + 5 * HOUR)
    acknowledge_alert(actor=course.therapist, at=AT, alert_id=alert_id, did="Called.", contact=Contact.REACHED)
    monkeypatch.setattr("rapport.practice.safety.tasks.waiting_alerts", lambda **_: waiting)
    assert escalate_due(actor=SYSTEM, at=AT + 5 * HOUR) == 0
    assert not AlertStep.objects.filter(kind=StepKind.ESCALATED).exists()


def test_without_a_therapist_every_manager_is_told(course: Course) -> None:
    client = client_account(course)
    CareRelationship.objects.update(ended_at=AT)
    managers = {a_manager().id, a_manager("Ida Hahn").id}
    row = Alert.objects.get(id=an_alert(course, client))
    assert row.owner_id in managers
    assert set(OutboxMessage.objects.values_list("account_id", flat=True)) == managers


def test_an_owner_who_may_not_sign_in_is_replaced(course: Course) -> None:
    other = colleague(course)
    an_alert(course, course.therapist)
    Account.objects.filter(id=course.therapist.id).update(disabled_at=AT)
    escalate_due(actor=SYSTEM, at=AT + HOUR)
    assert Alert.objects.get().owner_id == other.id


def test_mail_says_only_that_an_item_waits(course: Course) -> None:
    client = client_account(course)
    a_manager()
    an_alert(course, client, answer=3)
    escalate_due(actor=SYSTEM, at=AT + 5 * HOUR)
    for message in OutboxMessage.objects.all():
        words = words_of(message, practice(viewer=SYSTEM, at=AT))
        said = words.subject + words.body.replace("Lindenhof", "")
        assert not telling_word(said)
        assert not any(word in said.casefold() for word in ("jonas", "weber", "alert", "safety", "http", "urgent"))


def test_two_hundred_alerts_none_lost_and_the_most_pressing_first(course: Course) -> None:
    for number in range(200):
        raise_alert(
            actor=course.therapist,
            at=AT + timedelta(seconds=number),
            client_id=course.client,
            episode_id=course.episode,
            rule=f"drill{number}",
            rule_version="1",
            evidence={"item": str(number)},
            severity=Severity.ACT_NOW if number % 50 == 0 else Severity.ATTEND,
        )
    lines = open_alerts(viewer=course.therapist, at=AT + HOUR)
    assert len(lines) == 200
    assert [line.severity for line in lines[:5]] == [Severity.ACT_NOW] * 4 + [Severity.ATTEND]
    assert [line.raised_at for line in lines[4:]] == sorted(line.raised_at for line in lines[4:])


@pytest.mark.parametrize(
    ("before", "now", "same"), [(1, 1, True), (2, 1, True), (1, 2, False), (None, None, True), (1, None, False)]
)
def test_the_same_answer_again(before: int | None, now: int | None, same: bool) -> None:
    assert is_same_answer({"item": "9", "answer": before}, {"item": "9", "answer": now}) is same
    assert not is_same_answer({"item": "9", "answer": before}, {"item": "8", "answer": now})


def test_nobody_is_never_the_owner() -> None:
    with pytest.raises(NobodyToTell):
        _ = Staff((), ()).first


def test_whoever_is_told_is_told_once(course: Course) -> None:
    both = staff("Solo Person", Role.MANAGER, Role.THERAPIST).account
    assert told_at(2, both, Staff((both,), (both,)), pressing=False) == (both,)
