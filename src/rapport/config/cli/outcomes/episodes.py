"""The file of episodes beside the file of scores, and both as the table of a service report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rapport.clinical.exchange.courses import CourseRows
from rapport.clinical.exchange.table import Row, Table
from rapport.clinical.outcomes.service.flow import TREATED_FROM
from rapport.clinical.outcomes.service.rates import EPOCH
from rapport.clinical.outcomes.service.table import (
    EARLIEST,
    LATEST,
    MOST_SESSIONS,
    NEVER,
    Ending,
    ServiceTable,
    service_table,
)
from rapport.config.cli.outcomes.reading import complain, require

COLUMNS = ("client", "referred", "started", "finished", "sessions", "ending")
LONGEST_COUNT = 9  # digits
ENDINGS = {one.name.lower(): one for one in Ending}


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode; None for a day that has not come."""

    referred: date
    started: date | None
    finished: date | None
    sessions: int
    ending: Ending


def read_episodes(table: Table) -> dict[str, EpisodeRow]:
    """Episodes by client; every mistake is named."""
    require(table, *COLUMNS)
    places = [table.columns.index(name) for name in COLUMNS]
    found: dict[str, EpisodeRow] = {}
    problems: list[str] = []
    for row in table.rows:
        cells = dict(zip(COLUMNS, (row.cells[place] for place in places), strict=True))
        episode = _episode(row, cells, problems)
        if cells["client"] in found:
            problems.append(f"row {row.number}, column client: This client stands here twice. Keep one episode each.")
        elif episode is not None:
            found[cells["client"]] = episode
    if problems:
        complain(*problems)
    return found


def _episode(row: Row, cells: Mapping[str, str], problems: list[str]) -> EpisodeRow | None:
    days: dict[str, date | None] = {}
    before = len(problems)
    for name in ("referred", "started", "finished"):
        try:
            days[name] = date.fromisoformat(cells[name]) if cells[name] else None
        except ValueError:
            problems.append(f"row {row.number}, column {name}: This is not a date. Write it as 2026-03-02.")
            continue
        day = days[name]
        if day is not None and not EARLIEST <= day.toordinal() - EPOCH <= LATEST:
            problems.append(f"row {row.number}, column {name}: This day lies outside 1870 to 2170. Check the year.")
    if not cells["referred"]:
        problems.append(f"row {row.number}, column referred: The day of referral is missing. Fill it in.")
    if not _is_count(cells["sessions"]):
        problems.append(
            f"row {row.number}, column sessions: Give how many were attended, 0 if none and at most {MOST_SESSIONS:,}."
        )
    ending = ENDINGS.get(cells["ending"].casefold() or "open")
    if ending is None:
        problems.append(f"row {row.number}, column ending: Write one of {', '.join(ENDINGS)}.")
    referred = days.get("referred")
    if len(problems) > before or referred is None or ending is None:
        return None
    return EpisodeRow(referred, days["started"], days["finished"], int(cells["sessions"]), ending)


def _is_count(cell: str) -> bool:
    """A whole number of sessions that somebody can have attended."""
    return cell.isdecimal() and len(cell) <= LONGEST_COUNT and int(cell) <= MOST_SESSIONS


def guessed(courses: Sequence[CourseRows]) -> dict[str, EpisodeRow]:
    """Without a file of episodes: one finished course each, from the first to the last score."""
    found = {}
    for course in courses:
        days = sorted({one.on for one in course.scores})
        if days:
            found[course.client] = EpisodeRow(days[0], days[0], days[-1], max(TREATED_FROM, len(days)), Ending.OTHER)
    return found


def table_of_service(
    courses: Sequence[CourseRows], episodes: Mapping[str, EpisodeRow], measures: tuple[str, ...]
) -> ServiceTable:
    """Columns of whole numbers for the report."""
    place = {client: number for number, client in enumerate(episodes)}
    strangers = [course for course in courses if course.scores and course.client not in place]
    if strangers:
        row = strangers[0].first_row
        complain(f"{len(strangers)} clients have scores but no episode, the first in row {row}. Add their episodes.")
    scores = sorted(
        (place[course.client], one.on.toordinal() - EPOCH, measures.index(one.measure), one.value)
        for course in courses
        for one in course.scores
    )
    rows = list(episodes.values())
    columns = list(zip(*scores, strict=True)) or [(), (), (), ()]
    return service_table(
        measures=measures,
        referred=_days([one.referred for one in rows]),
        started=_days([one.started for one in rows]),
        finished=_days([one.finished for one in rows]),
        sessions=np.array([one.sessions for one in rows], np.int32),
        ending=np.array([one.ending for one in rows], np.int8),
        score_episode=np.array(columns[0], np.int32),
        score_day=np.array(columns[1], np.int32),
        score_measure=np.array(columns[2], np.int32),
        score_value=np.array(columns[3], np.float32),
    )


def _days(found: Sequence[date | None]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([NEVER if one is None else one.toordinal() - EPOCH for one in found], np.int32)


def whole_period(episodes: Mapping[str, EpisodeRow]) -> tuple[date, date]:
    """From the first day of the file to the day after the last."""
    known = [one for row in episodes.values() for one in (row.referred, row.started, row.finished) if one is not None]
    return min(known), max(known) + timedelta(days=1)
