"""Which scores an older version of the scoring made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Q, Subquery

from rapport.clinical.measures.scoring import METHOD
from rapport.practice.measures.models import Administration, Score
from rapport.practice.measures.rules.instruments import shelf


def outdated(most: int) -> Iterator[Administration]:
    """Forms that were handed in with their answers and whose newest total is of another version than today's."""
    newest = Score.objects.filter(administration=OuterRef("id"), scale="total").order_by("-number")
    rows = Administration.objects.filter(
        completed_at__isnull=False, answers__isnull=False, client__erased_at=None
    ).annotate(by=Subquery(newest.values("method")[:1]), of=Subquery(newest.values("version")[:1]))
    names = set(rows.values_list("instrument", "language").distinct())
    for (name, language), instrument in shelf(names).items():
        old = rows.filter(instrument=name, language=language).filter(~Q(by=METHOD) | ~Q(of=instrument.version))
        yield from old.order_by("id").distinct()[:most]
