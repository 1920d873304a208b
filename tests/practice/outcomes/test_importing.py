"""Spreadsheets: the whole file or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.factories.outcomes import FIRST, a_plan
from tests.factories.people import AT, a_manager, a_therapist

from rapport.clinical.exchange.courses import Columns
from rapport.clinical.exchange.problems import ProblemCode, Unreadable
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.clinical.outcomes.cut_offs import ChangeClass
from rapport.practice.clients.models import Client
from rapport.practice.measures.models import Administration, LocalInstrument
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.actions import discard_staged, import_courses, importing, stage_import
from rapport.practice.outcomes.choices import NEW_MEASURE, ImportPlan
from rapport.practice.outcomes.models import BroughtHour, StagedImport
from rapport.practice.outcomes.rules import ImportRefused
from rapport.practice.outcomes.tasks import drop_staged
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.policy.access import NotFound
from rapport.practice.security.policy.actor import SYSTEM, Actor

RIESBY = Path(__file__).parents[2] / "clinical" / "reference" / "riesby.csv"
HAMILTON = CustomMeasure(
    "Hamilton",
    "Hamilton (total)",
    Norms(0, 52, Direction.LOWER, reliability=0.80, functional_mean=8, functional_sd=8),
)


def ward(therapist: Actor) -> ImportPlan:
    columns = Columns("id", (("hamd", NEW_MEASURE),), week="week", start=FIRST)
    return ImportPlan(therapist.account, columns, HAMILTON)


def test_riesby_comes_in_and_comes_out_as_published() -> None:
    mara = a_therapist()
    done = import_courses(actor=mara, at=AT, plan=ward(mara), content=RIESBY.read_bytes())
    assert (done.clients, done.scores) == (66, 375)
    facts = queries.caseload(viewer=mara, at=AT)
    (counts,) = facts.counts
    assert counts.counts == {
        ChangeClass.RECOVERED: 40,
        ChangeClass.IMPROVED: 9,
        ChangeClass.UNCHANGED: 14,
        ChangeClass.DETERIORATED: 3,
        ChangeClass.NOT_CLASSIFIABLE: 0,
    }
    assert counts.rule.cut == pytest.approx(17.73, abs=0.005)
    assert counts.own_sample
    assert len(facts.lines) == 66
    one = queries.course(viewer=mara, at=AT, episode_id=facts.lines[0].episode.id)
    assert one.measures[0].own_sample
    assert one.measures[0].reading.rule.cut == counts.rule.cut


def test_the_same_file_twice_changes_nothing() -> None:
    mara = a_therapist()
    plan = ward(mara)
    import_courses(actor=mara, at=AT, plan=plan, content=RIESBY.read_bytes())
    counted = (Client.objects.count(), Administration.objects.count(), LocalInstrument.objects.count())
    again = import_courses(actor=mara, at=AT + timedelta(hours=1), plan=plan, content=RIESBY.read_bytes())
    assert again.changed_nothing
    assert again.known_before == 375
    assert (Client.objects.count(), Administration.objects.count(), LocalInstrument.objects.count()) == counted


def test_a_longer_file_brings_only_what_is_new() -> None:
    mara = a_therapist()
    import_courses(actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\nA,1,15\n")
    done = import_courses(
        actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\nA,1,15\nA,2,12\na,0,9\n"
    )
    assert (done.clients, done.scores, done.known_before) == (1, 2, 2)
    assert Client.objects.count() == 2


def test_a_changed_score_is_refused_by_its_row() -> None:
    mara = a_therapist()
    import_courses(actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\n")
    with pytest.raises(ImportRefused) as refused:
        import_courses(actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,16\n")
    (problem,) = refused.value.problems
    assert (problem.code, problem.row, problem.column) == (ProblemCode.OTHER_SCORE_KNOWN, 2, "phq9")


def test_one_mistake_and_nothing_is_brought() -> None:
    mara = a_therapist()
    with pytest.raises(ImportRefused):
        import_courses(actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\nB,0,99\n")
    assert not Client.objects.exists()
    assert not Administration.objects.exists()


def test_a_fault_midway_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mara = a_therapist()
    real, calls = importing.bring_totals, Counter[str]()

    def fails_later(**given: object) -> object:
        calls["n"] += 1
        if calls["n"] == 2:
            raise OSError("the disk is full")
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "bring_totals", fails_later)
    with pytest.raises(OSError, match="full"):
        import_courses(actor=mara, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\nB,0,9\n")
    assert not Client.objects.exists()
    assert not Administration.objects.exists()
    assert not AuditEvent.objects.filter(object_type="import").exists()


def test_a_manager_brings_courses_for_a_therapist_and_reads_none() -> None:
    ruth, mara = a_manager(), a_therapist()
    import_courses(actor=ruth, at=AT, plan=a_plan(mara), content=b"id,week,phq9\nA,0,17\n")
    line = queries.caseload(viewer=mara, at=AT).lines[0]
    assert line.measures[0].reading.n == 1
    with pytest.raises(NotFound):
        queries.course(viewer=replace(ruth, roles=mara.roles), at=AT, episode_id=line.episode.id)
    assert AuditEvent.objects.filter(object_type="import", action="import", actor=ruth.account).exists()


def test_a_therapist_brings_courses_to_nobody_else() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    with pytest.raises(NotFound):
        import_courses(actor=mara, at=AT, plan=a_plan(ben), content=b"id,week,phq9\nA,0,17\n")


def test_the_same_identifier_of_two_therapists_is_two_people() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    for each in (mara, ben):
        import_courses(actor=each, at=AT, plan=a_plan(each), content=b"id,week,phq9\nA,0,17\n")
    assert Client.objects.count() == 2
    assert len(queries.caseload(viewer=ben, at=AT).lines) == 1


def test_attendance_comes_along_without_a_time_of_day() -> None:
    mara = a_therapist()
    plan = replace(a_plan(mara), columns=replace(a_plan(mara).columns, attendance="came"))
    import_courses(actor=mara, at=AT, plan=plan, content=b"id,week,phq9,came\nA,0,17,yes\nA,1,,did not attend\n")
    assert BroughtHour.objects.count() == 2
    line = queries.caseload(viewer=mara, at=AT).lines[0]
    assert queries.course(viewer=mara, at=AT, episode_id=line.episode.id).sessions_held == 1


def test_an_upload_is_sealed_for_its_uploader_and_gone_after_an_hour() -> None:
    mara, ben = a_therapist(), a_therapist("Ben Stone")
    staged = stage_import(actor=mara, at=AT, content=b"id,week,phq9\nQuintessa,0,17\n")
    assert b"Quintessa" not in bytes(StagedImport.objects.get().content_sealed)
    assert queries.staged(viewer=mara, at=AT, staged_id=staged).sample == (("Quintessa", "0", "17"),)
    with pytest.raises(NotFound):
        queries.staged(viewer=ben, at=AT, staged_id=staged)
    with pytest.raises(NotFound):
        queries.staged(viewer=mara, at=AT + timedelta(hours=1), staged_id=staged)
    assert drop_staged(actor=SYSTEM, at=AT + timedelta(minutes=59)) == 0
    assert drop_staged(actor=SYSTEM, at=AT + timedelta(hours=1)) == 1


def test_the_preview_says_what_would_happen_and_does_nothing() -> None:
    mara = a_therapist()
    staged = stage_import(actor=mara, at=AT, content=b"id,week,phq9\nA,0,17\nA,1,NA\n")
    preview = queries.preview(viewer=mara, at=AT, staged_id=staged, plan=a_plan(mara))
    assert (len(preview.lines), preview.new_scores, preview.missing) == (1, 1, 1)
    assert preview.lines[0].first == date(2026, 1, 5)
    assert not Client.objects.exists()
    discard_staged(actor=mara, at=AT)
    assert not StagedImport.objects.exists()


def test_more_than_five_thousand_rows_are_not_even_staged() -> None:
    rows = b"".join(b"%d,0,5\n" % number for number in range(5_001))
    with pytest.raises(Unreadable) as refused:
        stage_import(actor=a_therapist(), at=AT, content=b"id,week,phq9\n" + rows)
    assert refused.value.problem.code is ProblemCode.TOO_MANY_ROWS
    assert not StagedImport.objects.exists()


def test_a_known_name_with_other_norms_is_refused() -> None:
    mara = a_therapist()
    import_courses(actor=mara, at=AT, plan=ward(mara), content=b"id,week,hamd\nA,0,20\n")
    other = replace(HAMILTON, norms=replace(HAMILTON.norms, reliability=0.9))
    with pytest.raises(ImportRefused) as refused:
        import_courses(
            actor=mara, at=AT, plan=replace(ward(mara), new_measure=other), content=b"id,week,hamd\nB,0,20\n"
        )
    assert refused.value.problems[0].code is ProblemCode.INSTRUMENT_DIFFERS
