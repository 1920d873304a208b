"""What the assessment finds is kept version by version, and the decision with its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.factories.episodes import QUEUE, Referred, in_assessment, referred
from tests.factories.people import AT, a_manager, a_therapist, client_account

from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain
from rapport.practice.episodes.actions import decide_need, save_section, set_problems
from rapport.practice.episodes.choices import (
    Alternative,
    DecisionDetails,
    EpisodeState,
    Explored,
    GuideSection,
    Problem,
)
from rapport.practice.episodes.models import AssessmentText, NeedDecisionVersion, ProblemList
from rapport.practice.episodes.queries import episode, need_summary, problems, section_history, sections
from rapport.practice.episodes.rules import EditConflict, EpisodeRefused, StepNotAllowed
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor

THERAPY = DecisionDetails(
    NeedDecision.THERAPY_NOW,
    "The fear has narrowed her life to three streets.",
    client_view="I want to try before summer.",
    alternatives=((Alternative.PHYSICAL_ILLNESS, "Thyroid checked in January"),),
    importance=8,
    confidence=5,
)


def save(course: Referred, text: str, version: int = 0, **changed: object) -> int:
    given = {"actor": course.therapist, "at": AT, "section": GuideSection.WHY_NOW, "explored": Explored.EXPLORED}
    return save_section(**{**given, "episode_id": course.episode, "text": text, "version": version, **changed})


def test_problems_keep_every_list_they_were() -> None:
    course = in_assessment(a_therapist())
    growth = Problem(ProblemDomain.PERSONAL_GROWTH, "What do I want to do with my days?", 9)
    set_problems(actor=course.therapist, at=AT, episode_id=course.episode, problems=(QUEUE, growth))
    assert problems(viewer=course.therapist, at=AT, episode_id=course.episode) == (growth, QUEUE)
    assert ProblemList.objects.filter(episode=course.episode).count() == 2


def test_a_text_is_written_on_within_a_sitting_and_kept_after_it() -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    assert save(course, "Since spring") == 1
    assert save(course, "Since spring, after the fall", 1) == 2
    assert save(course, "Since the fall", 2, at=AT + timedelta(days=7)) == 3
    now = sections(viewer=mara, at=AT, episode_id=course.episode)
    assert (now[GuideSection.WHY_NOW].text, now[GuideSection.WHY_NOW].version) == ("Since the fall", 3)
    assert now[GuideSection.SAFETY].explored is Explored.NOT_EXPLORED
    told = section_history(viewer=mara, at=AT, episode_id=course.episode, section=GuideSection.WHY_NOW)
    assert [text.text for text in told] == ["Since the fall", "Since spring, after the fall"]
    assert AuditEvent.objects.filter(object_type="assessment", action="edit").count() == 4
    assert b"spring" not in b"".join(bytes(row.words_sealed) for row in AssessmentText.objects.all())


def test_a_conflict_loses_neither_text() -> None:
    course = in_assessment(a_therapist())
    save(course, "Mine", tab="a", tab_sequence=1)
    with pytest.raises(EditConflict) as conflict:
        save(course, "Other window", 0, tab="b", tab_sequence=1)
    assert (conflict.value.text, conflict.value.version) == ("Mine", 1)
    assert save(course, "Both", conflict.value.version, tab="b", tab_sequence=2) == 2


def test_savings_of_one_tab_may_overtake_each_other() -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    save(course, "one", 0, tab="a", tab_sequence=1)
    save(course, "one two three", 0, tab="a", tab_sequence=3)
    save(course, "one two", 0, tab="a", tab_sequence=2)
    assert sections(viewer=mara, at=AT, episode_id=course.episode)[GuideSection.WHY_NOW].text == "one two three"


def test_not_therapy_is_an_answer_like_any_other() -> None:
    mara = a_therapist()
    course = in_assessment(mara)
    decide_need(actor=mara, at=AT, episode_id=course.episode, details=THERAPY)
    until = date(2026, 5, 4)
    wait = replace(THERAPY, decision=NeedDecision.WATCHFUL_WAITING, until=until, reasons="Grief, seven weeks old")
    decide_need(actor=mara, at=AT, episode_id=course.episode, details=wait)
    summary = need_summary(viewer=mara, at=AT + timedelta(days=3), episode_id=course.episode)
    assert [each.details.decision for each in summary.decisions] == ["therapy_now", "watchful_waiting"]
    assert summary.decision is not None
    assert summary.decision.details == wait
    assert (summary.days_waiting, summary.domains_of_weight) == (3, (ProblemDomain.BEHAVIOURAL,))
    assert summary.episode.state is EpisodeState.WAITING
    assert NeedDecisionVersion.objects.get(number=2).until == until
    decide_need(actor=mara, at=AT, episode_id=course.episode, details=THERAPY)
    assert episode(viewer=mara, at=AT, episode_id=course.episode).state is EpisodeState.ASSESSMENT


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reasons": " "}, "reasons"),
        ({"decision": NeedDecision.WATCHFUL_WAITING}, "until"),
        ({"decision": NeedDecision.WATCHFUL_WAITING, "until": AT.date()}, "until"),
        ({"decision": NeedDecision.OTHER_SERVICE}, "where"),
        ({"importance": 11}, "importance"),
    ],
)
def test_a_decision_says_what_it_must(changed: dict[str, object], field: str) -> None:
    course = in_assessment(a_therapist())
    with pytest.raises(EpisodeRefused) as refused:
        decide_need(actor=course.therapist, at=AT, episode_id=course.episode, details=replace(THERAPY, **changed))
    assert refused.value.field == field
    assert not NeedDecisionVersion.objects.exists()


def test_nothing_is_decided_before_the_referral_is() -> None:
    course = referred(a_therapist())
    with pytest.raises(StepNotAllowed):
        decide_need(actor=course.therapist, at=AT, episode_id=course.episode, details=THERAPY)


@pytest.mark.parametrize(("role", "error"), [("stranger", NotFound), ("manager", Forbidden), ("client", Forbidden)])
def test_only_who_cares_reads_or_writes_an_assessment(role: str, error: type[Exception]) -> None:
    course = in_assessment(a_therapist())
    who: Actor = {
        "stranger": lambda: a_therapist("Ivo Brandt"),
        "manager": a_manager,
        "client": lambda: client_account(course),
    }[role]()
    for wanted in (course.episode, uuid4()):
        for query in (sections, problems, need_summary):
            with pytest.raises(error):
                query(viewer=who, at=AT, episode_id=wanted)
        with pytest.raises(error):
            save(course, "x", actor=who, episode_id=wanted)
        with pytest.raises(error):
            decide_need(actor=who, at=AT, episode_id=wanted, details=THERAPY)
        with pytest.raises(error):
            set_problems(actor=who, at=AT, episode_id=wanted, problems=())
    assert not AssessmentText.objects.exists()
