"""Spreadsheets as people have them, and as an attacker would make them."""

from __future__ import annotations

from datetime import date

import pytest

from rapport.clinical.exchange.courses import Columns, DateOrder, ReadCourses, Scale, read_courses
from rapport.clinical.exchange.problems import WORDS, ProblemCode, Unreadable
from rapport.clinical.exchange.table import MOST_BYTES, MOST_COLUMNS, read_table
from rapport.clinical.sessions.attendance import Attendance

TODAY = date(2026, 3, 2)
WEEKS = Columns("id", (("score", "phq9"),), week="week", start=date(2026, 1, 5))
DATES = Columns("id", (("score", "phq9"),), day="date")
SCALES = {"phq9": Scale(0, 27)}


def read(text: str, columns: Columns = WEEKS) -> ReadCourses:
    return read_courses(read_table(text.encode()), columns, SCALES, TODAY)


def codes(text: str, columns: Columns = WEEKS) -> list[ProblemCode]:
    return [problem.code for problem in read(text, columns).problems]


def test_semicolons_a_mark_at_the_start_mixed_line_ends_and_decimal_commas() -> None:
    raw = "\ufeffid;week;score\r\nA;0;16,5\nA;1;12\r\r\nB;0;3\r\n".encode()
    found = read_courses(read_table(raw), WEEKS, SCALES, TODAY)
    assert not found.problems
    assert [(each.client, [score.value for score in each.scores]) for each in found.courses] == [
        ("A", [16.5, 12.0]),
        ("B", [3.0]),
    ]


def test_a_blank_row_keeps_the_numbers_of_the_rows_below() -> None:
    assert read("id,week,score\nA,0,5\n,,\nA,1,99\n").problems[0].row == 4


@pytest.mark.parametrize("cell", ["", "NA", "n/a", ".", "-", "–"])
def test_what_is_missing_stays_missing(cell: str) -> None:
    found = read(f"id,week,score\nA,0,{cell}\nA,1,5\n")
    assert (found.problems, found.courses[0].missing, len(found.courses[0].scores)) == ((), 1, 1)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-02-03", DateOrder.ISO, date(2026, 2, 3)),
        ("2026-02-03 00:00:00", DateOrder.ISO, date(2026, 2, 3)),
        ("3.2.2026", DateOrder.ISO, date(2026, 2, 3)),
        ("03/02/2026", DateOrder.DAY_FIRST, date(2026, 2, 3)),
        ("02/03/2026", DateOrder.MONTH_FIRST, date(2026, 2, 3)),
    ],
)
def test_dates_as_people_write_them(text: str, order: DateOrder, day: date) -> None:
    columns = Columns("id", (("score", "phq9"),), day="date", order=order)
    assert read(f"id,date,score\nA,{text},5\n", columns).courses[0].scores[0].on == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("03/02/2026", ProblemCode.AMBIGUOUS_DATE),
        ("2023-02-29", ProblemCode.BAD_DATE),
        ("2026-13-01", ProblemCode.BAD_DATE),
        ("٢٠٢٦-٠٢-٠٣", ProblemCode.BAD_DATE),
        ("yesterday", ProblemCode.BAD_DATE),
        ("", ProblemCode.BAD_DATE),
        ("2026-03-03", ProblemCode.IN_FUTURE),
        ("0001-01-01", ProblemCode.TOO_OLD),
    ],
)
def test_dates_that_cannot_be(text: str, code: ProblemCode) -> None:
    assert codes(f"id,date,score\nA,{text},5\n", DATES) == [code]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("28", ProblemCode.OUT_OF_RANGE),
        ("-1", ProblemCode.OUT_OF_RANGE),
        ("1e3", ProblemCode.BAD_NUMBER),
        ("1_0", ProblemCode.BAD_NUMBER),
        ("٥", ProblemCode.BAD_NUMBER),
        ("inf", ProblemCode.BAD_NUMBER),
        ("nan", ProblemCode.BAD_NUMBER),
        ("+5", ProblemCode.FORMULA),
        ("=5", ProblemCode.FORMULA),
        ("@5", ProblemCode.FORMULA),
        ("-cmd|' /C calc'!A0", ProblemCode.FORMULA),
    ],
)
def test_scores_that_cannot_be(cell: str, code: ProblemCode) -> None:
    assert codes(f'id,week,score\nA,0,"{cell}"\n') == [code]


@pytest.mark.parametrize("week", ["", "-1", "1.5", "soon", "1041", "00000000012", "9" * 30])
def test_weeks_that_cannot_be(week: str) -> None:
    assert codes(f"id,week,score\nA,{week},5\n") == [ProblemCode.BAD_WEEK]


def test_formulas_hide_in_no_text() -> None:
    columns = Columns("id", (("score", "phq9"),), week="week", start=date(2026, 1, 5), name="name", attendance="came")
    text = 'id,name,week,score,came\nA,"=HYPERLINK(1)",0,5,yes\n+B,Ada,0,5,yes\nC,Bo,0,5,@yes\n'
    assert codes(text, columns) == [ProblemCode.FORMULA] * 3


def test_duplicates_and_two_names_point_to_the_other_row() -> None:
    columns = Columns("id", (("score", "phq9"),), week="week", start=date(2026, 1, 5), name="name")
    problems = read("id,name,week,score\nA,Ada,0,5\nA,Ada,0,5\nA,Eva,1,5\n", columns).problems
    assert [(each.code, each.row, dict(each.gaps)["other"]) for each in problems] == [
        (ProblemCode.DUPLICATE, 3, "2"),
        (ProblemCode.TWO_NAMES, 4, "2"),
    ]


def test_every_mistake_is_reported_at_once() -> None:
    assert codes("id,week,score\n,0,5\nA,x,5\nA,0,x\nA,1,99\n") == [
        ProblemCode.NO_CLIENT,
        ProblemCode.BAD_WEEK,
        ProblemCode.BAD_NUMBER,
        ProblemCode.OUT_OF_RANGE,
    ]


def test_attendance_in_the_words_of_people() -> None:
    columns = Columns("id", (), week="week", start=date(2026, 1, 5), attendance="came")
    text = "id,week,came\nA,0,Yes\nA,1,Did not attend\nA,2,cancelled by therapist\nA,3,\nA,4,perhaps\n"
    found = read(text, columns)
    assert [hour.attendance for hour in found.courses[0].hours] == [
        Attendance.ATTENDED,
        Attendance.DID_NOT_ATTEND,
        Attendance.CANCELLED_BY_THERAPIST,
    ]
    assert [problem.code for problem in found.problems] == [ProblemCode.UNKNOWN_ATTENDANCE]


def test_a_column_that_is_not_there_is_named() -> None:
    assert codes("id,week\nA,0\n") == [ProblemCode.NO_SUCH_COLUMN]


def test_a_file_without_anything_to_import() -> None:
    assert codes("id,week,score\nA,0,NA\n") == [ProblemCode.NOTHING_TO_IMPORT]


@pytest.mark.parametrize(
    ("raw", "code", "row"),
    [
        (b"", ProblemCode.EMPTY, None),
        (b"   \n", ProblemCode.EMPTY, None),
        (b"id,score\n", ProblemCode.EMPTY, None),
        (b"x" * (MOST_BYTES + 1), ProblemCode.TOO_BIG, None),
        (b"\xff\xfei\x00d\x00", ProblemCode.ENCODING, None),
        (b"id\nok\nJ\xfcrgen\n", ProblemCode.ENCODING, 3),
        (b"id\n\xed\xa0\x80\n", ProblemCode.ENCODING, 2),  # half a character, as CESU-8 writes it
        (b"id\nA\x00\n", ProblemCode.NUL, 2),
        ("id\nA\u202eB\n".encode(), ProblemCode.UNSEEN_CHARACTER, 2),
        (b"id\nA\x07\n", ProblemCode.UNSEEN_CHARACTER, 2),
        (b'id\n"A\n', ProblemCode.BROKEN_QUOTES, 2),
        (b"id,\nA,5\n", ProblemCode.UNNAMED_COLUMN, 1),
        (b"id,id\nA,5\n", ProblemCode.DUPLICATE_COLUMN, 1),
        (b"id,score\nA,5,6\n", ProblemCode.WRONG_WIDTH, 2),
        (b"id\n" + b"y" * 1_001 + b"\n", ProblemCode.TOO_LONG, 2),
        (b",".join(b"%d" % n for n in range(MOST_COLUMNS + 1)) + b"\n1\n", ProblemCode.TOO_MANY_COLUMNS, 1),
        (b"id\n" + b"A\n" * 5_001, ProblemCode.TOO_MANY_ROWS, None),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(raw: bytes, code: ProblemCode, row: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(raw)
    assert (refused.value.problem.code, refused.value.problem.row) == (code, row)


def test_five_thousand_rows_are_not_too_many() -> None:
    assert len(read_table(b"id\n" + b"A\n" * 5_000).rows) == 5_000


def test_every_kind_of_mistake_has_words_and_a_remedy() -> None:
    assert set(WORDS) == set(ProblemCode)
