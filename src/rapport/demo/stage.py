"""Where the invented year takes place: its end, its people, and the moments at which something happens."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.demo.texts import Words
from rapport.practice.episodes.choices import ReferralIds
from rapport.practice.security.policy.actor import Actor

# A scene yields the moment of its next act before it acts, so that many scenes can be played in the order of time.
Scene = Generator[datetime, None, None]

YEAR = timedelta(days=364)
LEAVE_WEEKS = {"mara": (13, 14), "tomasz": (19, 20), "leila": (9, 10)}


@dataclass(slots=True)
class Stage:
    """The practice as it comes into being. `at` is when the curtain falls: now."""

    at: datetime
    zone: ZoneInfo
    seed: int
    staff: dict[str, Actor] = field(default_factory=dict)
    rooms: dict[str, UUID] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    @property
    def begins(self) -> datetime:
        """The morning on which the practice was founded."""
        return self.moment(self.today - YEAR, time(9))

    def moment(self, day: date, wall: time) -> datetime:
        """A wall-clock time of the practice."""
        return datetime.combine(day, wall, self.zone)

    def closed_days(self) -> frozenset[date]:
        """Between Christmas and New Year nobody works here."""
        first, last = self.today - YEAR, self.today + YEAR
        winters = (date(year, 12, 25) for year in range(first.year - 1, last.year + 1))
        days = (winter + timedelta(days=n) for winter in winters for n in range(8))
        return frozenset(day for day in days if first <= day <= last)

    def is_closed(self, day: date, therapist: str) -> bool:
        """A holiday of the practice, or of this therapist."""
        weeks = LEAVE_WEEKS[therapist]
        monday = self.today - timedelta(days=self.today.weekday())
        on_leave = monday - timedelta(weeks=max(weeks)) <= day < monday - timedelta(weeks=min(weeks) - 1)
        return on_leave or day in self.closed_days()


def chance_of(seed: int, number: int) -> random.Random:
    """What is left to chance in one life; the same seed gives the same life."""
    return random.Random(f"{seed} {number}")  # noqa: S311  (a story, not a secret)


@dataclass(slots=True)
class Client:
    """An invented client: what is written about them, and what came to be."""

    words: Words
    number: int
    therapist: Actor
    chance: random.Random
    ids: ReferralIds | None = None
    account: Actor | None = None
    forms: dict[str, UUID] = field(default_factory=dict)
    goals: list[UUID] = field(default_factory=list)

    @property
    def known(self) -> ReferralIds:
        """The ids of client and course, once there was a referral."""
        if self.ids is None:
            raise LookupError("This client has not come yet.")
        return self.ids

    @property
    def client_id(self) -> UUID:
        return self.known.client_id

    @property
    def episode_id(self) -> UUID:
        return self.known.episode_id

    @property
    def speaker(self) -> Actor:
        """Who enters what the client says: the client in the portal, or the therapist for them."""
        return self.account or self.therapist

    @property
    def in_portal(self) -> bool:
        return bool(self.words.get("portal", True))
