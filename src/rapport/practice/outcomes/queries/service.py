"""The service report: a therapist's own courses, or the whole practice's without anything that points at anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.outcomes.service.ends import ends_of
from rapport.clinical.outcomes.service.parts import Grain, ReportPeriod, ServiceReport
from rapport.clinical.outcomes.service.report import service_report
from rapport.clinical.outcomes.service.table import NEVER, Ending, ServiceTable, service_table
from rapport.clinical.outcomes.yardstick import yardstick
from rapport.clinical.statistics.therapist_effects import OwnEffect, therapist_effects
from rapport.clinical.statistics.therapist_effects.enough import reason_to_hide
from rapport.practice.episodes.models import Episode
from rapport.practice.episodes.rules import care_of, carers_in_order
from rapport.practice.measures.models import Administration
from rapport.practice.measures.rules.instruments import LANGUAGE, shelf
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices.service import (
    Conclusions,
    ConclusionsKept,
    Hidden,
    ReportAsked,
    ReportOffer,
    ReportScope,
    ServiceFacts,
)
from rapport.practice.outcomes.models import ServiceReport as SavedReport
from rapport.practice.outcomes.rules import held_hours
from rapport.practice.outcomes.rules.series import whole_series
from rapport.practice.outcomes.rules.service import (
    CONCLUSIONS_LABEL,
    FEWEST_THERAPISTS,
    Behind,
    drawer,
    endings_of,
    figures_of,
    periods,
    published,
    readable,
    safe_trends,
)
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

NHS, PAIR = "nhs", ("phq9", "gad7")
READS = {ReportScope.OWN: "read_own", ReportScope.PRACTICE: "read"}
QUARTER = 92  # days
RUNS = date.max  # the last day of a course that is open


@dataclass(frozen=True, slots=True)
class _Course:
    """One course without anybody's name."""

    id: UUID
    client_id: UUID
    opened: date
    closed: date | None
    therapist: UUID | None


def report_offer(*, viewer: Actor, at: datetime, scope: ReportScope) -> ReportOffer:
    """What may be asked of these courses."""
    require(viewer, READS[scope], Thing("service_report"), at=at)
    return _offer(_courses(viewer, at, scope), at)


def service_facts(*, viewer: Actor, at: datetime, asked: ReportAsked) -> ServiceFacts:
    """The report that was asked for, with what was concluded from it. Of the practice, aggregates alone."""
    thing = Thing("service_report")
    require(viewer, READS[asked.scope], thing, at=at)
    courses = _courses(viewer, at, asked.scope)
    offer = _offer(courses, at)
    named = {one.code: one.period for one in offer.periods}
    if asked.period not in named or (offer.readings and asked.reading not in dict(offer.readings)):
        raise not_found(viewer, READS[asked.scope], thing, at=at)
    period = named[asked.period]
    report, titles, own = None, dict[str, str](), None
    behind = _behind(viewer, courses, period, asked)
    hidden = _hidden(behind, period) if offer.readings else Hidden.NOTHING_MEASURED
    if hidden is None:
        trail.reading(actor=viewer, kind="caseload_sift", at=at, client=None)
        read = _read(courses, asked.reading)
        report = _shown(read, period, asked, behind)
        titles = {name: found.short_title for name, found in read.instruments.items()}
        own = _own_effect(viewer, at, asked) if asked.scope is ReportScope.OWN else None
    figures = figures_of(report) if report else ""
    kept = _kept(viewer, asked, figures) if report else None
    return ServiceFacts(asked, offer, period, titles, report, hidden, own, kept, figures)


def _kept(viewer: Actor, asked: ReportAsked, figures: str) -> ConclusionsKept | None:
    """What was concluded from this report last; of one's own, by oneself."""
    rows = SavedReport.objects.filter(
        scope=asked.scope, period=asked.period, question=asked.question, reading=asked.reading
    )
    if asked.scope is ReportScope.OWN:
        rows = rows.filter(author=viewer.account)
    row = rows.order_by("-number").first()
    if row is None:
        return None
    said = keys.unseal_data(drawer(asked.scope, row.author_id), CONCLUSIONS_LABEL, row.id, row.conclusions_sealed)
    return ConclusionsKept(Conclusions(**said["words"]), row.number, row.at, said["figures"] == figures)


def _courses(viewer: Actor, at: datetime, scope: ReportScope) -> list[_Course]:
    """Courses of clients who are not erased, with their therapist of record; one's own are those one answers for."""
    zone = practice_zone()
    rows = Episode.objects.filter(client__erased_at=None)
    if scope is ReportScope.OWN:
        rows = rows.filter(client__in=care_of(viewer, at).values("client"))
    of_record: dict[UUID, UUID] = {}
    for episode_id, account_id in carers_in_order(episode__in=rows.values("id")).values_list(
        "episode_id", "account_id"
    ):
        of_record.setdefault(episode_id, account_id)
    found = rows.order_by("opened_at", "id").values_list(
        "id", "client_id", "opened_at", "closed_at", "referral__received_on"
    )
    courses = [
        _Course(
            id,
            client,
            min(filter(None, (received, opened.astimezone(zone).date()))),
            closed and closed.astimezone(zone).date(),
            of_record.get(id),
        )
        for id, client, opened, closed, received in found
    ]
    return [one for one in courses if scope is ReportScope.PRACTICE or one.therapist == viewer.id]


def _offer(courses: Sequence[_Course], at: datetime) -> ReportOffer:
    today = at.astimezone(practice_zone()).date()
    first = min((one.opened for one in courses), default=today)
    done = Administration.objects.filter(episode__in=[one.id for one in courses], completed_at__isnull=False)
    counts = dict(done.values_list("instrument").annotate(people=Count("episode", distinct=True)).order_by())
    known = _instruments(counts)
    most = sorted(counts, key=lambda name: (-counts[name], name))
    readings = [(name, known[name].short_title) for name in most]
    if set(PAIR) <= set(counts):
        readings.insert(0, (NHS, " + ".join(known[name].short_title for name in PAIR)))
    return ReportOffer(periods(first, today), tuple(readings))


def _instruments(names: Collection[str]) -> dict[str, Instrument]:
    return {name: found for (name, _language), found in shelf((name, LANGUAGE) for name in names).items()}


def _measured(courses: Sequence[_Course], reading: str) -> list[_Course]:
    """Those with a form of every measure they are read by that was handed in."""
    measures, given = _measures_of(reading), dict[UUID, set[str]]()
    done = Administration.objects.filter(completed_at__isnull=False, instrument__in=measures)
    of_these = done.filter(episode__in=[one.id for one in courses])
    for episode_id, name in of_these.values_list("episode", "instrument").distinct().order_by():
        given.setdefault(episode_id, set()).add(name)
    return [one for one in courses if given.get(one.id) == set(measures)]


def _behind(viewer: Actor, courses: Sequence[_Course], period: ReportPeriod, asked: ReportAsked) -> Behind | None:
    """Who is behind the figures, where that matters: not of one's own, nor where nobody else treats anybody."""
    ran = {one.therapist for one in courses if one.opened < period.end and (one.closed or RUNS) >= period.start}
    if asked.scope is ReportScope.OWN or ran <= {viewer.id}:
        return None
    return Behind(tuple((one.closed, one.therapist) for one in _measured(courses, asked.reading)))


def _hidden(behind: Behind | None, period: ReportPeriod) -> Hidden | None:
    """The practice's figures are nobody's only if the scores of enough therapists' clients are in them."""
    if behind is None or len(behind.therapists(period.start, period.end)) >= FEWEST_THERAPISTS:
        return None
    return Hidden.FEW_THERAPISTS


def _measures_of(reading: str) -> tuple[str, ...]:
    return PAIR if reading == NHS else (reading,)


@dataclass(frozen=True, slots=True)
class _Read:
    table: ServiceTable
    instruments: Mapping[str, Instrument]


def _read(courses: Sequence[_Course], reading: str) -> _Read:
    """The columns of the report: days, hours and scores of every course."""
    measures = _measures_of(reading)
    zone, place = practice_zone(), {one.id: number for number, one in enumerate(courses)}
    keys.open_together("client", {one.client_id for one in courses})
    forms = Administration.objects.filter(episode__in=list(place), instrument__in=measures)
    rows = sorted(
        (place[episode], measures.index(name), form.taken_at.astimezone(zone).date(), value)
        for (episode, name, _language), series in whole_series(forms).items()
        for form, value in series
        if value is not None
    )
    days: list[set[date]] = [set() for _ in courses]
    for number, _measure, day, _value in rows:
        days[number].add(day)
    spans = _spans(courses, days, zone)
    score = np.array([(number, measure) for number, measure, _day, _value in rows], np.int64).reshape(-1, 2)
    table = service_table(
        measures=measures,
        **spans,
        score_episode=score[:, 0],
        score_measure=score[:, 1],
        score_day=_days([day for _number, _measure, day, _value in rows]),
        score_value=np.array([value for *_, value in rows], np.float32),
    )
    return _Read(table, _instruments(measures))


def _spans(courses: Sequence[_Course], scored: Sequence[set[date]], zone: ZoneInfo) -> dict[str, NDArray[np.int64]]:
    """When each course was asked for, began and ended. Where hours are not kept, a day with a score is an hour."""
    held = held_hours([one.id for one in courses])
    how = endings_of([one.id for one in courses])
    referred, started, finished, sessions, ending = [], list[date | None](), list[date | None](), [], []
    for one, days in zip(courses, scored, strict=True):
        hours = [hour.astimezone(zone).date() for hour in held[one.id]] or sorted(days)
        begun = min(hours, default=None)
        referred.append(min(filter(None, (one.opened, begun))))
        started.append(begun)
        finished.append(max(filter(None, (one.closed, begun))) if one.closed else None)
        sessions.append(len(hours))
        ending.append(how.get(one.id, Ending.OTHER) if one.closed else Ending.OPEN)
    return {
        "referred": _days(referred),
        "started": _days(started),
        "finished": _days(finished),
        "sessions": np.array(sessions, np.int64),
        "ending": np.array(ending, np.int64),
    }


def _days(days: Sequence[date | None]) -> NDArray[np.int64]:
    return np.array([NEVER if day is None else (day - date(1970, 1, 1)).days for day in days], np.int64)


def _shown(read: _Read, period: ReportPeriod, asked: ReportAsked, behind: Behind | None) -> ServiceReport:
    rules = {name: yardstick(instrument) for name, instrument in read.instruments.items()}
    grain = Grain.MONTH if (period.end - period.start).days <= QUARTER else Grain.QUARTER
    report = service_report(read.table, period, rules, question=asked.question, grain=grain, therapist_assessed=True)
    if asked.scope is ReportScope.OWN:
        return readable(report)
    return published(report) if behind is None else safe_trends(published(report), behind)


def _own_effect(viewer: Actor, at: datetime, asked: ReportAsked) -> OwnEffect:
    """The viewer's difference from the average of all therapists; who the others are stays unsaid."""
    closed = [one for one in _courses(viewer, at, ReportScope.PRACTICE) if one.closed and one.therapist]
    cases = Counter(one.therapist for one in closed)
    if too_few := reason_to_hide(np.array([*cases.values()], np.int64)):  # nothing is opened for nothing
        return OwnEffect(cases[viewer.id], None, None, too_few)
    table = _read(closed, asked.reading).table
    ends = ends_of(table)
    paired = ends.paired[0]
    names = np.array([str(one.therapist) for one in closed])[paired]
    try:
        return therapist_effects(names, ends.first[0, paired], ends.last[0, paired]).own(str(viewer.id))
    except ClinicalError as refused:
        return OwnEffect(cases[viewer.id], None, None, refused.code)
