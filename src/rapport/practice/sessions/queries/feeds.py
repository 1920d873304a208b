"""A therapist's calendar feed and the calendars whose busy time was brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.sessions.choices import FeedTitles
from rapport.practice.sessions.models import BusyCalendar, CalendarFeed
from rapport.practice.sessions.models.blocks import CALENDAR_NAME_LABEL


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The standing feed: what it shows and how often it was read. Its address is not kept."""

    titles: FeedTitles
    made_at: datetime
    readings: int
    last_read_at: datetime | None


@dataclass(frozen=True, slots=True)
class BusyCalendarFacts:
    """A calendar from elsewhere: when it was read, and how much of it still comes."""

    id: UUID
    name: str
    keeps_titles: bool
    read_at: datetime
    coming: int


def own_feed(*, viewer: Actor, at: datetime) -> FeedFacts | None:
    """The viewer's feed, if there is one."""
    require(viewer, "edit", Thing("calendar_feed"), at=at)
    row = CalendarFeed.objects.filter(therapist_id=viewer.account, revoked_at=None).first()
    return FeedFacts(FeedTitles(row.titles), row.made_at, row.readings, row.last_read_at) if row else None


def busy_calendars(*, viewer: Actor, at: datetime) -> tuple[BusyCalendarFacts, ...]:
    """The viewer's calendars from elsewhere, oldest first."""
    require(viewer, "list", Thing("time_block"), at=at)
    coming = Count("blocks", filter=Q(blocks__voided_at=None, blocks__end__gt=at))
    rows = BusyCalendar.objects.filter(therapist_id=viewer.account, closed_at=None).annotate(coming=coming)
    drawer = keys.author(viewer.account)
    return tuple(
        BusyCalendarFacts(
            row.id,
            keys.unseal(drawer, CALENDAR_NAME_LABEL, row.id, row.name_sealed),
            row.keeps_titles,
            row.read_at,
            row.coming,
        )
        for row in rows.order_by("created_at", "id")
    )
