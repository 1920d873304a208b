"""Scores that nobody has held against the expected course yet. What is stored is the queue: nothing can be lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from rapport.practice.clients.queries import births
from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.rules.record import age_at
from rapport.practice.outcomes.models import SignalRead
from rapport.practice.outcomes.rules import CourseKey, whole_series
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing

BATCH = 200  # scores in one transaction


@dataclass(frozen=True, slots=True)
class UnreadCourse:
    """One measure of one course: every form in the order of time, and which of its scores wait to be read."""

    episode_id: UUID
    client_id: UUID
    instrument: str
    language: str
    taken: tuple[datetime, ...]
    values: tuple[float | None, ...]
    ages: frozenset[int | None]
    waiting: tuple[tuple[UUID, int], ...]  # a score, and the place of its form


def unread_courses(*, viewer: Actor, at: datetime) -> tuple[UnreadCourse, ...]:
    """The courses of the next scores that were not read, the oldest first.

    One that was changed past the practice is not read until it opens again: what is read is kept for good.
    """
    require(viewer, "run", Thing("system_task"), at=at)
    read = SignalRead.objects.filter(score=OuterRef("id"))
    totals = Score.objects.filter(scale="total", administration__client__erased_at=None)
    new = totals.filter(~Exists(read)).select_related("administration").order_by("computed_at", "id")
    for start in itertools.count(0, BATCH):  # a batch of which nothing opens must not stand before the rest for ever
        waiting: dict[CourseKey, list[Score]] = {}
        for score in new[start : start + BATCH]:
            form = score.administration
            waiting.setdefault((form.episode_id, form.instrument, form.language), []).append(score)
        if not waiting:
            break
        if found := _readable(viewer, at, waiting):
            trail.reading(actor=viewer, kind="caseload_sift", at=at, client=None)
            return found
    return ()


def _readable(viewer: Actor, at: datetime, waiting: dict[CourseKey, list[Score]]) -> tuple[UnreadCourse, ...]:
    series = whole_series(_of_courses(waiting), only_readable=True)
    clients = {forms[0][0].client_id for forms in series.values()}
    born = births(viewer=viewer, at=at, client_ids=clients, only_readable=True)
    readable = [key for key, forms in series.items() if forms[0][0].client_id in born]
    return tuple(_unread(key, series[key], waiting[key], born) for key in readable)


def _of_courses(courses: Iterable[CourseKey]) -> QuerySet[Administration]:
    chosen = Q()
    for episode_id, instrument, language in courses:
        chosen |= Q(episode=episode_id, instrument=instrument, language=language)
    return Administration.objects.filter(chosen)


def _unread(
    key: CourseKey,
    forms: list[tuple[Administration, float | None]],
    scores: list[Score],
    born: dict[UUID, date | None],
) -> UnreadCourse:
    place = {form.id: number for number, (form, _value) in enumerate(forms)}
    return UnreadCourse(
        key[0],
        forms[0][0].client_id,
        key[1],
        key[2],
        tuple(form.taken_at for form, _value in forms),
        tuple(value for _form, value in forms),
        frozenset(age_at(form.taken_at, born[form.client_id]) for form, _value in forms),
        tuple((score.id, place[score.administration_id]) for score in scores),
    )
