"""What a client prepared: for themselves, for their therapist, and for the prep card."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, CharField, Value

from rapport.clinical.sessions.states import SessionState
from rapport.clinical.speaking.preparing import OPENS, may_prepare
from rapport.clinical.speaking.trust import TrustStep, is_time_for_trust
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.episodes.rules import NO_ACCOUNT, find_episode
from rapport.practice.foundation.once import once
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.models import TherapySession
from rapport.practice.sessions.rules import TAKES_TIME, appointments_within
from rapport.practice.speaking.choices import BeforeTheHour, Comfort, PageState, Prepared, PreparedFacts
from rapport.practice.speaking.models import (
    COMFORT_LABEL,
    PREPARED_LABEL,
    RUNG_LABEL,
    ComfortVersion,
    OwnPage,
    Preparation,
    RungChoice,
    TrustMoment,
)
from rapport.practice.speaking.rules import rung_of

TODAY = timedelta(hours=24)  # a rung chosen longer ago was for another hour
FIRST_WEEKS = timedelta(days=90)


def hour_to_prepare(*, viewer: Actor, at: datetime) -> PreparedFacts | None:
    """A client's next hour, if it can be prepared now."""
    require(viewer, "read", Thing("preparation", client=viewer.client_id), at=at)
    row = (
        TherapySession.objects.select_related("episode")
        .filter(episode__client=viewer.client_id or NO_ACCOUNT, state=SessionState.PLANNED)
        .filter(planned_start__gt=at, planned_start__lte=at + OPENS)
        .order_by("planned_start")
        .first()
    )
    return _facts(row, at) if row else None


def own_preparation(*, viewer: Actor, at: datetime, session_id: UUID) -> PreparedFacts:
    """What a client prepared for one of their hours, and whether it can still be changed."""
    row = appointments_within(viewer, at).filter(id=session_id, episode__client=viewer.client_id or NO_ACCOUNT).first()
    if row is None:
        require(viewer, "read", Thing("preparation", id=session_id, client=viewer.client_id), at=at)
        raise not_found(viewer, "read", Thing("preparation", id=session_id), at=at)
    require(viewer, "read", Thing("preparation", id=session_id, client=row.episode.client_id), at=at)
    trail.reading(actor=viewer, kind="preparation", at=at, client=row.episode.client_id, object_id=row.id)
    return _facts(row, at)


def prepared_before(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[PreparedFacts, ...]:
    """What the client prepared over time, newest first."""
    episode = find_episode(viewer, at, episode_id, "preparation", "read")
    trail.reading(actor=viewer, kind="preparation", at=at, client=episode.client_id)
    rows = Preparation.objects.select_related("session").filter(session__episode=episode)
    return tuple(
        PreparedFacts(row.session_id, row.session.planned_start, said, row.saved_at, is_open=False)
        for row in rows.order_by("-session__planned_start")
        if not (said := _said(row)).is_empty
    )


@once
def before_the_hour(*, viewer: Actor, at: datetime, course: EpisodeFacts) -> BeforeTheHour:
    """What speaking brings to the prep card, in two statements. The caller found the course to be the viewer's."""
    client_id, drawer = course.client_id, keys.client(course.client_id)
    require(viewer, "read", Thing("preparation", client=client_id), at=at)
    trail.reading(actor=viewer, kind="preparation", at=at, client=client_id)
    found: dict[str, list[Any]] = {}
    for kind, row_id, sealed, when in _everything(course, at):
        found.setdefault(kind, []).append((when, row_id, sealed))
    prepared, comfort, rung = Prepared(), Comfort(), None
    if "prepared" in found:
        _, row_id, sealed = min(found["prepared"])
        prepared = Prepared(**keys.unseal_data(drawer, PREPARED_LABEL, row_id, sealed))
    if "comfort" in found:
        _, row_id, sealed = found["comfort"][0]
        comfort = Comfort(**keys.unseal_data(drawer, COMFORT_LABEL, row_id, sealed))
    if "rung" in found:
        when, row_id, sealed = max(found["rung"])
        rung = rung_of(keys.unseal_data(drawer, RUNG_LABEL, row_id, sealed), "", when)
    is_time = is_time_for_trust(len(found.get("begun", []))) and not _is_old(course, at)
    open_steps = tuple(step for step in TrustStep if step not in found) if is_time else ()
    return BeforeTheHour(prepared, comfort, rung, len(found.get("page", [])), open_steps)


def _everything(course: EpisodeFacts, at: datetime) -> Any:
    """Rows of several kinds in one statement: what is sealed, and since when. A trust step is its own kind."""

    def of(kind: str) -> Any:
        return Value(kind, output_field=CharField())

    nothing = Value(b"", output_field=BinaryField())
    coming = (SessionState.PLANNED, SessionState.RUNNING)
    prepared = Preparation.objects.filter(
        session__episode=course.id, session__state__in=coming, session__planned_end__gt=at
    ).values_list(of("prepared"), "id", "said_sealed", "session__planned_start")
    comfort = ComfortVersion.objects.filter(client=course.client_id, replaced_at=None)
    rung = RungChoice.objects.filter(client=course.client_id, said_at__gt=at - TODAY)
    pages = OwnPage.objects.filter(client=course.client_id, state=PageState.HANDED_OVER)
    parts = [
        comfort.values_list(of("comfort"), "id", "content_sealed", "set_at"),
        rung.values_list(of("rung"), "id", "choice_sealed", "said_at"),
        pages.values_list(of("page"), "id", nothing, "handed_at"),
    ]
    if not _is_old(course, at):
        steps = TrustMoment.objects.filter(episode=course.id, undone_at=None)
        begun = TherapySession.objects.filter(episode=course.id, ended_at__isnull=False)
        parts.append(steps.values_list("step", "id", nothing, "done_at"))
        parts.append(begun.values_list(of("begun"), "id", nothing, "ended_at"))
    return prepared.union(*parts, all=True)


def _is_old(course: EpisodeFacts, at: datetime) -> bool:
    """Whether the first sessions are so long ago that nobody need look."""
    return course.began is not None and course.began < at - FIRST_WEEKS


def _facts(session: TherapySession, at: datetime) -> PreparedFacts:
    row = Preparation.objects.filter(session=session).first()
    is_open = session.state in TAKES_TIME and may_prepare(start=session.planned_start, began=session.started_at, at=at)
    said, saved_at = (_said(row), row.saved_at) if row else (Prepared(), None)
    return PreparedFacts(session.id, session.planned_start, said, saved_at, is_open)


def _said(row: Preparation) -> Prepared:
    return Prepared(**keys.unseal_data(keys.client(row.client_id), PREPARED_LABEL, row.id, row.said_sealed))
