"""A trail is read again without the practice that wrote it: what each tampering is called, and where.

The attacks of tests/config/tampering.py on a database file, read by the verifier itself; tests/config/test_tampering.py
asks the same of the command.
"""

from __future__ import annotations

import base64
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.config import tampering
from tests.config.practice_on_disk import AFTER, EARLIER, LATER
from tests.config.test_tampering import CHECKPOINTS, NEEDS_AN_ANCHOR, SEEN_ANYWHERE, SqliteTrail
from tests.factories.people import AT

from rapport.practice.security.audit.chain import GENESIS, Entry, leaf_of, link_of
from rapport.practice.security.audit.exported import FORMAT, FileTrail, Head, Kept, Unverifiable, write_trail
from rapport.practice.security.audit.merkle import grown, leaf_hash, root_of
from rapport.practice.security.audit.naming import Finding, Tampering
from rapport.practice.security.audit.notes import origin, own_verifier, signed
from rapport.practice.security.audit.reading import SetBack, Verification, verify_trail
from rapport.practice.security.audit.sources import _plain
from rapport.practice.security.audit.statements import CLOCK, anchored_notes, read_statement

pytestmark = pytest.mark.django_db(databases=[])
SIGNED, WHOLE = EARLIER + LATER, EARLIER + LATER + AFTER
TABLES = (
    f"CREATE TABLE audit_auditevent ({tampering.COLUMNS})",
    "CREATE TABLE audit_chainhead (chain, seq, link, stated)",
    "CREATE TABLE audit_checkpoint (number, at, note)",
)


class Book:
    """A trail in memory, written as the practice writes one; a minute passes between entries."""

    def __init__(self) -> None:
        self.written: list[Entry] = []
        self.heads: dict[int, Head] = {}
        self.checkpoints: list[Kept] = []
        self._subtrees: list[bytes] = []

    def entries(self) -> Iterator[Entry]:
        return iter(self.written)

    def write(self, at: datetime, *, kind: str = "contract", reason: str = "as agreed", chain: int = 0) -> None:
        head = self.heads.get(chain, Head(0, GENESIS, 0))
        entry = Entry(
            chain, head.seq + 1, str(uuid4()), at.astimezone(UTC).isoformat(timespec="microseconds"), str(uuid4()),
            "therapist", "one", "edit", kind, str(uuid4()), str(uuid4()), "care", "allow", reason, b"sealed".hex(),
            str(uuid4()),
        )  # fmt: skip
        leaf = leaf_of(entry)
        entry = entry._replace(leaf=leaf, link=link_of(head.link, leaf))
        self.written = sorted([*self.written, entry], key=lambda one: (one.chain, one.seq))
        self.heads[chain] = replace(head, seq=entry.seq, link=entry.link)

    def sign(self, at: datetime, *, name: str = "") -> str:
        lines = f"at {at.astimezone(UTC).isoformat(timespec='seconds')}\n"
        for chain, head in self.heads.items():
            if head.seq != head.stated:
                lines += f"chain {chain} {head.seq} {head.link.hex()}\n"
                self.heads[chain] = replace(head, stated=head.seq)
        size = len(self.checkpoints)
        self._subtrees = grown(self._subtrees, size, leaf_hash(lines.encode()))
        root = base64.b64encode(root_of(self._subtrees)).decode()
        note = signed(f"{name or origin()}\n{size + 1}\n{root}\n{lines}")
        self.checkpoints.append(Kept(size + 1, at, note))
        return note

    @property
    def notes(self) -> list[str]:
        return [kept.note for kept in self.checkpoints]

    @property
    def roots(self) -> list[tuple[int, str]]:
        return [(number, note.split("\n")[2]) for number, note in enumerate(self.notes, start=1)]

    def read(self, **outside: Any) -> Verification:
        return verify_trail(self, own_verifier(), **outside)


@pytest.fixture
def book() -> Book:
    """Sixteen entries; checkpoints after the eighth and the thirteenth."""
    book, at = Book(), AT
    for count in (EARLIER, LATER, AFTER):
        for _ in range(count):
            at += timedelta(minutes=1)
            book.write(at)
        if count != AFTER:
            book.sign(at)
    return book


class FoundTrail(SqliteTrail):
    """Rows that hold what was never written there are read as the practice reads them."""

    def entries(self) -> Any:
        return map(
            _plain, self.database.execute(f"SELECT {tampering.COLUMNS} FROM {tampering.TABLE} ORDER BY chain, seq")
        )


def in_a_file(book: Book, file: Path) -> Path:
    with sqlite3.connect(file) as database:
        for table in TABLES:
            database.execute(table)
        for entry in book.written:
            tampering._add(database, entry)
        for chain, head in book.heads.items():
            database.execute(
                "INSERT INTO audit_chainhead VALUES (?, ?, ?, ?)", (chain, head.seq, head.link, head.stated)
            )
        for kept in book.checkpoints:
            at = f"{kept.at.replace(tzinfo=None):%Y-%m-%d %H:%M:%S}"
            database.execute("INSERT INTO audit_checkpoint VALUES (?, ?, ?)", (kept.number, at, kept.note))
    return file


Found = Callable[[tampering.Attack, list[str]], Finding | None]


@pytest.fixture
def found(book: Book, tmp_path: Path) -> Found:
    whole = in_a_file(book, tmp_path / "whole.sqlite3")

    def after(attack: tampering.Attack, anchor: list[str]) -> Finding | None:
        file = tampering.attacked(whole, tmp_path / "bad.sqlite3", attack)
        return verify_trail(FoundTrail(file), own_verifier(), anchor).finding

    assert verify_trail(FoundTrail(whole), own_verifier()).finding is None
    return after


def said(finding: Finding | None) -> tuple[str, int, int] | None:
    return finding and (str(finding.kind), finding.seq, finding.after)


def test_every_tampering_is_named_and_placed(found: Found, book: Book) -> None:
    for name, (attack, kind, seq, after) in SEEN_ANYWHERE.items():
        for anchor in ([], book.notes):
            finding = found(attack, anchor)
            assert said(finding) == (kind, seq, after), name
            assert finding and finding.chain == 0, name


def test_some_is_seen_with_an_anchor_alone(found: Found, book: Book) -> None:
    for name, (attack, kind, seq, after) in NEEDS_AN_ANCHOR.items():
        assert found(attack, []) is None, name
        assert said(found(attack, book.notes)) == (kind, seq, after), name


def test_a_changed_checkpoint_is_named_by_its_number(found: Found) -> None:
    for name, (attack, kind) in CHECKPOINTS.items():
        finding = found(attack, [])
        assert finding and (str(finding.kind), finding.chain, finding.seq) == (kind, -1, 0), name
        assert finding.checkpoint == (3 if name == "checkpoint-stated" else 2), name


@pytest.mark.parametrize(("milliseconds", "good"), [(999, True), (1000, False)])
def test_a_note_says_the_second_of_its_checkpoint(book: Book, milliseconds: int, good: bool) -> None:
    last = book.checkpoints[1]
    book.checkpoints[1] = replace(last, at=last.at + timedelta(milliseconds=milliseconds))
    assert book.read().finding == (None if good else Finding(Tampering.CHECKPOINT, checkpoint=2))


def test_what_was_read_is_counted(book: Book) -> None:
    assert book.read() == Verification(WHOLE, 2, 0, None)
    assert book.read(anchor=book.notes, roots=book.roots[:1]) == Verification(WHOLE, 2, 3, None)
    assert Book().read() == Verification(0, 0, 0, None)


def test_a_checkpoint_names_the_entry_it_contradicts(book: Book) -> None:
    other = Book()
    for number in range(WHOLE):
        other.write(AT + timedelta(minutes=number))
        if number in (EARLIER - 1, EARLIER + LATER - 1):
            other.sign(AT + timedelta(minutes=number))
    assert book.read(anchor=other.notes).finding == Finding(Tampering.FORKED, 0, EARLIER, EARLIER, 1)
    assert book.read(anchor=other.notes[1:]).finding == Finding(Tampering.FORKED, 0, SIGNED, SIGNED, 2)
    assert book.read(roots=other.roots[1:]).finding == Finding(Tampering.FORKED, checkpoint=2)
    assert book.read(roots=[(1, book.roots[0][1]), (3, "x"), (4, "y")]).finding == Finding(
        Tampering.REPLACED, checkpoint=3
    )
    two = book.read(roots=[(2, book.roots[1][1])], anchor=other.notes[1:])
    assert two.finding == Finding(Tampering.FORKED, 0, SIGNED, SIGNED, 2)


def test_an_anchor_that_ends_later_shows_an_older_copy(book: Book) -> None:
    longer = Book()
    longer.written, longer.heads, longer.checkpoints = list(book.written), dict(book.heads), list(book.checkpoints)
    longer._subtrees = list(book._subtrees)
    longer.write(AT + timedelta(hours=1))
    longer.sign(AT + timedelta(hours=1))
    assert longer.read(anchor=longer.notes).finding is None
    assert book.read(anchor=longer.notes).finding == Finding(Tampering.REPLACED, 0, WHOLE + 1, WHOLE)


def test_a_note_that_is_not_ours_is_named_by_its_place(book: Book) -> None:
    strange = book.notes[1].replace("\n2\n", "\n3\n", 1)
    assert book.read(anchor=[book.notes[0], strange, book.notes[1]]).finding == Finding(
        Tampering.UNSIGNED, checkpoint=2
    )
    for text in ("rapport/else\n1\nx\nat 2026-03-02T09:00:00+00:00\n", f"{origin()}\n1\nx\nhello\n"):
        assert book.read(anchor=[signed(text)]).finding == Finding(Tampering.UNSIGNED, checkpoint=1)


def test_two_notes_of_one_checkpoint_are_a_fork_though_they_tell_of_the_same_entries(book: Book) -> None:
    _, number, root, *lines = book.notes[1].partition("\n\n")[0].split("\n")
    other = signed("".join(f"{line}\n" for line in (origin(), number, book.roots[0][1], *lines)))
    assert root != book.roots[0][1]
    assert book.read(anchor=[book.notes[1], other]).finding == Finding(Tampering.FORKED, checkpoint=2)


def test_a_note_of_somebody_else_hides_nothing_that_others_say(book: Book) -> None:
    longer = Book()
    longer.__dict__ |= {name: value.copy() for name, value in vars(book).items()}
    longer.write(AT + timedelta(hours=2))
    longer.sign(AT + timedelta(hours=2))
    assert book.read(anchor=["of somebody else", *longer.notes]).finding == Finding(
        Tampering.REPLACED, 0, WHOLE + 1, WHOLE
    )
    assert book.read(anchor=["of somebody else"], roots=[(3, "root")]).finding == Finding(
        Tampering.UNSIGNED, checkpoint=1
    )


def test_a_chain_that_lost_every_entry_is_missed_and_one_that_never_had_any_is_not(book: Book) -> None:
    book.heads[7] = Head(0, GENESIS, 0)
    assert book.read().finding is None
    book.heads[7] = Head(2, b"l" * 32, 0)
    assert book.read().finding == Finding(Tampering.TRUNCATED, 7, 1, 0)


def test_an_entry_that_stands_there_twice_was_inserted(book: Book) -> None:
    book.written.insert(5, book.written[4])
    assert book.read().finding == Finding(Tampering.INSERTED, 0, 5, 4)


def test_one_chain_of_several(book: Book) -> None:
    for chain in (3, 5):
        book.write(AT, chain=chain)
    book.sign(AT + timedelta(minutes=13))
    book.write(AT + timedelta(minutes=14), chain=3)
    book.sign(AT + timedelta(minutes=14))  # the others did not grow
    assert book.read().finding is None
    for chain in (3, 5):
        whole = book.written
        book.written = [entry for entry in whole if entry.chain != chain]
        assert book.read().finding == Finding(Tampering.TRUNCATED, chain, 1, 0)
        book.written = whole
    del book.heads[5]
    assert book.read().finding == Finding(Tampering.FORKED, 5, 1)  # entries without a head
    book.written = [entry for entry in book.written if entry.chain != 5]
    assert book.read().finding == Finding(Tampering.TRUNCATED, 5, 1, 0)


@pytest.mark.parametrize(("back", "good"), [(0, True), (1, False)])
def test_an_event_is_stamped_ten_minutes_before_what_was_signed_at_most(book: Book, back: int, good: bool) -> None:
    """A request may have begun before the checkpoint; the earliest is named, with the checkpoint it contradicts."""
    behind = AT + timedelta(minutes=EARLIER + LATER) - timedelta(minutes=10)
    book.write(behind - timedelta(microseconds=back))
    book.write(behind)
    wanted = None if good else Finding(Tampering.CLOCK, 0, WHOLE + 1, WHOLE, 2)
    assert book.read().finding == wanted


def test_the_earliest_backdated_entry_is_named(book: Book) -> None:
    for hours in (2, 4, 3):
        book.write(AT - timedelta(hours=hours))
    assert book.read().finding == Finding(Tampering.CLOCK, 0, WHOLE + 2, WHOLE + 1, 2)


def test_a_clock_that_went_back_explains_what_it_explains(book: Book) -> None:
    back = AT - timedelta(hours=1)
    book.write(back, kind=CLOCK, reason="4380 s behind checkpoint 2")
    book.write(back + timedelta(minutes=1))
    result = book.read()
    assert result.finding is None
    at = back.isoformat(timespec="microseconds")
    assert result.warnings == (SetBack(0, WHOLE + 1, at, "4380 s behind checkpoint 2"),)
    book.write(back - timedelta(minutes=10))
    assert book.read().finding is None
    book.write(back - timedelta(minutes=11))  # earlier than the clock ever stood
    assert book.read().finding == Finding(Tampering.CLOCK, 0, WHOLE + 4, WHOLE + 3, 2)


def test_a_clock_explained_for_an_earlier_checkpoint_explains_no_later_one(book: Book) -> None:
    book.write(AT, kind=CLOCK, reason="540 s behind checkpoint 1")
    assert book.read().finding == Finding(Tampering.CLOCK, 0, WHOLE + 1, WHOLE, 2)
    assert [SetBack(0, 1, "", said).checkpoint for said in ("9 s behind checkpoint 12", "checkpoint x", "")] == [
        12,
        0,
        0,
    ]


def test_an_exported_trail_says_the_same(book: Book, tmp_path: Path) -> None:
    out = io.StringIO()
    assert write_trail(out, book, own_verifier().text) == WHOLE
    first, *lines = [json.loads(line) for line in out.getvalue().splitlines()]
    head = book.heads[0]
    assert first == {
        "format": FORMAT, "verifier": own_verifier().text, "heads": {"0": [WHOLE, head.link.hex(), EARLIER + LATER]},
    }  # fmt: skip
    kept = book.checkpoints[0]
    assert lines[0] == {"number": 1, "at": kept.at.isoformat(), "note": kept.note}
    entry = book.written[0]
    assert lines[2] == entry._asdict() | {"leaf": entry.leaf.hex(), "link": entry.link.hex()}
    assert out.getvalue().isascii() and ": " not in out.getvalue().splitlines()[-1]
    file = tmp_path / "trail.jsonl"
    file.write_text(out.getvalue())
    trail = FileTrail(file)
    assert (trail.heads, trail.checkpoints, list(trail.entries())) == (book.heads, book.checkpoints, book.written)
    assert verify_trail(trail, own_verifier(), book.notes) == book.read(anchor=book.notes)


def test_a_trail_that_was_never_signed_is_exported_too(tmp_path: Path) -> None:
    book, file = Book(), tmp_path / "trail.jsonl"
    book.write(AT)
    with file.open("w") as out:
        assert write_trail(out, book, "") == 1
    assert list(FileTrail(file).entries()) == book.written


@pytest.mark.parametrize("text", ["", "{}", "[]", "nothing of ours", '{"format": "rapport-audit-2", "heads": {}}'])
def test_what_is_no_exported_trail_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text(text)
    for wrong in (file, tmp_path / "missing"):
        with pytest.raises(Unverifiable, match=f"^{wrong} is not an exported trail.$"):
            FileTrail(wrong)


def test_a_line_that_cannot_be_read_is_named(book: Book, tmp_path: Path) -> None:
    out = io.StringIO()
    write_trail(out, book, "")
    lines = out.getvalue().splitlines()
    for place, bad in ((5, "{"), (6, "{}"), (WHOLE + 3, "7")):
        file = tmp_path / "trail.jsonl"
        file.write_text("\n".join([*lines[: place - 1], bad, *lines[place:]]))
        with pytest.raises(Unverifiable, match=f"^Line {place} of {file} cannot be read.$"):
            list(FileTrail(file).entries())


def test_a_statement_is_read_line_by_line(book: Book) -> None:
    text = book.notes[0].rpartition("\n\n")[0] + "\n"
    statement = read_statement(text)
    entry = book.written[EARLIER - 1]
    assert (statement.number, statement.root) == book.roots[0]
    assert (statement.at, statement.heads) == (book.checkpoints[0].at, {0: (EARLIER, entry.link.hex())})
    assert text.endswith(statement.root + "\n" + statement.lines)
    for wrong in ("hello", "chain 0 8", "at  "):
        with pytest.raises(ValueError, match=r"^unknown line in a checkpoint$"):
            read_statement(f"{text}{wrong}\n")
    assert read_statement("x\n1\nroot\n").at == datetime.min.replace(tzinfo=UTC)
    assert list(anchored_notes("".join(f"{note}\n" for note in book.notes))) == book.notes
