"""The first gap between what is taken, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.sessions.free import first_gap

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("openings", "busy", "minutes", "found"),
    [
        ([(0, 50)], [], 50, 0),
        ([(0, 49)], [], 50, None),
        ([(0, 120)], [(50, 60)], 50, 0),
        ([(0, 120)], [(49, 60)], 50, 60),
        ([(0, 60), (100, 200)], [(10, 60), (60, 70)], 50, 100),
        ([(100, 200), (0, 60)], [(0, 30), (60, 90)], 50, 100),
        ([(0, 1)], [], 1, 0),
    ],
)
def test_an_hour_fits_where_its_whole_length_is_free(
    openings: list[tuple[int, int]], busy: list[tuple[int, int]], minutes: int, found: int | None
) -> None:
    gap = first_gap([(at(a), at(b)) for a, b in openings], [(at(a), at(b)) for a, b in busy], minutes, EIGHT)
    assert gap == (None if found is None else at(found))


def test_nothing_is_offered_before_now() -> None:
    assert first_gap([(at(0), at(120))], [], 50, at(30)) == at(30)
    for minutes, now, field in ((0, EIGHT, "minutes"), (50, EIGHT.replace(tzinfo=None), "not_before")):
        with pytest.raises(ClinicalError) as refused:
            first_gap([(at(0), at(120))], [], minutes, now)
        assert refused.value.field == field
