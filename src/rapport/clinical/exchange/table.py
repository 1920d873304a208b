"""Bytes of a CSV file to rows of cells: UTF-8 only, a bounded number of rows, nothing guessed about the content.

Separator: the one of comma, semicolon and tab that the first row has most of. Line ends may be mixed. Blank rows count
as rows of the spreadsheet but hold nothing.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass

from rapport.clinical.exchange.problems import Problem, ProblemCode, Unreadable

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LONGEST_CELL = 1_000
SEPARATORS = (",", ";", "\t")
BOMS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
UNSEEN = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number a spreadsheet shows beside it, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns' names and the rows below them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str = ","

    def place(self, column: str) -> int | None:
        """Which cell of a row belongs to a column."""
        return self.columns.index(column) if column in self.columns else None


def read_table(raw: bytes, *, most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES) -> Table:
    """Read a file, or say in one sentence why it cannot be read.

    >>> read_table(b"id;week;score\\r\\n101;0;26\\n").rows[0].cells
    ('101', '0', '26')
    """
    text = decode(raw, most_bytes)
    separator = max(SEPARATORS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            tidy = tuple(unicodedata.normalize("NFC", cell).strip() for cell in cells)
            if header is None:
                header = _header(tidy)
            elif any(tidy):
                rows.append(_row(number, tidy, header))
            if len(rows) > most_rows:
                raise Unreadable(Problem(ProblemCode.TOO_MANY_ROWS, gaps=(("limit", f"{most_rows:,}"),)))
    except csv.Error:
        raise Unreadable(Problem(ProblemCode.BROKEN_QUOTES, number + 1)) from None
    if header is None or not rows:
        raise Unreadable(Problem(ProblemCode.EMPTY))
    return Table(header, tuple(rows), separator)


def decode(raw: bytes, most_bytes: int = MOST_BYTES) -> str:
    """The text of a file, without its byte-order mark."""
    if len(raw) > most_bytes:
        raise Unreadable(Problem(ProblemCode.TOO_BIG, gaps=(("limit", str(most_bytes // 1_000_000)),)))
    found = next((name for mark, name in BOMS if raw.startswith(mark)), None)
    if found is not None:
        raise Unreadable(Problem(ProblemCode.ENCODING, gaps=(("found", found),)))
    if b"\0" in raw:
        raise Unreadable(Problem(ProblemCode.NUL, raw[: raw.index(b"\0")].count(b"\n") + 1))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise Unreadable(
            Problem(ProblemCode.ENCODING, row, gaps=(("found", f"byte {raw[error.start]:#04x}"),))
        ) from None
    if not text.strip():
        raise Unreadable(Problem(ProblemCode.EMPTY))
    return text


def _header(cells: tuple[str, ...]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(Problem(ProblemCode.TOO_MANY_COLUMNS, 1, gaps=(("limit", str(MOST_COLUMNS)),)))
    for place, name in enumerate(cells):
        if not name:
            raise Unreadable(Problem(ProblemCode.UNNAMED_COLUMN, 1, gaps=(("place", str(place + 1)),)))
        if name in cells[:place]:
            raise Unreadable(Problem(ProblemCode.DUPLICATE_COLUMN, 1, name[:60]))
        if unseen(name):
            raise Unreadable(Problem(ProblemCode.UNSEEN_CHARACTER, 1, f"{place + 1}"))
    return cells


def _row(number: int, cells: tuple[str, ...], header: tuple[str, ...]) -> Row:
    if len(cells) != len(header):
        gaps = (("found", str(len(cells))), ("wanted", str(len(header))))
        raise Unreadable(Problem(ProblemCode.WRONG_WIDTH, number, gaps=gaps))
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            raise Unreadable(Problem(ProblemCode.TOO_LONG, number, header[place], (("limit", f"{LONGEST_CELL:,}"),)))
        if unseen(cell):
            raise Unreadable(Problem(ProblemCode.UNSEEN_CHARACTER, number, header[place]))
    return Row(number, cells)


def unseen(text: str) -> bool:
    """Whether a text holds controls, half characters or marks that turn the reading direction around."""
    return any(each in UNSEEN or unicodedata.category(each) in {"Cc", "Cs"} for each in text if each not in "\t\n\r")
