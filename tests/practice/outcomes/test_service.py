"""The service report: whose courses it is made of, what it leaves out, and what is kept of the conclusions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.organisation import a_practice
from tests.factories.outcomes import scored_anew
from tests.factories.people import a_course, a_manager, a_therapist, client_account, staff
from tests.factories.results import BEGAN, BETTER, LATER, OWN, SAID, SAME, WHOLE_PRACTICE, WORSE, concluded, over

from rapport.clinical.endings.kinds import EndingKind
from rapport.clinical.outcomes.service.parts import Aside, LimitCode, RateCode, Step
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.outcomes.actions import conclude
from rapport.practice.outcomes.actions.reporting import ConclusionRefused, ConclusionsMoved
from rapport.practice.outcomes.choices.service import Hidden, ReportScope
from rapport.practice.outcomes.models import ServiceReport
from rapport.practice.outcomes.queries import report_offer, service_facts
from rapport.practice.outcomes.rules.service import figures_of
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor, Role


@pytest.fixture(autouse=True)
def _practice() -> None:
    a_practice()


@pytest.fixture
def mara() -> Actor:
    return a_therapist()


def some(therapist: Actor, *scores: tuple[float, ...]) -> None:
    for one in scores:
        over(therapist, one)


def test_one_s_own_courses_and_nobody_else_s(mara: Actor) -> None:
    ida = a_therapist("Ida Other")
    some(mara, *[BETTER] * 7, WORSE, SAME, (15,))
    some(ida, WORSE)
    a_course(mara, at=BEGAN)  # asked for therapy and waits
    facts = service_facts(viewer=mara, at=LATER, asked=OWN)
    report = facts.report
    assert report is not None
    counts = {step.step: step.count for step in report.flow}
    assert counts == {Step.REFERRED: 11, Step.STARTED: 10, Step.FINISHED: 9, Step.PAIRED: 9}
    assert dict(report.flow[0].aside)[Aside.WAITING] == 1
    assert dict(report.flow[1].aside)[Aside.ENDED_BEFORE_TWO_SESSIONS] == 1
    improved = report.rate(RateCode.RELIABLE_IMPROVEMENT)
    assert improved is not None
    assert (improved.count, improved.out_of, improved.share, improved.reason) == (7, 9, None, "too_few")
    over(mara, BETTER)
    improved = service_facts(viewer=mara, at=LATER, asked=OWN).report.rate(RateCode.RELIABLE_IMPROVEMENT)  # type: ignore[union-attr]
    assert improved is not None
    assert (improved.count, improved.out_of, improved.share) == (8, 10, 0.8)


def test_the_period_decides_and_only_whole_quarters_can_be_asked_for(mara: Actor) -> None:
    over(mara)
    over(mara, began=BEGAN + timedelta(days=300))
    codes = [one.code for one in report_offer(viewer=mara, at=LATER, scope=ReportScope.OWN).periods]
    assert codes == ["all", "2026", "2026-q1", "2025", "2025-q4", "2025-q3", "2025-q2"]
    finished = {
        code: service_facts(viewer=mara, at=LATER, asked=replace(OWN, period=code)).report.activity.finished  # type: ignore[union-attr]
        for code in ("all", "2025", "2025-q2", "2025-q3")
    }
    assert finished == {"all": 1, "2025": 1, "2025-q2": 1, "2025-q3": 0}
    for wrong in (replace(OWN, period="2025-04-07"), replace(OWN, reading="gad7"), replace(OWN, period="1990")):
        with pytest.raises(NotFound):
            service_facts(viewer=mara, at=LATER, asked=wrong)


def test_both_measures_of_the_nhs_are_read_together(mara: Actor) -> None:
    over(mara, instruments=("phq9", "gad7"))
    offer = report_offer(viewer=mara, at=LATER, scope=ReportScope.OWN)
    assert offer.readings == (("nhs", "PHQ-9 + GAD-7"), ("gad7", "GAD-7"), ("phq9", "PHQ-9"))
    report = service_facts(viewer=mara, at=LATER, asked=replace(OWN, reading="nhs")).report
    assert report is not None
    assert report.rule_measures == ("phq9", "gad7")
    assert {one.benchmark.design for one in report.comparisons if one.figure == "recovery"} == {"national_service"}


def test_an_ending_without_a_word_is_one(mara: Actor) -> None:
    over(mara, kind=EndingKind.CLIENT_STOPPED_UNANNOUNCED)
    over(mara, kind=EndingKind.TRANSFERRED)
    report = service_facts(viewer=mara, at=LATER, asked=OWN).report
    assert report is not None
    left = report.rate(RateCode.UNPLANNED_ENDING)
    assert left is not None
    assert (left.count, left.out_of) == (1, 2)


@pytest.fixture
def practice_of_three() -> tuple[Actor, ...]:
    team = tuple(a_therapist(f"Therapist {name}") for name in ("A", "B", "C"))
    for number, therapist in enumerate(team):
        some(therapist, *[BETTER] * 4, *([WORSE] if number == 0 else []))
    return team


@pytest.mark.usefixtures("practice_of_three")
def test_the_office_sees_no_small_number() -> None:
    manager = a_manager()
    facts = service_facts(viewer=manager, at=LATER, asked=WHOLE_PRACTICE)
    report = facts.report
    assert report is not None
    assert report.published
    assert facts.own_effect is None
    worse, better = report.rate(RateCode.RELIABLE_DETERIORATION), report.rate(RateCode.RELIABLE_IMPROVEMENT)
    assert worse is not None
    assert better is not None
    assert (worse.count, worse.share, worse.reason) == (None, None, "small_number")
    assert better.out_of == 15  # 13, rounded to the nearest five
    assert all(not limit.values for limit in report.limits if limit.code in {LimitCode.SMALL_N, LimitCode.PAIRING})


def test_figures_of_two_therapists_are_nobody_else_s() -> None:
    """With two, each could take their own figures from the sum and know the other's."""
    ida, solo = a_therapist("Ida"), staff("Solo Owner", Role.MANAGER, Role.THERAPIST)
    some(ida, *[BETTER] * 5)
    facts = service_facts(viewer=a_manager(), at=LATER, asked=WHOLE_PRACTICE)
    assert (facts.report, facts.hidden) == (None, Hidden.FEW_THERAPISTS)
    with pytest.raises(NotFound):
        conclude(actor=a_manager(), at=LATER, asked=WHOLE_PRACTICE, said=SAID, version=0, figures="")
    ServiceReport.objects.all().delete()
    some(solo, *[BETTER] * 5)
    assert service_facts(viewer=solo, at=LATER, asked=WHOLE_PRACTICE).hidden is Hidden.FEW_THERAPISTS


def test_courses_without_a_form_and_courses_of_nobody_hide_no_therapist(mara: Actor) -> None:
    """Whoever measures alone would read their own figures with the others' names on them."""
    some(mara, *[BETTER] * 6)
    for name in ("Ida", "Ben"):
        for _course in range(3):
            over(a_therapist(name), instruments=("gad7",))
    whole = WHOLE_PRACTICE
    assert service_facts(viewer=a_manager(), at=LATER, asked=whole).hidden is Hidden.FEW_THERAPISTS
    pair = replace(whole, reading="nhs")
    assert service_facts(viewer=a_manager(), at=LATER, asked=pair).hidden is Hidden.FEW_THERAPISTS
    over(a_therapist("Cleo"))
    unknown = over(a_therapist("Gone"))
    CareRelationship.objects.filter(episode=unknown.episode).delete()
    assert service_facts(viewer=a_manager(), at=LATER, asked=whole).hidden is Hidden.FEW_THERAPISTS
    over(a_therapist("Dan"))
    assert service_facts(viewer=a_manager(), at=LATER, asked=whole).hidden is None


def test_a_month_of_too_few_therapists_is_not_shown() -> None:
    """Nor the one next to it, where the whole less the others would tell what was left out."""
    team = [a_therapist(name) for name in ("Ida", "Ben", "Cleo")]
    for quarter in range(3):
        for therapist in team if quarter else team[:2]:
            for _course in range(2 if quarter == 1 else 4):
                over(therapist, began=BEGAN + timedelta(days=92 * quarter))
    facts = service_facts(viewer=a_manager(), at=LATER, asked=replace(WHOLE_PRACTICE, period="all"))
    assert facts.report is not None
    told = {
        trend.code: [one.start.isoformat() for one in trend.points if one.rate.out_of or one.rate.share is not None]
        for trend in facts.report.trends
    }
    assert told[RateCode.RELIABLE_RECOVERY] == ["2025-10-01"]
    assert all(days in (["2025-10-01"], []) for days in told.values())
    improved = next(one for one in facts.report.trends if one.code is RateCode.RELIABLE_RECOVERY)
    assert {one.rate.reason for one in improved.points if one.rate.share is None} == {"small_number"}


def test_who_practises_alone_sees_the_practice() -> None:
    solo = staff("Solo Owner", Role.MANAGER, Role.THERAPIST)
    over(solo)
    assert service_facts(viewer=solo, at=LATER, asked=WHOLE_PRACTICE).report is not None


def test_without_scores_it_says_so(mara: Actor) -> None:
    facts = service_facts(viewer=mara, at=LATER, asked=replace(OWN, period="all", reading="none"))
    assert facts.hidden is Hidden.NOTHING_MEASURED


def test_whose_function_it_is_not(mara: Actor) -> None:
    over(mara)
    manager, client = a_manager(), client_account(a_course(mara))
    for who, asked in ((mara, WHOLE_PRACTICE), (manager, OWN), (client, OWN), (client, WHOLE_PRACTICE)):
        with pytest.raises(Forbidden):
            service_facts(viewer=who, at=LATER, asked=asked)
        with pytest.raises(Forbidden):
            conclude(actor=who, at=LATER, asked=asked, said=SAID, version=0, figures="")
    assert not ServiceReport.objects.exists()


def test_reading_it_leaves_a_trace_and_asks_alike_for_one_and_many(mara: Actor) -> None:
    over(mara)
    service_facts(viewer=mara, at=LATER, asked=OWN)  # her chain of the trail begins
    with CaptureQueriesContext(connection) as one:
        service_facts(viewer=mara, at=LATER, asked=OWN)
    some(mara, BETTER, SAME)
    with CaptureQueriesContext(connection) as three:
        service_facts(viewer=mara, at=LATER, asked=OWN)
    assert len(three) == len(one)
    assert AuditEvent.objects.filter(object_type="caseload_sift", client=None, actor=mara.id).exists()


def test_conclusions_are_kept_sealed_with_the_figures_they_were_drawn_from(mara: Actor) -> None:
    over(mara)
    concluded(mara)
    row = ServiceReport.objects.get()
    assert b"improved" not in bytes(row.conclusions_sealed)
    assert AuditEvent.objects.filter(action="conclude", object_id=row.id, actor=mara.id).exists()
    kept = service_facts(viewer=mara, at=LATER, asked=OWN).kept
    assert kept is not None
    assert (kept.conclusions, kept.version, kept.are_current) == (SAID, 1, True)
    over(mara)
    kept = service_facts(viewer=mara, at=LATER, asked=OWN).kept
    assert kept is not None
    assert not kept.are_current
    ida = a_therapist("Ida")
    over(ida)
    assert service_facts(viewer=ida, at=LATER, asked=OWN).kept is None


def test_saved_elsewhere_meanwhile(mara: Actor) -> None:
    over(mara)
    seen = service_facts(viewer=mara, at=LATER, asked=OWN).figures
    concluded(mara)
    other = replace(SAID, answer="Other.")
    with pytest.raises(ConclusionsMoved):
        conclude(actor=mara, at=LATER, asked=OWN, said=other, version=0, figures=seen)
    conclude(actor=mara, at=LATER, asked=OWN, said=other, version=1, figures=seen)
    assert Counter(ServiceReport.objects.values_list("number", flat=True)) == {1: 1, 2: 1}


def test_nobody_concludes_from_figures_they_did_not_see(mara: Actor) -> None:
    course = over(mara)
    facts = service_facts(viewer=mara, at=LATER, asked=OWN)
    assert facts.report is not None
    seen = facts.figures
    assert figures_of(replace(facts.report, trends=())) != seen, "what is drawn over time is a figure too"
    assert service_facts(viewer=mara, at=LATER + timedelta(days=1), asked=OWN).figures == seen
    scored_anew(course, 17)
    moved = service_facts(viewer=mara, at=LATER, asked=OWN).figures
    assert moved != seen
    with pytest.raises(ConclusionsMoved):
        conclude(actor=mara, at=LATER, asked=OWN, said=SAID, version=0, figures=seen)
    assert not ServiceReport.objects.exists()
    conclude(actor=mara, at=LATER, asked=OWN, said=SAID, version=0, figures=moved)


def test_what_a_conclusion_may_not_be(mara: Actor) -> None:
    over(mara)
    said = replace(
        SAID, answer="Therapy works and was effective.", limits="One.\nTwo.", wrong="", uncertainty="x" * 4001
    )
    with pytest.raises(ConclusionRefused) as refused:
        conclude(actor=mara, at=LATER, asked=OWN, said=said, version=0, figures="")
    assert set(refused.value.problems) == {"limits", "wrong", "uncertainty"}
    assert [one.word for one in refused.value.refusals["answer"]] == ["works", "effective"]
    assert not ServiceReport.objects.exists()


def test_nothing_is_said_of_a_therapist_with_few_cases(mara: Actor) -> None:
    over(mara)
    own = service_facts(viewer=mara, at=LATER, asked=OWN).own_effect
    assert own is not None
    assert (own.cases, own.effect) == (1, None)
    assert own.reason == "too_few_therapists_with_ten_closed_cases"


def test_with_enough_cases_a_therapist_reads_their_own_difference(mara: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from rapport.clinical.statistics.therapist_effects import enough, scores

    for module, name in ((enough, "THERAPISTS"), (enough, "CASES_EACH"), (scores, "OWN_CASES")):
        monkeypatch.setattr(module, name, 3)
    for number in range(3):
        therapist = mara if number == 0 else a_therapist(f"Other {number}")
        some(therapist, (18, 6 + number), (14, 5 + number), (20, 9 + 2 * number))
    own = service_facts(viewer=mara, at=LATER, asked=OWN).own_effect
    assert own is not None
    assert own.cases == 3
    assert own.effect is not None
    assert own.effect < 0


def test_an_erased_client_is_in_no_figure(mara: Actor) -> None:
    from rapport.practice.clients.models import Client

    course = over(mara)
    over(mara)
    Client.objects.filter(id=course.client).update(erased_at=datetime(2026, 1, 1, tzinfo=UTC))
    report = service_facts(viewer=mara, at=LATER, asked=OWN).report
    assert report is not None
    assert report.activity.finished == 1
