"""The problems in the client's own words, and how much they took from their life, time after time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.choices import Problem
from rapport.practice.episodes.queries.assessments import PROBLEMS, Opened
from rapport.practice.episodes.rules import find_episode
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class ProblemSeries:
    """One problem as it stands, and its impact (0 to 10) whenever the list was kept, oldest first."""

    problem: Problem
    points: tuple[tuple[datetime, int], ...]


def problem_series(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[ProblemSeries, ...]:
    """Every problem of a course, the heaviest first. The same words are the same problem."""
    row = find_episode(viewer, at, episode_id, "assessment", "read")
    standing = Opened(row).problems()
    if not standing:
        return ()
    trail.reading(actor=viewer, kind="assessment", at=at, client=row.client_id, object_id=row.id)
    drawer = keys.client(row.client_id)
    rated: dict[str, list[tuple[datetime, int]]] = {}
    for kept in row.problem_lists.order_by("number"):
        for one in keys.unseal_data(drawer, PROBLEMS, kept.id, kept.problems_sealed):
            rated.setdefault(one["words"], []).append((kept.at, one["impact"]))
    return tuple(ProblemSeries(problem, tuple(rated[problem.words])) for problem in standing)
