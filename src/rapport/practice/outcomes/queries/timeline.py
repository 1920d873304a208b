"""What happened in a course, newest first: dates and codes, never the text of a note, and no process note at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.episodes.models import (
    Acceptance,
    ContractVersion,
    Episode,
    NeedDecisionVersion,
    Referral,
    ReferralDecision,
)
from rapport.practice.measures.queries import MeasureSeries
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes.choices import Moment, MomentKind
from rapport.practice.outcomes.models import BroughtHour
from rapport.practice.safety.choices import StepKind
from rapport.practice.safety.models import AlertStep
from rapport.practice.security.policy.actor import Actor
from rapport.practice.sessions.models import ProgressNote
from rapport.practice.sessions.queries import sessions_of

NOON = time(12)


def moments(*, viewer: Actor, at: datetime, episode: Episode, series: Sequence[MeasureSeries]) -> tuple[Moment, ...]:
    """Everything dated in the record of an episode that the caller found to be the viewer's to read."""
    zone = practice_zone()
    found = [
        *_beginning(episode, zone),
        *_agreement(episode),
        *_states(episode),
        *_hours(viewer, at, episode, zone),
        *_alerts(episode),
        *_scores(series),
        *_signed_notes(episode),
    ]
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


def _beginning(episode: Episode, zone: ZoneInfo) -> Iterator[Moment]:
    for received in Referral.objects.filter(episode=episode).values_list("received_on", flat=True):
        noon = datetime.combine(received, NOON, zone)
        yield Moment(noon, MomentKind.REFERRED, only_a_day=True)
    decided = ReferralDecision.objects.filter(referral__episode=episode).values_list("at", "outcome")
    yield from (Moment(when, MomentKind.REFERRAL_DECIDED, code) for when, code in decided)
    needs = NeedDecisionVersion.objects.filter(episode=episode).values_list("at", flat=True)
    yield from (Moment(when, MomentKind.NEED_DECIDED) for when in needs)


def _agreement(episode: Episode) -> Iterator[Moment]:
    offered = ContractVersion.objects.filter(episode=episode).values_list("offered_at", flat=True)
    yield from (Moment(when, MomentKind.OFFERED) for when in offered)
    agreed = Acceptance.objects.filter(contract__episode=episode).values_list("at", "how")
    yield from (Moment(when, MomentKind.AGREED, how) for when, how in agreed)


def _states(episode: Episode) -> Iterator[Moment]:
    shown = ("active", "paused", "ending", "follow_up", "closed")
    rows = episode.states.filter(state__in=shown).values_list("at", "state")
    yield from (Moment(when, MomentKind.STATE, state) for when, state in rows)


def _hours(viewer: Actor, at: datetime, episode: Episode, zone: ZoneInfo) -> Iterator[Moment]:
    for hour in sessions_of(viewer=viewer, at=at, episode_id=episode.id):
        if hour.attendance is not None:
            yield Moment(hour.started_at or hour.planned_start, MomentKind.SESSION, str(hour.attendance), hour.number)
    for day, code in BroughtHour.objects.filter(episode=episode).values_list("day", "attendance"):
        yield Moment(datetime.combine(day, NOON, zone), MomentKind.BROUGHT_HOUR, code, only_a_day=True)


def _alerts(episode: Episode) -> Iterator[Moment]:
    steps = AlertStep.objects.filter(alert__episode=episode, kind=StepKind.ACKNOWLEDGED)
    yield from (
        Moment(when, MomentKind.ALERT_ACKNOWLEDGED, rule) for when, rule in steps.values_list("at", "alert__rule")
    )


def _scores(series: Sequence[MeasureSeries]) -> Iterator[Moment]:
    for each in series:
        for point in each.known:
            yield Moment(point.at, MomentKind.SCORE, title=each.instrument.short_title, value=point.value)


def _signed_notes(episode: Episode) -> Iterator[Moment]:
    signed = ProgressNote.objects.filter(episode=episode, state=NoteState.SIGNED).values_list("signed_at", flat=True)
    yield from (Moment(when, MomentKind.NOTE_SIGNED) for when in signed if when is not None)
