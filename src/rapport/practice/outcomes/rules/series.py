"""Scores of many courses opened at once, for the worker. Whoever calls has asked whether they may."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.rules.record import SCORE_LABEL
from rapport.practice.security.keys import api as keys

CourseKey = tuple[UUID, str, str]  # episode, instrument, language


def whole_series(
    forms: QuerySet[Administration], *, or_none: bool = False
) -> dict[CourseKey, list[tuple[Administration, float | None]]]:
    """The score that counts of each of these forms, by course and measure, in the order of time.

    One that was changed past the practice is SealBroken, or with `or_none` no score: everybody else's is read.
    """
    done = forms.filter(completed_at__isnull=False, client__erased_at=None).order_by("taken_at", "opened_at", "id")
    latest: dict[UUID, Score] = {}
    for score in Score.objects.filter(administration__in=done.order_by(), scale="total").order_by("number"):
        latest[score.administration_id] = score
    found: dict[CourseKey, list[tuple[Administration, float | None]]] = {}
    for form in done:
        score_of = latest.get(form.id)
        value = None if score_of is None else _opened(form.client_id, score_of, or_none)
        found.setdefault((form.episode_id, form.instrument, form.language), []).append((form, value))
    return found


def _opened(client_id: UUID, score: Score, or_none: bool) -> float | None:
    drawer = keys.client(client_id)
    open_score = partial(keys.unseal_data_or, {"value": None}) if or_none else keys.unseal_data
    kept = open_score(drawer, SCORE_LABEL, score.id, score.value_sealed)
    value: float | None = kept["value"]
    return value
