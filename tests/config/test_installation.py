"""Making an installation, refusing an unsafe one in one sentence, and what stands at the door of a fresh practice."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from tests.config.practice_on_disk import ask, create, rapport

from rapport.config import cli
from rapport.config.environment import InstallationError, read_installation
from rapport.config.operations import installation as installations
from rapport.practice.security.keys.root import RootKeyUnusable, read_root_key, write_root_key

ORIGIN = "http://localhost:8000"


def _made(home: Path, **changed: Any) -> Any:
    given = {"vault": home / "vault", "demo": False, "origin": ORIGIN, **changed}
    return installations.create_installation(home / "data", **given)


def test_a_new_practice_has_its_keys_apart_from_its_data(tmp_path: Path) -> None:
    made = _made(tmp_path)
    assert made == read_installation(tmp_path / "data")
    assert {file.name for file in made.data.iterdir()} == {"practice.json"}
    for file in made.vault.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    assert stat.S_IMODE(made.vault.stat().st_mode) & 0o077 == 0
    root = read_root_key(made.root_key_file)
    assert root.hex() not in (made.data / "practice.json").read_text()
    sheet = (made.vault / installations.SHEET).read_text()
    code = "-".join(line.strip() for line in sheet.splitlines() if line.startswith("    "))
    assert installations.read_recovery_code(code) == root
    assert made.practice_id in sheet


def test_a_folder_that_holds_something_is_not_used(tmp_path: Path) -> None:
    _made(tmp_path)
    with pytest.raises(InstallationError, match="is not empty"):
        _made(tmp_path, vault=tmp_path / "another")
    assert not (tmp_path / "another").exists()


def test_a_vault_that_holds_a_key_is_not_written_over(tmp_path: Path) -> None:
    before = read_root_key(_made(tmp_path).root_key_file)
    with pytest.raises(InstallationError, match="holds a root key already"):
        installations.create_installation(tmp_path / "other", vault=tmp_path / "vault", demo=False, origin=ORIGIN)
    assert read_root_key(tmp_path / "vault" / "root.key") == before
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("inside", ["data", "data/vault", "data/a/../b"])
def test_a_vault_inside_the_data_is_refused(tmp_path: Path, inside: str) -> None:
    with pytest.raises(InstallationError, match="lies inside the data folder"):
        _made(tmp_path, vault=tmp_path / inside)
    assert not (tmp_path / "data").exists()


def test_a_folder_without_a_practice_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="Start one with: rapport serve"):
        read_installation(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.unlink(), "is missing. Put it back from your recovery sheet"),
        (lambda file: file.chmod(0o644), "can be read by others. Close it: chmod 600"),
        (lambda file: file.write_text("not a key\n"), "is not a root key"),
        (lambda file: file.write_text("ab" * 31 + "\n"), "is not a root key"),
    ],
)
def test_an_unusable_root_key_is_one_clear_sentence(tmp_path: Path, spoil: Any, words: str) -> None:
    file = tmp_path / "root.key"
    write_root_key(file)
    spoil(file)
    with pytest.raises(RootKeyUnusable, match=words) as refused:
        read_root_key(file)
    assert str(file) in str(refused.value)


def _every_command(group: click.Group, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [before]
    for name, command in group.commands.items():
        found += _every_command(command, (*before, name)) if isinstance(command, click.Group) else [(*before, name)]
    return found


@pytest.mark.parametrize("words", _every_command(cli.rapport), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli.rapport, [*words, "--help"])
    assert shown.exit_code == 0
    lines = [line for line in shown.output.splitlines() if line.strip()]
    assert len(lines) > 3
    assert "Traceback" not in shown.output


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a practice that nobody has opened yet; its answers at the door lie beside it."""
    home = tmp_path_factory.mktemp("fresh")
    create(home / "data", origin="https://practice.example.org")
    (home / "doors.json").write_text(json.dumps(ask("doors", home / "data")))
    return home


@pytest.mark.xdist_group("fresh")
def test_a_fresh_practice_is_closed_but_for_one_link(fresh: Path) -> None:
    """No account, no default password, no demo path; the address at which it is opened works; cookies need TLS."""
    found = json.loads((fresh / "doors.json").read_text())
    assert found["accounts"] == 0
    assert not found["debug"]
    assert found["session_cookie"] == "__Host-session"
    answers = found["answers"]
    opening = next(path for path in answers if path.startswith("/open/"))
    assert answers[opening]["status"] == 200
    assert answers["/sign-in/"]["status"] == 200
    assert answers["/gallery/"]["status"] == 404
    assert answers["/nowhere/"]["status"] == 404
    assert [answer["status"] for path, answer in answers.items() if path.startswith("/demo/")] == [404]
    for path, answer in answers.items():
        assert answer["headers"]["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains"), path
        cookies = [line for line in answer["cookies"].splitlines() if line]
        assert all("__Host-" in line and "Secure" in line and "HttpOnly" in line for line in cookies), cookies

    link = rapport("demo", "link", "manager", "--data", str(fresh))
    assert link.returncode == 2
    assert "is a real practice" in link.stderr

    checked = rapport("check", "--data", str(fresh / "data"))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "NO " not in checked.stdout


@pytest.mark.xdist_group("fresh")
def test_another_practices_root_key_is_noticed_before_the_doors_open(fresh: Path) -> None:
    data, key = fresh / "data", fresh / "vault" / "root.key"
    kept = key.read_text()
    key.unlink()
    write_root_key(key)
    checked = rapport("check", "--data", str(data))
    assert checked.returncode == 1
    assert "NO  The root key opens this practice" in checked.stdout
    key.write_text(kept)
    key.chmod(0o644)
    refused = rapport("check", "--data", str(data))
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "chmod 600" in refused.stderr
    key.chmod(0o600)


def test_a_command_without_a_practice_says_so_in_one_sentence(tmp_path: Path) -> None:
    for words in (["check"], ["audit", "verify"], ["backup", "--to", str(tmp_path / "b")]):
        answer = rapport(*words, "--data", str(tmp_path / "nothing"))
        assert answer.returncode == 2
        assert answer.stderr.count("\n") == 1
        assert "No practice in" in answer.stderr


@pytest.mark.xdist_group("fresh")
def test_a_backup_does_not_go_where_the_keys_or_the_data_are(fresh: Path) -> None:
    data = fresh / "data"
    for place in (data / "backups", fresh / "vault" / "b"):
        answer = rapport("backup", "--data", str(data), "--to", str(place))
        assert answer.returncode == 2
        assert "Back up to another disk or folder" in answer.stderr
        assert not place.exists()


def test_the_installation_file_names_no_secret(tmp_path: Path) -> None:
    kept = json.loads((_made(tmp_path).data / "practice.json").read_text())
    assert set(kept) == {"id", "vault", "demo", "origin", "engine"}
