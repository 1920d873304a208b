"""A break that is coming, two people who wait for a time, and a time that has just become free."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from rapport.clinical.sessions.attendance import CancelledBy
from rapport.clinical.sessions.waiting import WishedTime
from rapport.demo.stage import Scene, Stage
from rapport.practice.episodes.choices import EpisodeState
from rapport.practice.episodes.queries import caseload
from rapport.practice.sessions.actions import block_time, cancel_session, wish_for_time
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.queries import hours_booked

WAITED = (timedelta(days=19), timedelta(days=6))
MORNINGS = tuple(WishedTime(day, time(9), time(13)) for day in range(5))
WISHES = ((MORNINGS, "Works late shifts."), ((), "Any day; needs a day's notice for the child."))
FAR_ENOUGH = timedelta(days=3)
WANTING = frozenset({EpisodeState.WAITING, EpisodeState.OFFERED, EpisodeState.ASSESSMENT, EpisodeState.ACTIVE})


def keep_free_and_wait(stage: Stage) -> Scene:
    """Two people come to wait for a time; two weeks away from the fourth Monday on; somebody cancels in good time."""
    therapist, waiting = stage.staff["mara"], set[UUID]()
    for (times, words), waited in zip(WISHES, WAITED, strict=True):
        at = stage.at - waited
        yield at
        courses = caseload(viewer=therapist, at=at)
        found = next((one for one in courses if one.state in WANTING and one.id not in waiting), None)
        if found is not None:
            waiting.add(found.id)
            wish_for_time(
                actor=therapist, at=at, episode_id=found.id, minutes=50, times=times, at_short_notice=not times,
                words=words,
            )  # fmt: skip
    yield stage.at
    _goes_away(stage)
    coming = hours_booked(
        viewer=therapist, at=stage.at, start=stage.at + FAR_ENOUGH, end=stage.at + FAR_ENOUGH + timedelta(days=7)
    )
    freed = next((hour for hour in coming if hour.episode_id not in waiting), None)
    if freed:
        cancel_session(
            actor=therapist, at=stage.at, session_id=freed.id, by=CancelledBy.CLIENT, reason="Away with work that day."
        )


def _goes_away(stage: Stage) -> None:
    monday = stage.today - timedelta(days=stage.today.weekday()) + timedelta(weeks=4)
    start, end = stage.moment(monday, time()), stage.moment(monday + timedelta(days=14), time())
    hours = hours_booked(viewer=stage.staff["mara"], at=stage.at, start=start, end=end)
    block_time(
        actor=stage.staff["mara"], at=stage.at, start=start, end=end, kind=BlockKind.HOLIDAY,
        words="Walking in the Dolomites.", fall_out=frozenset(hour.id for hour in hours),
    )  # fmt: skip
