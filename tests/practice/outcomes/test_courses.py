"""One course, its sentence's facts, its time line, and who may read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.measures import a_score, an_alert
from tests.factories.organisation import a_practice
from tests.factories.outcomes import totals
from tests.factories.people import AT, a_course, a_therapist, client_account
from tests.factories.sessions import a_held_hour, a_note

from rapport.clinical.outcomes.course import CourseCode
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.clinical.outcomes.yardstick import Basis
from rapport.practice.episodes.actions import add_goal
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.choices import NeedsMe, OutcomeEvent
from rapport.practice.safety.actions import acknowledge_alert
from rapport.practice.safety.choices import Contact, SafetyEvent
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.sessions.actions import sign_note
from rapport.practice.sessions.choices import SessionEvent

DAY = timedelta(days=1)


def test_a_course_is_read_by_the_nhs_rule_and_says_so() -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", 17, 14, 9)
    facts = queries.course(viewer=course.therapist, at=AT, episode_id=course.episode)
    (phq,) = facts.measures
    assert phq.reading.outcome is ChangeClass.RECOVERED
    assert (phq.reading.basis, phq.reading.rule.cut, phq.reading.rule.least_change) == (Basis.NHS, 10, 6)
    assert facts.result.outcome is ChangeClass.RECOVERED
    assert AuditEvent.objects.filter(object_type="course", client=course.client, action="read").exists()


def test_somebody_who_began_well_gets_no_class() -> None:
    course = a_course(a_therapist())
    totals(course, "phq9", 4, 5, 3)
    add_goal(actor=course.therapist, at=AT, episode_id=course.episode, words_of_client="Say what I want", value=2)
    facts = queries.course(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert facts.began_healthy
    assert facts.measures[0].reading.outcome is None
    assert facts.measures[0].reading.sentence.code is CourseCode.STAYED_WELL
    assert facts.goals[0].words == "Say what I want"


def test_the_time_line_tells_what_happened_and_no_word_of_a_note() -> None:
    a_practice()
    course = a_course(a_therapist(), at=AT - 30 * DAY)
    client = client_account(course)
    start = AT - 7 * DAY
    hour = a_held_hour(course, start)
    note = a_note(course, hour, "cried about the letter", at=start + DAY)
    sign_note(actor=course.therapist, at=start + DAY, note_id=note, version=2)
    a_score(course, client, *[1] * 8, 0, at=start)
    alert = an_alert(course, course.therapist, at=start)
    acknowledge_alert(
        actor=course.therapist, at=start + DAY, alert_id=alert, did="Rang, agreed a plan.", contact=Contact.REACHED
    )
    facts = queries.course(viewer=course.therapist, at=AT, episode_id=course.episode)
    events = {moment.event for moment in facts.timeline}
    assert {SessionEvent.HOUR, SessionEvent.NOTE_SIGNED, SafetyEvent.ALERT_ACKNOWLEDGED, OutcomeEvent.SCORE} <= events
    assert facts.sessions_held == 1
    assert "letter" not in repr(facts.timeline)
    assert list(facts.timeline) == sorted(facts.timeline, key=lambda moment: moment.at, reverse=True)


def test_a_stranger_finds_no_course() -> None:
    course = a_course(a_therapist())
    with pytest.raises(NotFound):
        queries.course(viewer=a_therapist("Ben Stone"), at=AT, episode_id=course.episode)


def test_a_client_reads_their_own_course_only() -> None:
    course, other = a_course(a_therapist()), a_course(a_therapist("Ben Stone"), name="Amina Bell")
    totals(course, "phq9", 17, 9)
    totals(other, "phq9", 12, 12)
    own = queries.own_course(viewer=client_account(course), at=AT)
    assert own is not None
    assert (own.episode.id, own.measures[0].reading.n) == (course.episode, 2)
    assert own.measures[0].reading.last is not None
    assert own.measures[0].reading.last.value == 9


def test_the_caseload_begins_with_who_needs_somebody() -> None:
    a_practice()
    mara = a_therapist()
    fine, worse, still, quiet = (a_course(mara, name=name) for name in ("Ada Fine", "Bo Worse", "Cy Still", "Di Quiet"))
    asked = a_course(mara, name="Ed Asked")
    totals(fine, "phq9", 17, 9)
    totals(worse, "phq9", 10, 18)
    totals(still, "phq9", 15, 15, 15, 15, 15, 15)
    an_alert(asked, mara)
    facts = queries.caseload(viewer=mara, at=AT)
    assert [(line.episode.id, line.needs) for line in facts.lines[:3]] == [
        (asked.episode, NeedsMe.ALERT),
        (worse.episode, NeedsMe.WORSE),
        (still.episode, NeedsMe.LOOK_TOGETHER),
    ]
    assert {line.episode.id for line in facts.lines[3:]} == {fine.episode, quiet.episode}
    (phq,) = facts.counts
    assert (phq.n, sum(phq.counts.values())) == (3, 3)
    assert phq.counts[ChangeClass.RECOVERED] == phq.counts[ChangeClass.DETERIORATED] == 1


def test_a_stranger_sees_an_empty_caseload() -> None:
    totals(a_course(a_therapist()), "phq9", 17, 9)
    facts = queries.caseload(viewer=a_therapist("Ben Stone"), at=AT)
    assert (facts.lines, facts.counts) == ((), ())


def test_a_caseload_of_three_asks_no_more_than_one_of_one() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    totals(a_course(mara), "phq9", 17, 9)
    for name in ("Ada", "Bo", "Cy"):
        totals(a_course(ben, name=name), "phq9", 17, 9)
    asked = []
    for viewer in (mara, ben):
        with CaptureQueriesContext(connection) as queried:
            queries.caseload(viewer=viewer, at=AT)
        asked.append([q["sql"] for q in queried if q["sql"].startswith("SELECT") and "audit" not in q["sql"]])
    assert len(asked[0]) == len(asked[1])
