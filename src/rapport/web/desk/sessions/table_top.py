"""What lies on the table of the room, ready to be shown."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from rapport.clinical.episodes.modality import Modality, client_begins
from rapport.clinical.kernel.errors import OutOfRange
from rapport.clinical.sessions.clock import read_clock
from rapport.clinical.sessions.room.interventions import Intervention, everything, interventions_for
from rapport.clinical.sessions.room.marks import MarkKind
from rapport.clinical.sessions.room.plans import plan_of
from rapport.clinical.sessions.room.threads import ThreadStatus
from rapport.practice.episodes.queries import episode
from rapport.practice.sessions import queries
from rapport.practice.sessions.queries import InterventionFacts, MarkFacts, SessionFacts
from rapport.practice.sessions.rules import LINE
from rapport.practice.speaking.queries import before_the_hour
from rapport.web.desk.sessions.room_words import FAMILIES, MARKS, MODES, PHASES, WEIGHTS
from rapport.web.desk.speaking.prep import at_ease_lines
from rapport.web.doors.page import PageRequest


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail."""

    id: UUID
    at: datetime
    minute: int
    icon: str
    label: Promise | str
    note: Promise | str
    words: str
    is_mark: bool
    can_go: bool
    is_rupture: bool = False


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of the plan; `is_now` marks where the hour stands."""

    words: Promise
    begins: int
    ends: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One intervention with its three modes; the usual one is told apart."""

    code: str
    name: str
    usual: str
    modes: tuple[tuple[str, str, Promise], ...]


def lay_out(request: PageRequest, hour: SessionFacts) -> dict[str, Any]:
    """Marks, agenda, threads and lists of one hour, as the page needs them."""
    board = queries.board(viewer=request.actor, at=request.at, session_id=hour.id)
    course = episode(viewer=request.actor, at=request.at, episode_id=hour.episode_id)
    is_open = client_begins(course.modality)
    return {
        "course": course,
        "board": board,
        "trail": trail_of(board.marks, board.interventions),
        "open_threads": [each for each in board.threads if each.status is ThreadStatus.OPEN],
        "resting": [each for each in board.threads if each.status is not ThreadStatus.OPEN],
        "has_agenda": not is_open,
        "at_ease": at_ease_lines(request, course),
        "offered": [] if is_open else _offered(request, course, [item.words for item in board.agenda]),
        "families": families(course.modality),
        "modes": list(MODES.values()),
        "methods": [(each.code, each.name) for each in interventions_for(course.modality)],
        "plan": plan_shown(hour, request.at, is_open=is_open),
        "marks": list(MARKS.values()),
        "weights": list(WEIGHTS.items()),
        "key": uuid.uuid4(),
        **clock_of(hour, request.at),
    }


def clock_of(hour: SessionFacts, at: datetime) -> dict[str, Any]:
    """Whole minutes gone and left, and how near the end is."""
    if hour.started_at is None:
        return {"elapsed": 0, "left": hour.minutes, "signal": "quiet"}
    clock = read_clock(hour.started_at, max(1, hour.minutes), at, hour.ended_at)
    elapsed = int(clock.elapsed)
    return {"elapsed": elapsed, "left": max(0, hour.minutes - elapsed), "signal": str(clock.signal)}


def plan_shown(hour: SessionFacts, at: datetime, *, is_open: bool) -> list[PartShown]:
    """The plan of this length; very short or very long hours have none."""
    try:
        parts = plan_of(hour.minutes, is_open=is_open)
    except OutOfRange:
        return []
    gone = clock_of(hour, at)["elapsed"]
    return [PartShown(PHASES[part.phase], part.begins, part.ends, part.begins <= gone < part.ends) for part in parts]


def trail_of(marks: tuple[MarkFacts, ...], interventions: tuple[InterventionFacts, ...]) -> list[Entry]:
    """What was noted, newest first."""
    known = everything()
    entries = [
        Entry(each.id, each.at, each.minute, MARKS[each.kind].icon, MARKS[each.kind].label, "", each.words, True,
              each.can_go, each.kind == MarkKind.RUPTURE)
        for each in marks
    ]  # fmt: skip
    entries += [
        Entry(each.id, each.at, each.minute, MODES[each.mode][0], known[each.code].name if each.code in known else "",
              MODES[each.mode][1], "", False, each.can_go)
        for each in interventions
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def families(modality: Modality | None) -> list[tuple[str, Promise, list[Choice]]]:
    """The list of the method by family."""
    rows = groupby(interventions_for(modality), key=lambda each: each.family)
    return [(str(family), FAMILIES[family], [_choice(each) for each in group]) for family, group in rows]


def _choice(each: Intervention) -> Choice:
    return Choice(each.code, each.name, str(each.mode), tuple((str(mode), *words) for mode, words in MODES.items()))


def _offered(request: PageRequest, course: Any, there: list[str]) -> list[str]:
    """What the client wishes to be asked and to come to today, and is not on the agenda yet. Nothing else."""
    brought = before_the_hour(viewer=request.actor, at=request.at, course=course).prepared
    said = [" ".join(words.split())[:LINE] for words in (brought.ask, brought.useful) if words]
    return [words for words in said if words not in there]
