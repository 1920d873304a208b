"""What a staged file holds, what an import of it would do, and why it would be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rapport.clinical.exchange.courses import CourseRows, HourRow, Scale, ScoreRow, read_courses
from rapport.clinical.exchange.problems import Problem, ProblemCode
from rapport.clinical.exchange.table import Table, read_table
from rapport.clinical.measures.norms import CustomMeasure
from rapport.practice.clients.rules.wording import DetailRefused, name
from rapport.practice.episodes.models import CareRelationship
from rapport.practice.measures.models import LocalInstrument
from rapport.practice.measures.rules.instruments import as_instrument, instrument_named, own_key
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import (
    NEW_MEASURE,
    STAGED_FOR,
    ImportPlan,
    Preview,
    PreviewLine,
    StagedFile,
)
from rapport.practice.outcomes.models import BroughtClient, BroughtRow, StagedImport
from rapport.practice.outcomes.rules import measure_id, name_hash, place_hash, value_hash
from rapport.practice.security.accounts.models import RoleGrant
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Role, Thing

CONTENT_LABEL = "outcomes.staged.content"
SAMPLE_ROWS = 5
ATTENDANCE = "attendance"
NORMS = (
    *("low", "high", "direction", "reliability", "cut"),
    *("clinical_mean", "clinical_sd", "functional_mean", "functional_sd"),
)


def staged(*, viewer: Actor, at: datetime, staged_id: UUID) -> StagedFile:
    """The columns of one's own staged file and its first rows."""
    table = read_table(staged_content(viewer=viewer, at=at, staged_id=staged_id))
    sample = tuple(row.cells for row in table.rows[:SAMPLE_ROWS])
    return StagedFile(staged_id, table.columns, len(table.rows), sample)


def staged_content(*, viewer: Actor, at: datetime, staged_id: UUID) -> bytes:
    """One's own staged file, opened, for an hour."""
    thing = Thing("import", id=staged_id)
    require(viewer, "create", thing, at=at)
    rows = StagedImport.objects.filter(author_id=viewer.account, staged_at__gt=at - STAGED_FOR)
    row = rows.filter(id=staged_id).first()
    if row is None:
        raise not_found(viewer, "create", thing, at=at)
    return keys.unseal_bytes(keys.author(viewer.account), CONTENT_LABEL, row.id, row.content_sealed)


def therapists(*, viewer: Actor, at: datetime) -> tuple[tuple[UUID, str], ...]:
    """For whom this person may import: a manager for every therapist, a therapist for themselves."""
    require(viewer, "create", Thing("import"), at=at)
    working = RoleGrant.objects.filter(role=Role.THERAPIST, ended_at=None, account__disabled_at=None)
    if Role.MANAGER not in viewer.roles:
        working = working.filter(account_id=viewer.account)
    called = staff_names()
    found = ((account, called[account]) for account in working.values_list("account_id", flat=True))
    return tuple(sorted(found, key=lambda each: each[1].casefold()))


def preview(*, viewer: Actor, at: datetime, staged_id: UUID, plan: ImportPlan) -> Preview:
    """What an import would do."""
    table = read_table(staged_content(viewer=viewer, at=at, staged_id=staged_id))
    return preview_of(viewer=viewer, at=at, table=table, plan=plan)


def preview_of(*, viewer: Actor, at: datetime, table: Table, plan: ImportPlan) -> Preview:
    """What an import of a table would do."""
    found = reconciled(viewer=viewer, at=at, table=table, plan=plan)
    lines = tuple(each.line for each in found.courses)
    return Preview(
        problems=tuple(found.problems),
        lines=lines,
        new_scores=sum(line.scores for line in lines),
        new_hours=sum(line.hours for line in lines),
        known_before=found.known_before,
        missing=sum(each.rows.missing for each in found.courses),
    )


@dataclass(slots=True)
class NewRows:
    """What of one client's rows is new, beside the course they belong to, if that exists."""

    rows: CourseRows
    known: BroughtClient | None
    scores: list[ScoreRow] = field(default_factory=list)
    hours: list[HourRow] = field(default_factory=list)

    @property
    def line(self) -> PreviewLine:
        days = [*(each.on for each in self.rows.scores), *(each.on for each in self.rows.hours)]
        return PreviewLine(
            self.rows.client,
            self.rows.name,
            self.known is None,
            len(self.scores),
            len(self.hours),
            min(days, default=None),
            max(days, default=None),
        )


@dataclass(slots=True)
class Reconciled:
    """A file beside what was imported before."""

    courses: list[NewRows]
    problems: list[Problem]
    known_before: int = 0


def reconciled(*, viewer: Actor, at: datetime, table: Table, plan: ImportPlan) -> Reconciled:
    """Read the table and hold it against what was imported for this therapist before."""
    require(viewer, "create", Thing("import"), at=at)
    if plan.therapist_id not in dict(therapists(viewer=viewer, at=at)):
        raise not_found(viewer, "create", Thing("import", id=plan.therapist_id), at=at)
    scales, problems = _scales(plan)
    read = read_courses(table, plan.columns, scales, at.astimezone(practice_zone()).date())
    found = Reconciled([], [*problems, *read.problems])
    ledger = _Ledger.of(plan, read.courses, at)
    for course in read.courses:
        ledger.add(found, course)
    return found


def _scales(plan: ImportPlan) -> tuple[dict[str, Scale], list[Problem]]:
    scales: dict[str, Scale] = {}
    problems: list[Problem] = []
    for column, measure in plan.columns.scores:
        if measure == NEW_MEASURE and plan.new_measure is not None:
            norms = plan.new_measure.norms
            scales[measure] = Scale(norms.low, norms.high)
            if _differs(plan.new_measure):
                problems.append(Problem(ProblemCode.INSTRUMENT_DIFFERS, 1, column))
        else:
            instrument = instrument_named(measure)
            scales[measure] = Scale(instrument.low, instrument.high)
    return scales, problems


def _differs(measure: CustomMeasure) -> bool:
    """Whether a measure of this name is known here with other numbers."""
    row = LocalInstrument.objects.filter(key=own_key(measure.id)).first()
    if row is None:
        return False
    known, given = as_instrument(row).norms, measure.norms
    return any(getattr(known, name) != getattr(given, name) for name in NORMS)


@dataclass(slots=True)
class _Ledger:
    """What is known of earlier imports, fetched once for the whole file."""

    plan: ImportPlan
    clients: Mapping[bytes, BroughtClient]
    cared_for: set[UUID]
    values: Mapping[bytes, bytes]

    @classmethod
    def of(cls, plan: ImportPlan, courses: tuple[CourseRows, ...], at: datetime) -> _Ledger:
        hashes = [name_hash(plan.therapist_id, course.client) for course in courses]
        rows = BroughtClient.objects.select_related("client", "episode").filter(name_hash__in=hashes)
        clients = {bytes(row.name_hash): row for row in rows}
        care = CareRelationship.objects.filter(account_id=plan.therapist_id, started_at__lte=at, ended_at=None)
        cared_for = set(care.values_list("episode_id", flat=True)) if clients else set()
        known = BroughtRow.objects.filter(client__in=[row.client_id for row in clients.values()]) if clients else ()
        return cls(plan, clients, cared_for, {bytes(row.place_hash): bytes(row.value_hash) for row in known})

    def add(self, found: Reconciled, course: CourseRows) -> None:
        """Sort a client's rows into new and known; name what cannot be."""
        brought = self.clients.get(name_hash(self.plan.therapist_id, course.client))
        column = self.plan.columns.client
        new = NewRows(course, brought)
        found.courses.append(new)
        if brought is None:
            self._name(found, course)
        elif brought.client.erased_at is not None or brought.episode_id not in self.cared_for:
            found.problems.append(Problem(ProblemCode.NOT_IN_CARE, course.first_row, column))
            return
        for score in course.scores:
            if self._is_new(found, course, measure_id(self.plan, score.measure), score, score.column, score.value):
                new.scores.append(score)
        for hour in course.hours:
            place = self.plan.columns.attendance
            if self._is_new(found, course, ATTENDANCE, hour, place, str(hour.attendance)):
                new.hours.append(hour)
        if brought is not None and brought.episode.closed_at is not None and (new.scores or new.hours):
            found.problems.append(Problem(ProblemCode.COURSE_OVER, course.first_row, column))

    def _is_new(
        self, found: Reconciled, course: CourseRows, what: str, row: ScoreRow | HourRow, column: str, value: float | str
    ) -> bool:
        place = place_hash(self.plan.therapist_id, course.client, what, row.on)
        known = self.values.get(place)
        if known is None:
            return True
        if known != value_hash(place, value):
            found.problems.append(Problem(ProblemCode.OTHER_SCORE_KNOWN, row.row, column))
        else:
            found.known_before += 1
        return False

    def _name(self, found: Reconciled, course: CourseRows) -> None:
        if not course.name:
            return
        try:
            name(course.name)
        except DetailRefused:
            found.problems.append(Problem(ProblemCode.BAD_NAME, course.first_row, self.plan.columns.name))
