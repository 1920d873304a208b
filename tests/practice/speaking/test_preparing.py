"""Preparing an hour, and what the prep card gets of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import AT, Course, a_manager
from tests.factories.sessions import a_held_hour, an_hour
from tests.factories.speaking import a_page

from rapport.clinical.speaking.ladder import Rung
from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.episodes.queries import episode
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.actions import start_session
from rapport.practice.speaking import actions, queries
from rapport.practice.speaking.choices import Comfort, Prepared
from rapport.practice.speaking.models import Preparation

SAID = Prepared("To sleep", 4, "the letter")
DAY = timedelta(days=1)


def test_a_client_says_what_would_be_useful(client: Actor, course: Course, tomorrow: UUID) -> None:
    actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=SAID)
    event = AuditEvent.objects.get(object_id=tomorrow, action="prepare")
    assert (event.client, event.actor) == (course.client, client.account)
    assert queries.own_preparation(viewer=client, at=AT, session_id=tomorrow).said == SAID
    (seen,) = queries.prepared_before(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert seen.said == SAID
    assert b"letter" not in bytes(Preparation.objects.get().said_sealed)


def test_it_may_be_said_differently_until_the_hour_begins(client: Actor, course: Course, tomorrow: UUID) -> None:
    actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=SAID)
    later = Prepared("To be quiet")
    actions.prepare_hour(actor=client, at=AT + DAY - timedelta(minutes=1), session_id=tomorrow, said=later)
    assert Preparation.objects.count() == 1
    assert queries.own_preparation(viewer=client, at=AT, session_id=tomorrow).said == later
    with pytest.raises(actions.HourHasBegun):
        actions.prepare_hour(actor=client, at=AT + DAY, session_id=tomorrow, said=SAID)


def test_it_is_not_asked_too_early_nor_once_begun(client: Actor, course: Course, tomorrow: UUID) -> None:
    far = an_hour(course, AT + 3 * DAY)
    with pytest.raises(actions.HourHasBegun):
        actions.prepare_hour(actor=client, at=AT, session_id=far, said=SAID)
    start_session(actor=course.therapist, at=AT + DAY - timedelta(minutes=5), session_id=tomorrow)
    with pytest.raises(actions.HourHasBegun):
        actions.prepare_hour(actor=client, at=AT + DAY - timedelta(minutes=4), session_id=tomorrow, said=SAID)


@pytest.mark.parametrize(
    ("said", "field"),
    [(Prepared("x" * 2001), "useful"), (Prepared(week=11), "week"), (Prepared(ask="\x07"), "ask")],
)
def test_what_cannot_be_kept_is_named(client: Actor, tomorrow: UUID, said: Prepared, field: str) -> None:
    with pytest.raises(actions.SpeakingRefused) as refused:
        actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=said)
    assert refused.value.field == field


def test_the_next_hour_is_offered_in_its_two_days(client: Actor, course: Course, tomorrow: UUID) -> None:
    offered = queries.hour_to_prepare(viewer=client, at=AT)
    assert offered
    assert (offered.session_id, offered.is_open, offered.said.is_empty) == (tomorrow, True, True)
    assert queries.hour_to_prepare(viewer=client, at=AT - 2 * DAY) is None
    assert queries.hour_to_prepare(viewer=client, at=AT + DAY) is None


def test_strangers_learn_nothing(strangers: list[Actor], client: Actor, course: Course, tomorrow: UUID) -> None:
    actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=SAID)
    therapist, other = strangers
    with pytest.raises(NotFound):
        queries.prepared_before(viewer=therapist, at=AT, episode_id=course.episode)
    with pytest.raises(NotFound):
        queries.own_preparation(viewer=other, at=AT, session_id=tomorrow)
    with pytest.raises(NotFound):
        actions.prepare_hour(actor=other, at=AT, session_id=tomorrow, said=SAID)
    with pytest.raises(Forbidden):
        actions.prepare_hour(actor=course.therapist, at=AT, session_id=tomorrow, said=SAID)
    with pytest.raises(Forbidden):
        queries.prepared_before(viewer=a_manager(), at=AT, episode_id=course.episode)


def test_what_was_prepared_over_time(client: Actor, course: Course, tomorrow: UUID) -> None:
    actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=SAID)
    second = an_hour(course, AT + 2 * DAY)
    actions.prepare_hour(actor=client, at=AT, session_id=second, said=Prepared())
    kept = queries.prepared_before(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert [(each.session_id, each.said) for each in kept] == [(tomorrow, SAID)]


def test_the_prep_card_gets_everything_in_two_statements(client: Actor, course: Course, tomorrow: UUID) -> None:
    actions.prepare_hour(actor=client, at=AT, session_id=tomorrow, said=SAID)
    actions.set_comfort(actor=client, at=AT, client_id=course.client, comfort=Comfort(not_ask="my brother"))
    actions.choose_rung(actor=client, at=AT, client_id=course.client, rung=Rung.QUIET)
    actions.choose_rung(actor=client, at=AT + timedelta(1 / 24), client_id=course.client, rung=Rung.NUMBER, shown=3)
    actions.hand_page_over(actor=client, at=AT, page_id=a_page(client))
    actions.mark_trust_step(actor=course.therapist, at=AT, episode_id=course.episode, step=TrustStep.LIMITS, done=True)
    facts = episode(viewer=course.therapist, at=AT, episode_id=course.episode)
    queries.before_the_hour(viewer=course.therapist, at=AT + timedelta(hours=2), course=facts)
    with CaptureQueriesContext(connection) as asked:
        brought = queries.before_the_hour(viewer=course.therapist, at=AT + timedelta(hours=2), course=facts)
    assert len([query for query in asked if "audit" not in query["sql"] and "SAVEPOINT" not in query["sql"]]) == 2
    assert (brought.prepared, brought.comfort.not_ask, brought.waiting) == (SAID, "my brother", 1)
    assert brought.rung
    assert (brought.rung.rung, brought.rung.number) == (Rung.NUMBER, 3)
    assert brought.trust == tuple(step for step in TrustStep if step is not TrustStep.LIMITS)


def test_trust_leaves_the_prep_card_after_three_sessions(course: Course) -> None:
    for n in range(3):
        a_held_hour(course, AT + n * DAY)
    facts = episode(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert queries.before_the_hour(viewer=course.therapist, at=AT + 3 * DAY, course=facts).trust == ()


def test_a_stranger_has_no_prep_card(course: Course, strangers: list[Actor]) -> None:
    facts = episode(viewer=course.therapist, at=AT, episode_id=course.episode)
    with pytest.raises(NotFound):
        queries.before_the_hour(viewer=strangers[0], at=AT, course=facts)
