"""An answer, and what it leads to: all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.measures import a_form, a_score, answered
from tests.factories.organisation import a_practice
from tests.factories.people import AT, Course, a_course, a_therapist, client_account

from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.measures.scoring import BadAnswer
from rapport.practice.measures.actions import (
    FormClosed,
    answer_item,
    open_form,
    recompute_scores,
    record_total,
    rescore,
    sheets,
    submit_form,
)
from rapport.practice.measures.models import Administration, Answer, AnswerAlert, ItemToAsk, Score
from rapport.practice.measures.queries import administration, form, safety_balance, scores
from rapport.practice.measures.rules import instruments, scoring
from rapport.practice.post.models import OutboxMessage
from rapport.practice.safety.actions import alerts as alert_actions
from rapport.practice.safety.models import Alert
from rapport.practice.safety.queries import open_alerts
from rapport.practice.security.audit import trail
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import SYSTEM

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def course() -> Course:
    a_practice()
    return a_course(a_therapist())


@pytest.mark.parametrize("value", [1, 2, 3])
def test_item_9_commits_answer_alert_message_and_event_together(course: Course, value: int) -> None:
    client = client_account(course)
    outcome = answer_item(actor=client, at=AT, administration_id=a_form(course, client), item="9", value=value)
    alert = Alert.objects.get()
    assert outcome.alert_id == alert.id
    assert alert.owner_id == course.therapist.id
    assert AnswerAlert.objects.get().answer_id == outcome.answer_id
    assert OutboxMessage.objects.filter(account_id=course.therapist.id, kind="item_waits").count() == 1
    assert AuditEvent.objects.filter(action="raise", object_id=alert.id, client=course.client).count() == 1
    assert AuditEvent.objects.filter(action="answer", client=course.client).count() == 1


def test_item_9_at_zero_raises_nothing(course: Course) -> None:
    client = client_account(course)
    answered(client, a_form(course, client), 3, 3, 3, 3, 3, 3, 3, 3, 0)
    assert not Alert.objects.exists()


@pytest.mark.parametrize("broken", ["queue", "audit"])
def test_what_fails_in_the_middle_leaves_nothing(course: Course, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    before = AuditEvent.objects.count()

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(*((alert_actions, "queue") if broken == "queue" else (trail, "_append")), fail)
    with pytest.raises(OSError, match="full"):
        answer_item(actor=client, at=AT, administration_id=form_id, item="9", value=2)
    assert not Answer.objects.exists()
    assert not Alert.objects.exists()
    assert not AnswerAlert.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert AuditEvent.objects.count() == before


def test_an_abandoned_form_keeps_its_answers_and_its_alert(course: Course) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    answer_item(actor=client, at=AT, administration_id=form_id, item="9", value=1)
    assert form(viewer=client, at=AT, administration_id=form_id).answers == {"9": 1}
    assert len(open_alerts(viewer=course.therapist, at=AT)) == 1
    assert Administration.objects.get().completed_at is None


def test_the_same_answer_twice_is_one_answer_and_one_alert(course: Course) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    first = answer_item(actor=client, at=AT, administration_id=form_id, item="9", value=2)
    again = answer_item(actor=client, at=AT, administration_id=form_id, item="9", value=2)
    assert first == again
    assert (Answer.objects.count(), Alert.objects.get().times, OutboxMessage.objects.count()) == (1, 1, 1)


def test_a_changed_mind_is_kept_with_its_history_and_the_alert_stays(course: Course) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    for value in (2, 0):
        answer_item(actor=client, at=AT, administration_id=form_id, item="9", value=value)
    assert form(viewer=client, at=AT, administration_id=form_id).answers == {"9": 0}
    assert Answer.objects.count() == 2
    assert Alert.objects.get().state == "open"


def test_an_increase_is_a_new_alert_the_same_again_is_counted(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[0] * 8, 1)
    a_score(course, client, *[0] * 8, 1, at=AT + timedelta(days=7))
    assert Alert.objects.get().times == 2
    a_score(course, client, *[0] * 8, 2, at=AT + timedelta(days=14))
    assert Alert.objects.count() == 2


def test_handing_in_twice_has_one_effect(course: Course) -> None:
    client = client_account(course)
    form_id = a_score(course, client, *[1] * 9)
    submit_form(actor=client, at=AT + timedelta(minutes=1), administration_id=form_id)
    assert Score.objects.count() == 1
    assert AuditEvent.objects.filter(action="submit").count() == 1
    with pytest.raises(FormClosed):
        answer_item(actor=client, at=AT, administration_id=form_id, item="1", value=0)


def test_scores_follow_the_missing_rule(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[1] * 8, None)
    a_score(course, client, *[1] * 7, at=AT + timedelta(days=7))
    first, second = scores(viewer=course.therapist, at=AT, episode_id=course.episode)[0].points
    assert (first.value, first.n_missing, first.prorated) == (9.0, 1, True)
    assert (second.value, second.reason, second.n_missing) == (None, "too_many_missing", 2)


def test_item_9_left_open_is_a_task_and_never_a_zero(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[0] * 8, None)
    assert ItemToAsk.objects.get().item == "9"
    assert not Alert.objects.exists()


def test_scores_computed_again_keep_the_old_ones(course: Course) -> None:
    client = client_account(course)
    form_id = a_score(course, client, *[1] * 9)
    recompute_scores(actor=course.therapist, at=AT, administration_id=form_id)
    assert Score.objects.count() == 1
    Score.objects.update(method="sum/0")
    recompute_scores(actor=course.therapist, at=AT, administration_id=form_id)
    assert [row.method for row in Score.objects.order_by("number")] == ["sum/0", "sum/1"]


def test_a_new_version_of_the_scoring_recomputes_into_new_rows(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_account(course)
    form_id = a_score(course, client, *[1] * 9)
    record_total(
        actor=course.therapist, at=AT, episode_id=course.episode, instrument_id="hrsd", total=24, taken_on=AT.date()
    )
    assert rescore(actor=SYSTEM, at=AT) == 0
    phq9 = load_instrument("phq9")
    doubled = replace(phq9, version="2", scales=(replace(phq9.total, high=54, multiplier=2),), bands=())
    shelves = {"phq9": doubled, "hrsd": load_instrument("hrsd")}
    for module in (sheets, instruments, scoring):
        monkeypatch.setattr(module, "instrument_named", lambda name, *_: shelves[name], raising=False)
        monkeypatch.setattr(module, "shelf", lambda names: {one: shelves[one[0]] for one in names}, raising=False)
    later = AT + timedelta(days=30)
    assert rescore(actor=SYSTEM, at=later) == 1
    assert rescore(actor=SYSTEM, at=later) == 0
    rows = Score.objects.filter(administration_id=form_id).order_by("number")
    assert [(row.version, row.number, row.computed_at) for row in rows] == [("1", 1, AT), ("2", 2, later)]
    monkeypatch.undo()
    facts = administration(viewer=course.therapist, at=AT, episode_id=course.episode, administration_id=form_id)
    assert [(one.version, one.value) for one in (*facts.earlier, *facts.scores)] == [("1", 9.0), ("2", 18.0)]
    assert AuditEvent.objects.filter(action="score", object_id=form_id).count() == 1
    with pytest.raises(Forbidden):
        rescore(actor=course.therapist, at=later)


@pytest.mark.parametrize(("item", "value"), [("9", -1), ("9", 4), ("10", 1), ("difficulty", 4)])
def test_an_answer_the_form_does_not_have_is_refused_by_name(course: Course, item: str, value: int) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    with pytest.raises(BadAnswer) as refusal:
        answer_item(actor=client, at=AT, administration_id=form_id, item=item, value=value)
    assert refusal.value.item == item
    assert not Answer.objects.exists()


def test_a_stranger_finds_no_form(course: Course) -> None:
    client = client_account(course)
    form_id = a_form(course, client)
    stranger = client_account(a_course(a_therapist("Piet Adler"), "Eva Roth"), "Eva Roth")
    for actor in (stranger, a_therapist("Nora Bell")):
        for foreign in (form_id, uuid4()):
            with pytest.raises(NotFound):
                answer_item(actor=actor, at=AT, administration_id=foreign, item="1", value=0)
    assignment = Administration.objects.get().assignment_id
    assert assignment is not None
    with pytest.raises(NotFound):
        open_form(actor=stranger, at=AT, assignment_id=assignment)


def test_the_balance_of_answers_and_alerts_is_even(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[0] * 8, 1)
    a_score(course, client, *[0] * 8, 1, at=AT + timedelta(days=7))
    balance = safety_balance(viewer=SYSTEM, at=AT)
    assert (balance.positive, balance.without_alert) == (2, 0)
    AnswerAlert.objects.first().delete()  # type: ignore[union-attr]
    assert safety_balance(viewer=SYSTEM, at=AT).without_alert == 1


def test_answers_scores_and_evidence_are_sealed(course: Course) -> None:
    client = client_account(course)
    a_score(course, client, *[0] * 8, 3)
    kept = [bytes(row.value_sealed) for row in Answer.objects.all()] + [bytes(Alert.objects.get().evidence_sealed)]
    assert all(b"answer" not in blob and len(blob) > 30 for blob in kept)
