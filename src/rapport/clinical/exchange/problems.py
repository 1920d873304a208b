"""What can be wrong with a spreadsheet: each kind by name, with its row, its column and what to do.

``message`` and ``remedy`` are English message ids with named gaps; a page translates them, a console prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemCode(StrEnum):
    """The kinds of mistake."""

    TOO_BIG = "too_big"
    ENCODING = "encoding"
    NUL = "nul"
    UNSEEN_CHARACTER = "unseen_character"
    EMPTY = "empty"
    BROKEN_QUOTES = "broken_quotes"
    UNNAMED_COLUMN = "unnamed_column"
    DUPLICATE_COLUMN = "duplicate_column"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    WRONG_WIDTH = "wrong_width"
    NO_SUCH_COLUMN = "no_such_column"
    NO_CLIENT = "no_client"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    TWO_NAMES = "two_names"
    BAD_NAME = "bad_name"
    BAD_DATE = "bad_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    BAD_WEEK = "bad_week"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    BAD_NUMBER = "bad_number"
    OUT_OF_RANGE = "out_of_range"
    DUPLICATE = "duplicate"
    UNKNOWN_ATTENDANCE = "unknown_attendance"
    OTHER_SCORE_KNOWN = "other_score_known"
    COURSE_OVER = "course_over"
    NOT_IN_CARE = "not_in_care"
    INSTRUMENT_DIFFERS = "instrument_differs"
    NOTHING_TO_IMPORT = "nothing_to_import"


WORDS: dict[ProblemCode, tuple[str, str]] = {
    ProblemCode.TOO_BIG: (
        "The file is larger than %(limit)s MB.",
        "Leave out columns that are not needed, or split the file.",
    ),
    ProblemCode.ENCODING: (
        "The file is not UTF-8 text (%(found)s).",
        "Save it again as “CSV UTF-8” from your spreadsheet.",
    ),
    ProblemCode.NUL: ("The file holds a NUL byte, so it is not plain text.", "Save it again as “CSV UTF-8”."),
    ProblemCode.UNSEEN_CHARACTER: ("This holds a character that cannot be seen.", "Type the cell again."),
    ProblemCode.EMPTY: ("The file is empty.", "The first row names the columns; rows of scores follow."),
    ProblemCode.BROKEN_QUOTES: ("A quotation mark is not closed.", "Close it, or save the file again as CSV."),
    ProblemCode.UNNAMED_COLUMN: ("Column %(place)s has no name.", "Give it a name in the first row."),
    ProblemCode.DUPLICATE_COLUMN: ("Two columns have the same name.", "Rename one of them."),
    ProblemCode.TOO_MANY_COLUMNS: ("There are more than %(limit)s columns.", "Leave out columns that are not needed."),
    ProblemCode.TOO_MANY_ROWS: ("There are more than %(limit)s rows.", "Split the file by client."),
    ProblemCode.WRONG_WIDTH: (
        "This row has %(found)s cells, the first row has %(wanted)s.",
        "Look for a missing or additional separator.",
    ),
    ProblemCode.NO_SUCH_COLUMN: ("There is no column of this name.", "Choose one of the columns of the file."),
    ProblemCode.NO_CLIENT: ("It is not said whose row this is.", "Fill in the client of this row."),
    ProblemCode.TOO_LONG: ("This is longer than %(limit)s characters.", "Shorten it."),
    ProblemCode.FORMULA: (
        "This looks like a formula of a spreadsheet.",
        "Replace it by its value; text may not begin with = + - or @.",
    ),
    ProblemCode.TWO_NAMES: ("This client had another name in row %(other)s.", "Use one name for one client."),
    ProblemCode.BAD_NAME: ("This is not a name.", "A name has at least one letter."),
    ProblemCode.BAD_DATE: ("This is not a date.", "Write it as 2026-03-02, or choose how the dates are written."),
    ProblemCode.AMBIGUOUS_DATE: (
        "Nobody can say which is the day and which the month.",
        "Choose how the dates are written, or write 2026-03-02.",
    ),
    ProblemCode.BAD_WEEK: ("This is not a week.", "Give a whole number from 0 to %(limit)s."),
    ProblemCode.IN_FUTURE: ("This day has not come yet.", "Check the date or the start date."),
    ProblemCode.TOO_OLD: ("This day is more than %(limit)s years ago.", "Check the date or the start date."),
    ProblemCode.BAD_NUMBER: ("This is not a score.", "Give a number such as 12 or 12.5, or leave the cell empty."),
    ProblemCode.OUT_OF_RANGE: (
        "The scale goes from %(low)s to %(high)s.",
        "Check the score, or the ends of the scale.",
    ),
    ProblemCode.DUPLICATE: ("Row %(other)s has the same client, day and measure.", "Keep one of the two rows."),
    ProblemCode.UNKNOWN_ATTENDANCE: (
        "This word for attendance is not known.",
        "Use attended, late, did not attend, cancelled, cancelled late or cancelled by therapist.",
    ),
    ProblemCode.OTHER_SCORE_KNOWN: (
        "Another value of this client, day and measure was imported before.",
        "Correct it in the record, and leave the row out.",
    ),
    ProblemCode.COURSE_OVER: ("This client's course is closed.", "Leave out the client's new rows."),
    ProblemCode.NOT_IN_CARE: (
        "This client came with an earlier file and is no longer in this therapist's care.",
        "Leave out the client's rows.",
    ),
    ProblemCode.INSTRUMENT_DIFFERS: (
        "A measure of this name is known here with other norms.",
        "Choose it from the list, or give yours another name.",
    ),
    ProblemCode.NOTHING_TO_IMPORT: ("No row holds anything to import.", "Check which columns were chosen."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. ``row`` counts as a spreadsheet does: the row of column names is 1. No cell's content is in it.

    >>> print(Problem(ProblemCode.DUPLICATE, 7, "score", (("other", "3"),)))
    row 7, column score: Row 3 has the same client, day and measure. Keep one of the two rows.
    """

    code: ProblemCode
    row: int | None = None
    column: str | None = None
    gaps: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        return WORDS[self.code][0]

    @property
    def remedy(self) -> str:
        return WORDS[self.code][1]

    def __str__(self) -> str:
        places = [f"row {self.row}"] * (self.row is not None) + [f"column {self.column}"] * (self.column is not None)
        said = f"{self.message} {self.remedy}" % dict(self.gaps)
        return f"{', '.join(places)}: {said}" if places else said


class Unreadable(ValueError):
    """The file as a whole cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
