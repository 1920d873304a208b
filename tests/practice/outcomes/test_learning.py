"""The practice's own line: from thirty clients on, one course each, kept by number, and used by the next signal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.outcomes import FIRST, read_all, totals
from tests.factories.people import AT, a_course, a_manager, a_therapist

from rapport.clinical.outcomes.signals import Rung
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.actions import learn_lines
from rapport.practice.outcomes.models import LearnedLine, SignalRead
from rapport.practice.outcomes.tasks import learn
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden
from rapport.practice.security.policy.actor import SYSTEM, Actor


def courses(therapist: Actor, n: int) -> None:
    for number in range(n):
        totals(a_course(therapist), "phq9", 16 + number % 4, 12 + number % 3, 8 + number % 5)


def test_below_thirty_clients_nothing_is_learned_and_nothing_opened() -> None:
    courses(a_therapist(), 29)
    assert learn(actor=SYSTEM, at=AT) == ()
    assert not LearnedLine.objects.exists()
    assert not AuditEvent.objects.filter(object_type="caseload_spread").exists()


def test_thirty_clients_move_the_line_and_a_signal_keeps_the_version_that_made_it() -> None:
    mara = a_therapist()
    before = a_course(mara)
    totals(before, "phq9", 16, 15, 21)
    read_all()
    courses(mara, 29)
    assert learn(actor=SYSTEM, at=AT) == ("phq9",)
    line = LearnedLine.objects.get()
    assert (line.number, line.rung, line.n_clients) == (1, Rung.PRIOR_AND_PRACTICE, 30)
    assert AuditEvent.objects.filter(action="learn", object_id=line.id, client=None).exists()
    assert learn(actor=SYSTEM, at=AT + timedelta(days=1)) == (), "nothing new was learned"
    courses(mara, 4)
    assert learn(actor=SYSTEM, at=AT + timedelta(days=2)) == (), "four more could be told apart"
    courses(mara, 1)
    assert learn(actor=SYSTEM, at=AT + timedelta(days=3)) == ("phq9",)
    assert list(LearnedLine.objects.order_by("number").values_list("number", "n_clients")) == [(1, 30), (2, 35)]
    after = a_course(mara)
    totals(after, "phq9", 16, 15, 21)
    read_all()
    versions = {
        course.episode: set(SignalRead.objects.filter(episode=course.episode).values_list("model_version", flat=True))
        for course in (before, after)
    }
    assert versions == {before.episode: {"prior/phq9/1"}, after.episode: {"practice/phq9/2"}}
    (measure,) = queries.course(viewer=mara, at=AT, episode_id=after.episode).measures
    assert measure.expected is not None
    assert (measure.expected.line.rung, measure.expected.line.n_clients) == (Rung.PRIOR_AND_PRACTICE, 35)


def test_one_client_counts_once_whatever_they_answered() -> None:
    mara = a_therapist()
    courses(mara, 29)
    one = a_course(mara)
    totals(one, "phq9", 16, 12, 8)
    totals(one, "phq9", 14, 10, 6, first=FIRST + timedelta(weeks=4))
    learn(actor=SYSTEM, at=AT)
    assert LearnedLine.objects.get().n_clients == 30


def test_only_the_worker_learns() -> None:
    for actor in (a_therapist(), a_manager()):
        with pytest.raises(Forbidden):
            learn_lines(actor=actor, at=AT)
