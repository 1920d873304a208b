"""A backup that has its name was brought back and is the same; what is not the same never gets one (G17–G20, G22)."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.config.whole_practice import Whole, in_files, on_server, tables_made_quickly
from tests.factories.world import NOW
from tests.postgres_cluster import Server

from rapport.config.environment import InstallationError
from rapport.config.operations import backup as backups
from rapport.config.operations import copies
from rapport.config.operations import installation as installations
from rapport.config.operations.drill import drill
from rapport.config.operations.sealed_stream import BackupDamaged

LATER = NOW + timedelta(minutes=1)
pytestmark = pytest.mark.xdist_group("whole_practice")
__all__ = ["tables_made_quickly"]


def save(whole: Whole, target: Path) -> backups.Backup:
    with whole.opened():
        return backups.back_up(whole.installation, target, at=LATER)


def brought_back(folder: Path, home: Path, own: Whole) -> Whole:
    """A backup as it opens in files on another machine."""
    adopted = installations.adopt_installation(
        folder, home / "new" / "data", vault=own.installation.vault, origin="http://localhost", key=None
    )
    whole = Whole(adopted, in_files(adopted.data))
    with whole.opened():
        backups.restore(folder, adopted)
    return whole


def test_what_was_saved_comes_back_the_same(whole_practice: Whole, tmp_path: Path) -> None:
    made = save(whole_practice, tmp_path / "backups")
    assert made.proof.rows == sum(one.rows for sums in whole_practice.sums().values() for one in sums.values()) > 500
    assert not list(whole_practice.installation.data.glob(".scratch-*"))
    assert brought_back(made.folder, tmp_path, whole_practice).sums() == whole_practice.sums()


def test_a_drill_opens_a_note_and_changes_nothing(whole_practice: Whole, tmp_path: Path) -> None:
    made, before = save(whole_practice, tmp_path / "backups"), whole_practice.sums()
    with whole_practice.opened():
        done = drill(whole_practice.installation, made.folder, at=LATER)
    assert (done.problem, done.opened) == ("", True)
    assert done.proof is not None
    assert done.proof.events > 100
    assert whole_practice.sums() == before


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("part", ["record.sealed", "keys.sealed", "tables.sealed"])
def test_a_drill_names_a_backup_that_went_bad(whole_practice: Whole, tmp_path: Path, part: str) -> None:
    made = save(whole_practice, tmp_path / "backups")
    flip(made.folder / part)
    with whole_practice.opened():
        done = drill(whole_practice.installation, made.folder, at=LATER)
    assert not done.good
    assert "not what its manifest says" in done.problem


# Spoiled between writing and looking: the controls. Each leaves nothing that could be taken for a backup.


def on_disk(part: str) -> Callable[[pytest.MonkeyPatch], None]:
    def spoil(patched: pytest.MonkeyPatch) -> None:
        write = backups.write

        def badly(installation: Any, place: Path, folder: Path, *rest: Any) -> None:
            write(installation, place, folder, *rest)
            flip(folder / part)

        patched.setattr(backups, "write", badly)

    return spoil


def in_copy(*statements: str) -> Callable[[pytest.MonkeyPatch], None]:
    def spoil(patched: pytest.MonkeyPatch) -> None:
        copy_both = backups.copy_both

        def badly(place: Path) -> Any:
            sums = copy_both(place)
            with closing(sqlite3.connect(place / "default.sqlite3")) as copy:
                for statement in statements:
                    copy.execute(statement)
                copy.commit()
            return sums

        patched.setattr(backups, "copy_both", badly)

    return spoil


def by_cp(patched: pytest.MonkeyPatch) -> None:
    """Copies the file as `cp` would; what was written last lies in the log beside it."""

    def badly(source: Any, file: Path) -> None:
        shutil.copy(source.execute("PRAGMA database_list").fetchone()[2], file)

    patched.setattr(copies, "_copy_file", badly)


SPOILERS = {
    "a bad disk under the record": (on_disk("record.sealed"), "not what its manifest says"),
    "a bad disk under the keys": (on_disk("keys.sealed"), "not what its manifest says"),
    "a changed row": (in_copy("UPDATE therapy_sessions_progressnote SET version = version + 1"), "has other rows"),
    "a lost row": (in_copy("DELETE FROM audit_checkpoint"), "rows instead of"),
    "a row that refers to nothing": (in_copy("DELETE FROM episodes_episode"), "refer to rows which are not there"),
    "a page of zeros": (
        in_copy(
            "PRAGMA writable_schema=ON", "UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'audit_auditevent'"
        ),
        "",
    ),
    "a copy by cp": (by_cp, ""),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_a_spoiled_backup_gets_no_name(
    whole_practice: Whole, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, words = SPOILERS[name]
    first = save(whole_practice, tmp_path / "backups").folder
    spoil(monkeypatch)
    with whole_practice.opened():
        from rapport.practice.organisation.models import Room

        Room.objects.create(name="Written a moment ago", added_at=NOW)
        with pytest.raises(BackupDamaged, match=f"NOT SAVED.*{words}"):
            backups.back_up(whole_practice.installation, tmp_path / "backups", at=LATER + timedelta(minutes=1))
    assert list((tmp_path / "backups").iterdir()) == [first]
    assert not list(whole_practice.installation.data.glob(".scratch-*"))


def test_a_tampered_trail_is_not_saved_as_good(whole_practice: Whole, tmp_path: Path) -> None:
    with closing(sqlite3.connect(whole_practice.installation.data / "data.sqlite3")) as live:
        live.execute("DROP TRIGGER audit_no_update")
        live.execute("UPDATE audit_auditevent SET purpose = 'other' WHERE seq = 20")
        live.commit()
    with pytest.raises(BackupDamaged, match="entry 20 of chain 0 was edited"):
        save(whole_practice, tmp_path / "backups")
    assert not list((tmp_path / "backups").iterdir())


def test_a_backup_holds_one_moment_though_others_write(
    whole_practice: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two pages somebody writes; what is saved is what was there when it began."""
    own = importlib.import_module("sqlite3")
    before, written = whole_practice.sums(), []

    def slowly(source: Any, file: Path) -> None:
        def write(*_: int) -> None:
            with closing(own.connect(whole_practice.installation.data / "data.sqlite3", timeout=20)) as other, other:
                room = (f"{len(written):032x}", f"Room {len(written)}", "2026-03-02 09:00:00")
                other.execute("INSERT INTO organisation_room (id, name, added_at) VALUES (?, ?, ?)", room)
            written.append(room)

        with closing(own.connect(file)) as target:
            source.backup(target, pages=100, progress=write)

    monkeypatch.setattr(copies, "_copy_file", slowly)
    made = save(whole_practice, tmp_path / "backups")
    assert len(written) > 5
    assert made.proof.rows == sum(one.rows for sums in before.values() for one in sums.values())
    assert whole_practice.sums()["default"]["organisation_room"].rows == before["default"][
        "organisation_room"
    ].rows + len(written)


def test_a_checkpoint_signed_meanwhile_does_not_spoil_a_backup(
    whole_practice: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = backups.write

    def and_meanwhile(*given: Any) -> None:
        from rapport.practice.organisation.actions import note_safekeeping
        from rapport.practice.organisation.choices import Kept, SafeKind
        from rapport.practice.security.audit.checkpoints import write_checkpoint
        from rapport.practice.security.policy.actor import SYSTEM

        write(*given)
        note_safekeeping(actor=SYSTEM, at=LATER, kept=Kept(SafeKind.DRILL, LATER, True, "", 1.0))
        assert write_checkpoint(LATER)

    monkeypatch.setattr(backups, "write", and_meanwhile)
    made = save(whole_practice, tmp_path / "backups")
    with whole_practice.opened():
        assert drill(whole_practice.installation, made.folder, at=LATER).problem == ""


def test_a_killed_backup_leaves_no_keys_behind(whole_practice: Whole, tmp_path: Path) -> None:
    left = whole_practice.installation.data / ".scratch-killed"
    left.mkdir()
    (left / "keys.sqlite3").write_bytes(b"a key")
    save(whole_practice, tmp_path / "backups")
    assert not left.exists()


@pytest.mark.postgres
@pytest.mark.usefixtures("tables_made_quickly")
def test_a_practice_on_postgres_is_saved_and_comes_back_on_either(
    whole_practice: Whole, tmp_path: Path, postgres: Server
) -> None:
    made = save(whole_practice, tmp_path / "backups")
    there = whole_practice.moved_to(on_server(postgres, "kept"))
    with there.opened():
        backups.restore(made.folder, there.installation)
        again = backups.back_up(there.installation, tmp_path / "again", at=LATER)
        assert backups.read_manifest(again.folder)["engine"] == "postgresql"
        with pytest.raises(InstallationError, match="is not empty"):
            backups.restore(made.folder, there.installation)
    assert there.sums() == whole_practice.sums()
    assert again.proof == made.proof
    assert brought_back(again.folder, tmp_path, whole_practice).sums() == whole_practice.sums()
