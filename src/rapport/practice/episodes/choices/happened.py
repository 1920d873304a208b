"""What a duty says happened in a course: when and what, as codes. The words are the page's, and nothing is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class EpisodeEvent(StrEnum):
    """What happens to a course itself."""

    REFERRED = "referred"
    REFERRAL_DECIDED = "referral_decided"
    NEED_DECIDED = "need_decided"
    OFFERED = "offered"
    AGREED = "agreed"
    STATE = "state"
    CARE_BEGAN = "care_began"
    CARE_ENDED = "care_ended"
    GOAL_ADDED = "goal_added"
    GOAL_RATED = "goal_rated"


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened in a course. Each duty names its own events; a process note is never one.

    `code` says more of it (a state, who said it), `id` what it belongs to, `until` when it ended if it lasted.
    """

    at: datetime
    event: StrEnum
    code: str = ""
    id: UUID | None = None
    number: int | None = None
    title: str = ""
    value: float | None = None
    until: datetime | None = None
    only_a_day: bool = False
