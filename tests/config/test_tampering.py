"""Every way of changing a trail on a disk is found by `rapport audit verify`; the first bad entry is named (F01, F02).

The trail has sixteen entries; checkpoints were signed after the eighth and the thirteenth.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.config import tampering
from tests.config.practice_on_disk import AFTER, EARLIER, LATER, ask, create, rapport
from tests.config.tampering import OTHER, Attack, attacked

from rapport.practice.security.audit import reading
from rapport.practice.security.audit.exported import FileTrail
from rapport.practice.security.audit.notes import read_verifier
from rapport.practice.security.audit.reading import verify_trail
from rapport.practice.security.audit.statements import anchored_notes

pytestmark = pytest.mark.xdist_group("tampering")
WHOLE = EARLIER + LATER + AFTER
FIRST, SECOND = EARLIER, EARLIER + LATER

# name → (attack, class, first bad entry, last entry before it that is proven)
SEEN_ANYWHERE: dict[str, tuple[Attack, str, int, int]] = {
    **{f"edit-{name}": (tampering.edited(name, value), "edited", 5, 4) for name, value in OTHER.items()},
    "edit-chain": (tampering.edited("chain", 7), "deleted", 5, 4),
    "edit-seq": (tampering.edited("seq", 99), "deleted", 5, 4),
    "edit-into-bytes": (tampering.edited("reason", b"as agreed"), "edited", 5, 4),
    "edit-into-nothing": (tampering.edited("detail", 0), "edited", 5, 4),
    "edit-new-leaf": (tampering.edited_with_new_leaf, "edited", 5, 4),
    "edit-the-last": (tampering.edited("action", "read", WHOLE), "edited", WHOLE, WHOLE - 1),
    "delete": (tampering.deleted(5), "deleted", 5, 4),
    "delete-the-first": (tampering.deleted(1), "deleted", 1, 0),
    "delete-and-close": (tampering.deleted_and_closed, "deleted", 5, 4),
    "insert": (tampering.inserted(like=5, at=5), "inserted", 5, 4),
    "insert-careless": (tampering.inserted(like=5, at=5, new_leaf=False), "inserted", 5, 4),
    "insert-past-the-head": (tampering.appended_past_the_head, "inserted", WHOLE + 1, WHOLE),
    "duplicate": (tampering.duplicated, "inserted", 6, 5),
    "swap-neighbours": (tampering.swapped(5, 6), "reordered", 5, 4),
    "swap-far": (tampering.swapped(4, 11), "reordered", 4, 3),
    "swap-new-leaves": (tampering.swapped_with_new_leaves, "reordered", 5, 4),
    "fork": (tampering.forked, "forked", FIRST, 0),
    "rewrite": (tampering.rewritten, "forked", FIRST, 0),
    "truncate": (tampering.truncated(10, hidden=False), "truncated", 11, 10),
    "truncate-behind-a-checkpoint": (tampering.truncated(10, hidden=True), "truncated", 11, 10),
    "truncate-all": (tampering.truncated(0, hidden=False), "truncated", 1, 0),
    "clock-set-back": (tampering.backdated, "stamped before what was signed before it", WHOLE + 1, WHOLE),
}
# What only an anchor outside can see; 0 where the entries are all there.
NEEDS_AN_ANCHOR: dict[str, tuple[Attack, str, int, int]] = {
    "rewrite-unsigned": (tampering.rewritten_unsigned, "forked", FIRST, 0),
    "checkpoints-gone": (tampering.without_checkpoints, "replaced by an older copy", 0, 0),
}
CHECKPOINTS: dict[str, tuple[Attack, str]] = {
    "checkpoint-number": (tampering.checkpoint_changed("number", 3), "checkpoint missing or changed"),
    "checkpoint-at": (tampering.checkpoint_changed("at", "2026-03-02 07:00:00"), "checkpoint missing or changed"),
    "checkpoint-note": (
        tampering.checkpoint_changed("note", "rapport/else\n2\nx\n\n— x y\n"), "checkpoint not signed by this practice",
    ),
    "checkpoint-deleted": (
        lambda database: database.execute("DELETE FROM audit_checkpoint WHERE number = 2") and None,
        "checkpoint missing or changed",
    ),
    "checkpoint-stated": (
        lambda database: database.execute("UPDATE audit_chainhead SET stated = 900") and None,
        "checkpoint missing or changed",
    ),
}  # fmt: skip

CUT = {
    "cut-the-unsigned": tampering.truncated(SECOND, hidden=True),
    "cut-one-more": tampering.truncated(SECOND - 1, hidden=True),
}


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("tampering") / "data"
    create(data)
    ask("write_trail", data)
    return data


@pytest.fixture(scope="module")
def anchor(practice: Path) -> Path:
    """A copy of the anchor that lies elsewhere."""
    return Path(shutil.copy(practice.parent / "vault" / "audit-anchor.txt", practice.parent / "anchor.txt"))


@pytest.fixture(scope="module")
def key(practice: Path) -> str:
    return rapport("audit", "key", "--data", str(practice)).stdout.split()[1]


@pytest.fixture(scope="module")
def answers(practice: Path, anchor: Path) -> dict[str, Any]:
    """What the command says of each attack, alone and held against the anchor; the one in the vault is away."""
    named = {name: attack for name, (attack, *_) in (SEEN_ANYWHERE | NEEDS_AN_ANCHOR | CHECKPOINTS).items()}
    whole = practice.parent / "whole.sqlite3"
    nonsense = practice.parent / "nonsense.txt"
    nonsense.write_text("nothing of ours\n")
    runs: dict[str, tuple[str, list[str]]] = {"nonsense": (str(whole), ["--anchor", str(nonsense)])}
    for name, attack in (named | CUT).items():
        file = str(attacked(whole, practice.parent / f"{name}.sqlite3", attack))
        runs |= {f"{name} alone": (file, []), f"{name} held": (file, ["--anchor", str(anchor)])}
    own, away = practice.parent / "vault" / "audit-anchor.txt", practice.parent / "away.txt"
    shutil.move(own, away)
    found: dict[str, Any] = ask("verify_each", practice, json.dumps(runs))
    shutil.move(away, own)
    shutil.copy(whole, practice / "data.sqlite3")
    return found


def said(answer: dict[str, Any]) -> tuple[int, str, int, int]:
    finding = answer["finding"] or {"class": "", "entry": 0, "after": 0}
    return answer["code"], finding["class"], finding["entry"], finding["after"]


@pytest.mark.parametrize("how", ["alone", "held"])
def test_every_tampering_is_named(answers: dict[str, Any], how: str) -> None:
    wanted = {name: (1, *rest) for name, (_, *rest) in SEEN_ANYWHERE.items()}
    assert {name: said(answers[f"{name} {how}"]) for name in SEEN_ANYWHERE} == wanted


def test_what_needs_an_anchor_is_seen_with_one_alone(answers: dict[str, Any]) -> None:
    """The documentation says so; if this ever fails, it must be changed."""
    wanted = {name: (1, *rest) for name, (_, *rest) in NEEDS_AN_ANCHOR.items()}
    assert {name: said(answers[f"{name} held"]) for name in NEEDS_AN_ANCHOR} == wanted
    assert {answers[f"{name} alone"]["code"] for name in NEEDS_AN_ANCHOR} == {0}


def test_what_came_after_the_last_checkpoint_can_be_cut_off_unseen(answers: dict[str, Any]) -> None:
    """Five minutes at most; the documentation says so."""
    assert answers["cut-the-unsigned held"]["code"] == 0
    assert said(answers["cut-one-more held"]) == (1, "truncated", SECOND, SECOND - 1)


def test_changed_checkpoints_are_named(answers: dict[str, Any]) -> None:
    wanted = {name: (1, kind) for name, (_, kind) in CHECKPOINTS.items()}
    assert {name: said(answers[f"{name} alone"])[:2] for name in CHECKPOINTS} == wanted


def test_an_anchor_without_a_checkpoint_is_no_evidence_of_tampering(answers: dict[str, Any]) -> None:
    assert answers["nonsense"]["code"] == 2
    assert "holds no checkpoint" in answers["nonsense"]["error"]


def test_an_older_copy_in_the_place_of_the_practice_is_seen_with_an_anchor_alone(practice: Path, anchor: Path) -> None:
    older = practice.parent / f"after-{EARLIER}.sqlite3"
    shutil.copy(older, practice / "data.sqlite3")
    (practice.parent / "vault" / "audit-anchor.txt").unlink()
    alone = rapport("audit", "verify", "--data", str(practice), "--json")
    held = rapport("audit", "verify", "--data", str(practice), "--json", "--anchor", str(anchor))
    _, number, root, *_ = list(anchored_notes(anchor.read_text()))[-1].split("\n")
    paper = rapport("audit", "verify", "--data", str(practice), "--root", f"{number}:{root}")
    shutil.copy(practice.parent / "whole.sqlite3", practice / "data.sqlite3")
    shutil.copy(anchor, practice.parent / "vault" / "audit-anchor.txt")
    assert (alone.returncode, held.returncode, paper.returncode) == (0, 1, 1), held.stderr
    found = json.loads(held.stdout)["finding"]
    assert (found["class"], found["entry"]) == ("replaced by an older copy", FIRST + 1)
    assert "replaced by an older copy" in paper.stdout


def test_an_untouched_trail_is_whole_and_the_command_says_so(practice: Path, anchor: Path) -> None:
    done = rapport("audit", "verify", "--data", str(practice), "--anchor", str(anchor))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The trail is whole: {WHOLE} entries, held against 2 signed checkpoints, 2 of an anchor.\n"


@pytest.mark.parametrize("loss", ["key", "database"])
def test_what_cannot_be_checked_is_no_evidence_of_tampering(practice: Path, tmp_path: Path, loss: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(practice, data)
    shutil.copytree(practice.parent / "vault", tmp_path / "vault")
    kept = json.loads((data / "practice.json").read_text()) | {"vault": str(tmp_path / "vault")}
    (data / "practice.json").write_text(json.dumps(kept))
    if loss == "key":
        (tmp_path / "vault" / "audit-signing.key").unlink()
    else:
        (data / "data.sqlite3").write_bytes(b"SQLite format 3\0" + bytes(5000))
    done = rapport("audit", "verify", "--data", str(data), "--json")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "error" in json.loads(done.stdout)


def test_a_trail_verifies_years_later_from_a_file_and_an_anchor(
    practice: Path, anchor: Path, key: str, tmp_path: Path
) -> None:
    """F09: no practice, no vault, no database."""
    file = tmp_path / "trail.jsonl"
    out = rapport("audit", "export", str(file), "--data", str(practice))
    assert out.stdout.splitlines()[-1] == key
    offline = ("audit", "verify", "--file", str(file), "--anchor", str(anchor))
    assert rapport(*offline, "--key", key).returncode == 0
    assert rapport(*offline).returncode == 2  # the key inside the file proves nothing
    lines = file.read_text().splitlines()
    changed = json.loads(lines[-1]) | {"action": "read"}
    file.write_text("\n".join([*lines[:-1], json.dumps(changed)]) + "\n")
    found = rapport(*offline, "--key", key, "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["finding"]["entry"] == WHOLE


@pytest.mark.parametrize(
    ("check", "tampering_missed"), [("fits", "edit-action"), ("_end", "truncate"), ("_clock", "clock-set-back")]
)
def test_a_verifier_with_a_check_switched_off_misses_it(
    practice: Path, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, tampering_missed: str
) -> None:
    """The control: it is this check that sees this tampering."""
    attack, kind, *_ = SEEN_ANYWHERE[tampering_missed]
    file = attacked(practice.parent / "whole.sqlite3", tmp_path / "bad.sqlite3", attack)
    trail = SqliteTrail(file)
    anchor = list(anchored_notes((practice.parent / "vault" / "audit-anchor.txt").read_text()))[:1]
    found = verify_trail(trail, read_verifier(key), anchor).finding
    assert found is not None and found.kind == kind
    monkeypatch.setattr(reading, check, lambda *_: check == "fits" or None)
    assert verify_trail(trail, read_verifier(key), anchor).finding is None


class SqliteTrail(FileTrail):
    """A database file read without the practice."""

    def __init__(self, file: Path) -> None:
        from datetime import UTC, datetime

        from rapport.practice.security.audit.exported import Head, Kept

        self.database = sqlite3.connect(file)
        heads = self.database.execute("SELECT chain, seq, link, stated FROM audit_chainhead")
        self.heads = {chain: Head(*rest) for chain, *rest in heads}
        rows = self.database.execute("SELECT number, at, note FROM audit_checkpoint ORDER BY number")
        self.checkpoints = [Kept(n, datetime.fromisoformat(at).replace(tzinfo=UTC), note) for n, at, note in rows]

    def entries(self) -> Any:
        rows = self.database.execute(f"SELECT {tampering.COLUMNS} FROM {tampering.TABLE} ORDER BY chain, seq")
        return map(tampering.plain_entry, rows.fetchall())
