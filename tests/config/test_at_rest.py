"""Nothing clinical is readable in any file, and what was erased stays so: in files as a real practice has them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.config.practice_on_disk import ask, create, rapport

WORDS = (b"CANARY", "CANARY".encode("utf-16-le"), b"Weberin")
pytestmark = pytest.mark.xdist_group("at_rest")


@dataclass(slots=True)
class OnDisk:
    """One practice in files, and what was put into it."""

    home: Path
    made: dict[str, Any] = field(default_factory=dict)
    readable: list[str] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    def holding(self, *words: bytes) -> list[str]:
        """The files in which one of these words stands."""
        found = []
        for file in (file for file in self.home.rglob("*") if file.is_file()):
            content = file.read_bytes().lower()
            found += [str(file.relative_to(self.home)) for word in words if word.lower() in content]
        return sorted(set(found))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """A practice with two clients, backed up, then one of them erased."""
    home = tmp_path_factory.mktemp("practice")
    (home / "temporary").mkdir()
    create(home / "data")
    built = OnDisk(home)
    built.made = ask("fill", built.data, TMPDIR=str(home / "temporary"))
    (home / "practice.log").write_text(built.made["stderr"])
    built.logs = [file.name for file in built.data.glob("*-wal") if file.stat().st_size]
    built.readable = built.holding(*WORDS)
    saved = rapport("backup", "--data", str(built.data), "--to", str(built.backups))
    assert saved.returncode == 0, saved.stderr
    (home / "backup.log").write_text(saved.stdout + saved.stderr)
    return built


@pytest.fixture(scope="module")
def key_before(practice: OnDisk) -> list[str]:
    """Where the key of the client lies before they are erased."""
    return practice.holding(bytes.fromhex(practice.made["wrapped"]))


@pytest.fixture(scope="module")
def erased(practice: OnDisk, key_before: list[str]) -> OnDisk:
    assert ask("erase", practice.data, practice.made["manager"], practice.made["other_act"])["acts"] == 1
    return practice


def test_no_word_of_a_client_is_readable_in_any_file(practice: OnDisk) -> None:
    assert len(practice.made["canaries"]) > 100
    places = {file.name for file in practice.home.rglob("*") if file.is_file()}
    assert {"data.sqlite3", "keys.sqlite3", "record.sealed", "keys.sealed", "practice.log"} <= places
    assert "data.sqlite3-wal" in practice.logs, "the write-ahead log ought to be among what is searched"
    assert practice.readable == []
    assert practice.holding(*WORDS) == []


def test_what_is_readable_would_be_found(practice: OnDisk) -> None:
    """The control: the search sees a token in a file, and the record does hold the tokens, sealed."""
    slip = practice.home / "temporary" / "slip"
    slip.write_bytes(b"\x00page " + practice.made["canaries"][0].encode())
    assert practice.holding(b"CANARY") == ["temporary/slip"]
    slip.unlink()
    read = ask("names", practice.data, practice.made["own"])
    assert read[practice.made["own"]] == ["CANARY-own-name Weberin", "CANARY-own-reason said so"]


def test_an_erased_clients_key_leaves_every_file(erased: OnDisk, key_before: list[str]) -> None:
    assert any(place.startswith("data/keys.sqlite3") for place in key_before)
    assert erased.holding(bytes.fromhex(erased.made["wrapped"])) == []
    read = ask("names", erased.data, erased.made["own"], erased.made["other"])
    assert read[erased.made["own"]] == []
    assert read[erased.made["other"]][1] == "CANARY-other-reason said so"


def test_the_trail_is_whole_after_an_erasure(erased: OnDisk) -> None:
    checked = rapport("audit", "verify", "--data", str(erased.data))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "The trail is whole" in checked.stdout


def test_a_new_practice_key_leaves_what_is_kept_readable_and_what_is_erased_unreadable(erased: OnDisk) -> None:
    renewed = rapport("keys", "renew", "--data", str(erased.data))
    assert renewed.returncode == 0, renewed.stderr
    assert "keys anew" in renewed.stdout
    read = ask("names", erased.data, erased.made["own"], erased.made["other"])
    assert read[erased.made["own"]] == []
    assert read[erased.made["other"]][1] == "CANARY-other-reason said so"


def test_a_drill_by_command_leaves_no_key_of_the_erased(erased: OnDisk) -> None:
    """It finds the newest backup by what the practice noted of it, and destroys in its copy what was erased since."""
    drilled = rapport("drill", "--data", str(erased.data))
    assert drilled.returncode == 0, drilled.stdout + drilled.stderr
    assert drilled.stdout.startswith("good      rapport-")
    assert "could not be noted" not in drilled.stderr
    assert erased.holding(bytes.fromhex(erased.made["wrapped"])) == []


def test_a_backup_from_before_does_not_bring_the_erased_back(erased: OnDisk) -> None:
    backup = next(erased.backups.glob("rapport-*"))
    damaged, restored = erased.home / "damaged" / backup.name, erased.home / "restored"
    shutil.copytree(backup, damaged)
    record = damaged / "record.sealed"
    content = bytearray(record.read_bytes())
    content[len(content) // 2] ^= 1
    record.write_bytes(content)
    options = ["--data", str(restored), "--vault", str(erased.home / "vault")]
    refused = rapport("restore", str(damaged), *options)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert "damaged" in refused.stderr
    assert not list(restored.iterdir())

    done = rapport("restore", str(backup), *options)
    assert done.returncode == 0, done.stderr
    assert "The trail is whole" in done.stdout
    read = ask("names", restored, erased.made["own"], erased.made["other"])
    assert read[erased.made["own"]] == []
    assert read[erased.made["other"]][1] == "CANARY-other-reason said so"
