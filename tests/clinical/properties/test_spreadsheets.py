"""Whatever bytes come: courses within the scale, or mistakes with a place; never anything else."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rapport.clinical.exchange.courses import Columns, Scale, read_courses
from rapport.clinical.exchange.problems import Unreadable
from rapport.clinical.exchange.table import read_table

START, TODAY = date(2026, 1, 5), date(2026, 3, 2)
COLUMNS = Columns("id", (("score", "phq9"),), week="week", start=START)
SCALES = {"phq9": Scale(0, 27)}
cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ["0", "1", "5", "27", "28", "-1", "=1", "NA", "", "x", "+3", "12,5", '"', "9" * 30]
)


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        table = read_table(raw)
    except Unreadable as refused:
        assert str(refused.problem)
    else:
        assert all(len(row.cells) == len(table.columns) for row in table.rows)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=12))
def test_any_cells_become_scores_within_the_scale_or_mistakes_with_a_place(rows: list[list[str]]) -> None:
    try:
        table = read_table(as_csv([["id", "week", "score"], *rows]))
    except Unreadable:
        return
    read = read_courses(table, COLUMNS, SCALES, TODAY)
    for course in read.courses:
        assert course.client
        assert course.client[0] not in "=+-@"
        assert all(0 <= score.value <= 27 and START <= score.on <= TODAY for score in course.scores)
    assert all(problem.row is None or problem.row > 1 for problem in read.problems)
    assert read.problems or any(course.scores for course in read.courses)


@given(
    st.dictionaries(
        st.text("ABCdef1", min_size=1, max_size=4),
        st.dictionaries(st.integers(0, 8), st.integers(0, 27), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_what_was_written_is_what_is_read(wanted: dict[str, dict[int, int]]) -> None:
    rows = [[client, str(week), str(score)] for client, weeks in wanted.items() for week, score in weeks.items()]
    read = read_courses(read_table(as_csv([["id", "week", "score"], *rows])), COLUMNS, SCALES, TODAY)
    found = {
        course.client: {(score.on - START) // timedelta(weeks=1): score.value for score in course.scores}
        for course in read.courses
    }
    assert (read.problems, found) == ((), wanted)
