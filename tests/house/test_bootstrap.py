"""The front door says what is wrong in one sentence and never opens half."""

from __future__ import annotations

import socket
from pathlib import Path

import bootstrap
import pytest

Recorded = list[list[str]]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with nothing installed."""
    (tmp_path / "pyproject.toml").write_text("one")
    (tmp_path / "uv.lock").write_text("one")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "rapport-synced")
    return tmp_path


@pytest.fixture
def commands(house: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """What would be run; each command succeeds."""
    recorded: Recorded = []

    def follow(command: list[str], shown: tuple[str, ...] = ()) -> tuple[int, str]:
        recorded.append(command)
        (house / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (house / ".venv" / "bin" / "python").touch()
        return 0, ""

    monkeypatch.setattr(bootstrap, "follow", follow)
    monkeypatch.setattr(bootstrap, "install_uv", lambda: None)
    return recorded


def _sentence(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Traceback" not in error
    return error


def test_an_old_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    assert bootstrap.main(["run"]) == 1
    assert "needs Python 3.11 or newer and this is Python 3.9" in _sentence(capsys)


def test_a_missing_venv_module_names_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else True)
    assert bootstrap.main(["run"]) == 1
    assert "apt install python3-venv" in _sentence(capsys)


def test_a_taken_port_is_named_before_anything_is_installed(
    commands: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert bootstrap.main(["run", "--port", str(port)]) == 1
    assert f"Port {port} is already in use" in _sentence(capsys)
    assert commands == []


def test_no_network_is_called_by_its_name(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failure = "ERROR: Could not find a version\nNewConnectionError: Temporary failure in name resolution"
    monkeypatch.setattr(bootstrap, "follow", lambda command, shown=(): (1, failure))
    assert bootstrap.main(["test"]) == 1
    assert "check the network (or proxy), then run the same command again" in _sentence(capsys)


def test_another_failure_keeps_its_own_last_line() -> None:
    assert str(bootstrap.diagnose("Installing", "first\nNo space left\n")) == "Installing failed: No space left"


def test_a_full_disk_is_one_sentence(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(level: str) -> None:
        raise OSError(28, "No space left on device", ".venv")

    monkeypatch.setattr(bootstrap, "environment", full)
    assert bootstrap.main(["test"]) == 1
    assert "No space left on device (.venv)" in _sentence(capsys)


def test_the_second_start_installs_nothing(commands: Recorded) -> None:
    bootstrap.environment("run")
    assert [command[1] for command in commands] == ["-m", "sync"]
    commands.clear()
    bootstrap.environment("run")
    assert commands == []


@pytest.mark.parametrize("changed", ["pyproject.toml", "uv.lock"])
def test_a_changed_definition_syncs_again(house: Path, commands: Recorded, changed: str) -> None:
    bootstrap.environment("run")
    commands.clear()
    (house / changed).write_text("two")
    bootstrap.environment("run")
    assert [command[1] for command in commands] == ["sync"]


def test_running_after_testing_keeps_the_test_tools(house: Path, commands: Recorded) -> None:
    bootstrap.environment("test")
    commands.clear()
    bootstrap.environment("run")
    assert commands == []
    (house / "uv.lock").write_text("two")
    bootstrap.environment("run")
    assert "--no-dev" not in commands[0]


@pytest.mark.parametrize(
    ("failed", "missing", "ci", "code"),
    [
        ([], [], "true", 0),
        ([], ["the browser"], "", 0),
        ([], ["the browser"], "true", 1),
        (["types"], [], "", 1),
    ],
)
def test_the_exit_code_is_honest(
    monkeypatch: pytest.MonkeyPatch, failed: list[str], missing: list[str], ci: str, code: int
) -> None:
    monkeypatch.setenv("CI", ci)
    assert bootstrap.report(failed, missing) == code


def test_every_step_runs_even_after_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.perform({"first": ["false"], "second": ["true"]}) == ["first"]
    assert "[2/2] second: passed" in capsys.readouterr().out


def test_pytest_arguments_are_handed_on() -> None:
    options, rest = bootstrap.parse(["test", "tests/house", "-k", "door", "-x"])
    assert (options.command, rest) == ("test", ["tests/house", "-k", "door", "-x"])


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--prot", "80"], ["--port", "0"]])
def test_a_wrong_option_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        bootstrap.main(["run", *wrong])
    assert refused.value.code == 2
    assert "error" in capsys.readouterr().err


def test_a_launcher_that_only_prints_advice_is_no_browser(tmp_path: Path) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text("#!/bin/sh\necho please install the snap >&2\nexit 1\n")
    stub.chmod(0o755)
    assert not bootstrap.starts(str(stub))
    assert not bootstrap.starts(str(tmp_path / "absent"))
    assert not bootstrap.starts(None)


def test_postgres_needs_all_three_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "pg_ctl"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("RAPPORT_TEST_POSTGRES", str(tmp_path))
    assert bootstrap.find_postgres() != str(tmp_path)
    (tmp_path / "postgres").touch(mode=0o755)
    assert bootstrap.find_postgres() == str(tmp_path)
