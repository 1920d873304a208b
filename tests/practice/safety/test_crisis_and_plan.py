"""What a client sees when it is hard, what they may say, and the plan that is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.factories.measures import an_alert
from tests.factories.organisation import TERMS, a_practice
from tests.factories.people import AT, Course, a_course, a_manager, a_therapist, client_account

from rapport.clinical.safety.answers import Severity
from rapport.practice.organisation.actions import edit_practice
from rapport.practice.post.models import OutboxMessage
from rapport.practice.safety.actions import (
    PlanChanged,
    PlanTooLong,
    ask_to_talk_about_safety,
    make_plan_link,
    rehearse_plan,
    say_how_safe,
    withdraw_plan_links,
    write_safety_plan,
)
from rapport.practice.safety.choices import LinkKind, PlanEntry, PromiseCode, SafeNow, SafetyPlanStep, entries_from
from rapport.practice.safety.models import Alert, PlanLink, PlanVersion
from rapport.practice.safety.queries import (
    alert,
    crisis_card,
    own_safety_plan,
    plan_behind,
    public_crisis_card,
    safety_plan,
)
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import NOBODY, Actor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
STEPS = {
    SafetyPlanStep.WARNING_SIGNS: (PlanEntry("I stop answering my sister"),),
    SafetyPlanStep.PEOPLE_I_CAN_ASK: (PlanEntry("My sister Ida", "020 7946 0123"),),
}


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.fixture
def client(course: Course) -> Actor:
    return client_account(course)


def test_the_card_says_who_reads_it_and_by_when_in_the_practices_time(course: Course, client: Actor) -> None:
    an_alert(course, client)
    card = crisis_card(viewer=client, at=AT, client_id=course.client)
    assert (card.promise, card.reader) == (PromiseCode.READ_BY, "Mara Okonjo")
    assert card.read_by is not None
    assert (card.read_by.tzinfo, card.read_by.hour) == (ZoneInfo("Europe/London"), 13)
    assert card.contacts
    assert (card.covered, card.pinned) == (False, False)


def test_a_stranger_in_need_gets_the_contacts_and_no_promise() -> None:
    a_practice()
    card = public_crisis_card(viewer=NOBODY, at=AT)
    assert card.contacts
    assert (card.promise, card.read_by) == (PromiseCode.NOBODY_READS, None)


def test_another_persons_card_is_not_found(course: Course, client: Actor) -> None:
    other = a_course(a_therapist("Piet Adler"), "Eva Roth")
    for act in (
        lambda: crisis_card(viewer=client, at=AT, client_id=other.client),
        lambda: say_how_safe(actor=client, at=AT, client_id=other.client, answer=SafeNow.NO),
        lambda: ask_to_talk_about_safety(actor=client, at=AT, client_id=uuid4()),
    ):
        with pytest.raises(NotFound):
            act()


def test_without_cover_no_is_kept_pinned_and_promises_nothing_more(course: Course, client: Actor) -> None:
    an_alert(course, client)
    before = Alert.objects.get().due_at
    say_how_safe(actor=client, at=AT, client_id=course.client, answer=SafeNow.NO)
    row = Alert.objects.get()
    assert (row.severity, row.due_at) == (Severity.ACT_TODAY, before)
    assert crisis_card(viewer=client, at=AT, client_id=course.client).pinned
    facts = alert(viewer=course.therapist, at=AT, alert_id=row.id)
    assert [said for _, said in facts.safe_now] == [SafeNow.NO]
    say_how_safe(actor=client, at=AT + timedelta(minutes=5), client_id=course.client, answer=SafeNow.YES)
    assert not crisis_card(viewer=client, at=AT, client_id=course.client).pinned


@pytest.mark.parametrize("answer", [SafeNow.NO, SafeNow.NOT_SURE])
def test_with_cover_it_is_due_within_half_an_hour_and_the_duty_is_told(
    course: Course, client: Actor, answer: SafeNow
) -> None:
    manager = a_manager()
    edit_practice(actor=manager, at=AT, terms=replace(TERMS, on_call=manager.account))
    an_alert(course, client)
    say_how_safe(actor=client, at=AT, client_id=course.client, answer=answer)
    row = Alert.objects.get()
    assert (row.severity, row.due_at) == (Severity.ACT_NOW, AT + timedelta(minutes=30))
    told = set(OutboxMessage.objects.filter(kind="urgent_item").values_list("account_id", flat=True))
    assert told == {course.therapist.id, manager.id}


def test_yes_without_an_alert_raises_none(course: Course, client: Actor) -> None:
    say_how_safe(actor=client, at=AT, client_id=course.client, answer=SafeNow.YES)
    assert not Alert.objects.exists()
    say_how_safe(actor=client, at=AT, client_id=course.client, answer=SafeNow.NOT_SURE)
    assert Alert.objects.get().rule == "talk_about_safety"


def test_pressing_the_button_twice_is_one_alert_counted(course: Course, client: Actor) -> None:
    first = ask_to_talk_about_safety(actor=client, at=AT, client_id=course.client)
    assert ask_to_talk_about_safety(actor=client, at=AT, client_id=course.client) == first
    assert (Alert.objects.get().times, Alert.objects.get().episode_id) == (2, course.episode)


def test_a_plan_is_kept_in_versions_that_do_not_change(course: Course, client: Actor) -> None:
    assert own_safety_plan(viewer=client, at=AT).number == 0
    assert write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0) == 1
    assert write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0) == 1
    fewer = {SafetyPlanStep.WARNING_SIGNS: (PlanEntry("I stop eating"),)}
    assert write_safety_plan(actor=course.therapist, at=AT, client_id=course.client, steps=fewer, based_on=1) == 2
    plan = own_safety_plan(viewer=client, at=AT)
    assert plan.steps[SafetyPlanStep.WARNING_SIGNS] == (PlanEntry("I stop eating"),)
    assert [one.number for one in plan.versions] == [2, 1]
    assert b"sister" not in b"".join(bytes(one.steps_sealed) for one in PlanVersion.objects.all())
    assert AuditEvent.objects.filter(object_type="safety_plan", action="edit").count() == 2


def test_a_conflicting_edit_overwrites_nothing(course: Course, client: Actor) -> None:
    write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0)
    with pytest.raises(PlanChanged):
        write_safety_plan(actor=course.therapist, at=AT, client_id=course.client, steps={}, based_on=0)
    many = {SafetyPlanStep.WARNING_SIGNS: tuple(PlanEntry(f"sign {number}") for number in range(13))}
    with pytest.raises(PlanTooLong):
        write_safety_plan(actor=client, at=AT, client_id=course.client, steps=many, based_on=1)
    assert own_safety_plan(viewer=client, at=AT).number == 1


def test_the_therapists_reading_of_a_plan_is_recorded(course: Course, client: Actor) -> None:
    write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0)
    safety_plan(viewer=course.therapist, at=AT, client_id=course.client)
    event = AuditEvent.objects.get(action="read", object_type="safety_plan", actor=course.therapist.id)
    assert (event.purpose, event.client) == ("safety", course.client)


def test_strangers_find_no_plan(course: Course, client: Actor) -> None:
    write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0)
    stranger = a_therapist("Nora Bell")
    for foreign in (course.client, uuid4()):
        with pytest.raises(NotFound):
            safety_plan(viewer=stranger, at=AT, client_id=foreign)
        with pytest.raises(NotFound):
            write_safety_plan(actor=stranger, at=AT, client_id=foreign, steps={}, based_on=1)
    with pytest.raises(Forbidden):
        make_plan_link(actor=course.therapist, at=AT, client_id=course.client, kind=LinkKind.PRINTED)
    with pytest.raises(NotFound):
        safety_plan(viewer=a_manager(), at=AT, client_id=course.client)


def test_a_link_opens_the_plan_without_signing_in_until_it_is_withdrawn(course: Course, client: Actor) -> None:
    write_safety_plan(actor=client, at=AT, client_id=course.client, steps=STEPS, based_on=0)
    rehearse_plan(actor=client, at=AT, client_id=course.client)
    token = make_plan_link(actor=client, at=AT, client_id=course.client, kind=LinkKind.PRINTED)
    assert len(token) >= 43
    assert token.encode() not in bytes(PlanLink.objects.get().token_hash)
    plan = plan_behind(viewer=NOBODY, at=AT, token=token)
    assert plan.steps[SafetyPlanStep.PEOPLE_I_CAN_ASK][0].phone == "020 7946 0123"
    assert plan.rehearsed_at == AT
    assert plan_behind(viewer=NOBODY, at=AT, token=token + "x") is None
    withdraw_plan_links(actor=client, at=AT, client_id=course.client)
    assert plan_behind(viewer=NOBODY, at=AT, token=token) is None


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("Ida, 020 7946 0123", PlanEntry("Ida", "020 7946 0123")),
        ("Samaritans: 116 123", PlanEntry("Samaritans", "116 123")),
        ("  Tom   +44 7700 900123 ", PlanEntry("Tom", "+44 7700 900123")),
        ("Table 4", PlanEntry("Table 4")),
        ("999", PlanEntry("", "999")),
    ],
)
def test_a_number_at_the_end_of_a_line_can_be_dialled(line: str, entry: PlanEntry) -> None:
    assert entries_from(SafetyPlanStep.PEOPLE_I_CAN_ASK, f"{line}\n\n") == (entry,)
    assert entries_from(SafetyPlanStep.WARNING_SIGNS, "I wake at 0400") == (PlanEntry("I wake at 0400"),)
