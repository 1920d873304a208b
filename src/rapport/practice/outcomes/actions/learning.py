"""Learning the practice's own expected courses, at night. What was learned before stays beside it, by its number."""

from __future__ import annotations

from datetime import datetime

from rapport.clinical.outcomes.following.practice_line import practice_line
from rapport.clinical.outcomes.learned_course import OwnLine
from rapport.practice.outcomes.models import LearnedLine
from rapport.practice.outcomes.queries.learning import courses_of, measures_to_learn
from rapport.practice.outcomes.rules import LEAST_NEWS, as_parameters, assumed_line
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Thing


@action
def learn_lines(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Learn a line of every measure that enough clients answered; return those that are new.

    A new one is kept only when it rests on at least five clients more or fewer than the last, so that two lines beside
    each other tell nothing about one person.
    """
    require(actor, "run", Thing("system_task"), at=at)
    learned = []
    for instrument in measures_to_learn(viewer=actor, at=at):
        last = LearnedLine.objects.filter(instrument=instrument).order_by("-number").first()
        courses = courses_of(viewer=actor, at=at, instrument_id=instrument)
        line = practice_line(courses, assumed_line(instrument))
        if line is not None and (last is None or abs(line.n_clients - last.n_clients) >= LEAST_NEWS):
            learned.append(_keep(actor, at, instrument, 1 if last is None else last.number + 1, line))
    return tuple(learned)


def _keep(actor: Actor, at: datetime, instrument: str, number: int, line: OwnLine) -> str:
    row = LearnedLine.objects.create(
        instrument=instrument,
        number=number,
        rung=line.rung,
        n_clients=line.n_clients,
        parameters=as_parameters(line),
        learned_at=at,
    )
    trail.record(
        actor=actor, action="learn", object_type="expected_course", object_id=row.id, at=at, reason=str(row)
    )  # fmt: skip
    return instrument
