"""The courses a practice's own line is learned from: of each client one, and no measure with fewer than 30 clients."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from rapport.clinical.outcomes.following.practice_line import LEAST_SCORES
from rapport.clinical.outcomes.following.session_clock import session_numbers
from rapport.clinical.outcomes.growth_prior import ClientScores
from rapport.practice.measures.models import Administration
from rapport.practice.outcomes.rules import LEAST_CLIENTS, held_hours, whole_series
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Thing


def measures_to_learn(*, viewer: Actor, at: datetime) -> dict[str, int]:
    """The measures that enough clients answered often enough, with how many did. No answer is opened for it."""
    require(viewer, "run", Thing("system_task"), at=at)
    done = Administration.objects.filter(completed_at__isnull=False, client__erased_at=None)
    often = done.values("instrument", "client").annotate(n=Count("id")).filter(n__gte=LEAST_SCORES)
    counted: dict[str, int] = {}
    for instrument in often.values_list("instrument", flat=True):
        counted[instrument] = counted.get(instrument, 0) + 1
    return {instrument: n for instrument, n in counted.items() if n >= LEAST_CLIENTS}


def courses_of(*, viewer: Actor, at: datetime, instrument_id: str) -> list[ClientScores]:
    """The first course of every client with three scores of this measure, by session, nobody's name beside it."""
    require(viewer, "run", Thing("system_task"), at=at)
    trail.reading(actor=viewer, kind="caseload_spread", at=at, client=None)
    series = whole_series(Administration.objects.filter(instrument=instrument_id), only_readable=True)
    held = held_hours({episode_id for episode_id, _instrument, _language in series})
    found: dict[object, ClientScores] = {}
    for (episode_id, _instrument, _language), forms in series.items():
        known = [(form, value) for form, value in forms if value is not None]
        if len(known) >= LEAST_SCORES:
            numbers = session_numbers([form.taken_at for form, _value in known], held[episode_id])
            found.setdefault(known[0][0].client_id, ClientScores(numbers, tuple(value for _form, value in known)))
    return list(found.values())
