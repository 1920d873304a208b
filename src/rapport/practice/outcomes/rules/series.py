"""Scores of many courses opened at once, for the worker. Whoever calls has asked whether they may."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.rules.record import SCORE_LABEL
from rapport.practice.security.keys import api as keys

CourseKey = tuple[UUID, str, str]  # episode, instrument, language


def whole_series(
    forms: QuerySet[Administration], *, only_readable: bool = False
) -> dict[CourseKey, list[tuple[Administration, float | None]]]:
    """The score that counts of each of these forms, by course and measure, in the order of time.

    One that was changed past the practice is SealBroken, or with `only_readable` its course is left out: every reading
    of it would be of another course than the client's.
    """
    done = forms.filter(completed_at__isnull=False, client__erased_at=None).order_by("taken_at", "opened_at", "id")
    latest: dict[UUID, Score] = {}
    for total in Score.objects.filter(administration__in=done.order_by(), scale="total").order_by("number"):
        latest[total.administration_id] = total
    found: dict[CourseKey, list[tuple[Administration, float | None]]] = {}
    unopened: set[CourseKey] = set()
    for form in done:
        key, score = (form.episode_id, form.instrument, form.language), latest.get(form.id)
        kept: dict[str, float | None] | None = {"value": None}
        if score is not None:
            sealed = keys.client(form.client_id), SCORE_LABEL, score.id, score.value_sealed
            kept = keys.unseal_data_or(None, *sealed) if only_readable else keys.unseal_data(*sealed)
        if kept is None:
            unopened.add(key)
        else:
            found.setdefault(key, []).append((form, kept["value"]))
    return {key: forms for key, forms in found.items() if key not in unopened}
