"""The frame of one course, for its therapist alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.sessions.attendance import CAME, Attendance
from rapport.clinical.sessions.frame import (
    ContactCounts,
    ContactPurpose,
    Drift,
    DriftSummary,
    FrameChange,
    FrameChangeKind,
    FrameContact,
    FrameHour,
    Initiator,
    WhoWasLate,
    changes_in,
    count_contacts,
    drift,
    extra_time,
    slot_stability,
    summarise_drift,
)
from rapport.clinical.sessions.states import SessionState
from rapport.practice.episodes.choices import ContractTerms, EpisodeFacts
from rapport.practice.episodes.queries import contracts, episode, terms
from rapport.practice.episodes.rules import therapist_of_record
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import ContactChannel, ContactDirection
from rapport.practice.sessions.models import ChargeWaiver, ContactEvent, SeriesSlot, TherapySession
from rapport.practice.sessions.models.contacts import CONTACT_LABEL


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One contact between hours, opened."""

    id: UUID
    at: datetime
    initiator: Initiator
    direction: ContactDirection
    channel: ContactChannel
    purpose: ContactPurpose
    minutes: int | None
    in_window: bool | None
    words: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class FrameOfCourse:
    """What of the frame moved. `drifts` are the hours that took place, the newest last."""

    episode: EpisodeFacts
    agreed: ContractTerms
    drifts: tuple[tuple[datetime, Drift], ...]
    summary: DriftSummary
    slot: NumberCard
    extra: NumberCard
    contacts: tuple[ContactFacts, ...]
    counts: ContactCounts
    changes: tuple[FrameChange, ...]


def frame(*, viewer: Actor, at: datetime, episode_id: UUID) -> FrameOfCourse:
    """The frame of a course; for anybody but its therapist of record there is no such page."""
    facts = episode(viewer=viewer, at=at, episode_id=episode_id)
    record = therapist_of_record(episode_id)
    require(viewer, "read", Thing("frame", id=episode_id, client=facts.client_id, author=record), at=at)
    trail.reading(actor=viewer, kind="frame", client=facts.client_id, object_id=episode_id, at=at, private_to=record)
    agreed = terms(viewer=viewer, at=at, episode_id=episode_id)
    hours = _hours(episode_id)
    drifts = tuple((hour.planned_start, drift(hour)) for hour in hours)
    contacts = _contacts(viewer, facts)
    counted = [FrameContact(one.at, one.initiator, one.purpose, one.in_window, one.minutes) for one in contacts]
    others = [*_agreements(viewer, at, episode_id), *_waived(episode_id)]
    return FrameOfCourse(
        episode=facts,
        agreed=agreed,
        drifts=drifts,
        summary=summarise_drift([one for _, one in drifts]),
        slot=slot_stability(hours),
        extra=extra_time(hours, counted, at),
        contacts=contacts,
        counts=count_contacts(counted, at),
        changes=changes_in(hours, agreed.length_minutes, others, at),
    )


def ran_over(*, viewer: Actor, at: datetime, episode_id: UUID, held: Sequence[TherapySession]) -> int | None:
    """How many of the last five of these hours (the newest last) ran over, if it was at least three.

    Like the frame itself it is there for the therapist of record alone.
    """
    summary = summarise_drift([drift(_as_held(row)) for row in held])
    if not summary.is_ticked or not has_frame(viewer=viewer, at=at, episode_id=episode_id):
        return None
    return summary.ran_over


def has_frame(*, viewer: Actor, at: datetime, episode_id: UUID) -> bool:
    """Whether the frame of this course is the viewer's to see; asked by pages that lead there."""
    require(viewer, "list", Thing("episode"), at=at)
    return viewer.id is not None and therapist_of_record(episode_id) == viewer.id


def _hours(episode_id: UUID) -> list[FrameHour]:
    """The hours that took place, in order, each with whether it was held in its fixed slot."""
    came = {"state": SessionState.ENDED, "attendance__in": CAME, "started_at__isnull": False, "ended_at__isnull": False}
    rows = TherapySession.objects.filter(episode=episode_id, **came).order_by("planned_start")
    slots: dict[UUID, set[tuple[int, object]]] = {}
    for slot in SeriesSlot.objects.filter(series__episode=episode_id):
        slots.setdefault(slot.series_id, set()).add((slot.weekday, slot.wall_time))
    zone = practice_zone()
    return [_hour(row, slots, zone) for row in rows]


def _hour(row: TherapySession, slots: dict[UUID, set[tuple[int, object]]], zone: ZoneInfo) -> FrameHour:
    local = row.planned_start.astimezone(zone)
    fixed = slots.get(row.series_id) if row.series_id else None
    any_slot = {slot for each in slots.values() for slot in each}
    return _as_held(row, (local.weekday(), local.time()) in (fixed or any_slot) if any_slot else None)


def _as_held(row: TherapySession, in_slot: bool | None = None) -> FrameHour:
    return FrameHour(
        planned_start=row.planned_start,
        started_at=row.started_at or row.planned_start,
        ended_at=row.ended_at or row.planned_end,
        agreed_minutes=max(1, round((row.planned_end - row.planned_start).total_seconds() / 60)),
        late=WhoWasLate.CLIENT if row.attendance == Attendance.LATE else WhoWasLate.UNKNOWN,
        place=f"{row.place} {row.room_id or ''}",
        in_slot=in_slot,
    )


def _contacts(viewer: Actor, facts: EpisodeFacts) -> tuple[ContactFacts, ...]:
    drawer = keys.client(facts.client_id)
    rows = ContactEvent.objects.filter(episode=facts.id, voided_at=None).order_by("-happened_at")
    return tuple(
        ContactFacts(
            id=row.id,
            at=row.happened_at,
            initiator=Initiator(row.initiator),
            direction=ContactDirection(row.direction),
            channel=ContactChannel(row.channel),
            purpose=ContactPurpose(row.purpose),
            minutes=row.minutes,
            in_window=row.in_window,
            words=keys.unseal(drawer, CONTACT_LABEL, row.id, row.words_sealed) if row.words_sealed else "",
            is_own=row.recorded_by == viewer.id,
        )
        for row in rows
    )


def _waived(episode_id: UUID) -> list[FrameChange]:
    """The charges that are not asked for, by the last word on each."""
    rows = ChargeWaiver.objects.filter(session__episode=episode_id).order_by("number")
    last = {row.session_id: row for row in rows}
    return [FrameChange(FrameChangeKind.WAIVER, row.decided_at) for row in last.values() if row.waived]


def _agreements(viewer: Actor, at: datetime, episode_id: UUID) -> list[FrameChange]:
    """Every agreement that followed the first one."""
    offered = contracts(viewer=viewer, at=at, episode_id=episode_id)
    later = [version for version in offered if version.number > 1 and version.accepted_at]
    return [FrameChange(FrameChangeKind.AGREEMENT, version.accepted_at) for version in later if version.accepted_at]
