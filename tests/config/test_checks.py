"""`rapport check`: whatever makes an installation unsafe to serve is refused by name, with its remedy.

E11, J02 and the deployment gate of docs/security-cases.md. `rapport serve` asks the same checks before it opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from rapport.config.environment import Installation
from rapport.config.operations import checks, server
from rapport.config.operations import installation as installations
from rapport.practice.security.keys.models import PracticeKey

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
# Tests do not wait for the disk: what this check is for, it says of the tests themselves.
OF_THE_TESTS = {f"Every commit reaches the disk ({alias})" for alias in ("default", "keys")}
Spoil = Callable[[Installation, Settings], Installation | None]


@pytest.fixture
def made(tmp_path: Path) -> Installation:
    found = installations.create_installation(
        tmp_path / "data", vault=tmp_path / "vault", demo=False, origin="https://practice.example.org"
    )
    (found.data / "data.sqlite3").touch(mode=0o600)
    return found


def refused(installation: Installation) -> set[str]:
    found = [check for check in checks.run_checks(installation) if not check.holds]
    assert all(check.remedy for check in found)
    return {check.name for check in found} - OF_THE_TESTS


def test_a_safe_installation_is_served(made: Installation) -> None:
    assert refused(made) == set()


def _chmod(mode: int, name: str) -> Spoil:
    def spoil(installation: Installation, settings: Settings) -> None:
        {"key": installation.root_key_file, "vault": installation.vault, "data": installation.data / "data.sqlite3"}[
            name
        ].chmod(mode)

    return spoil


def _set(**values: object) -> Spoil:
    def spoil(installation: Installation, settings: Settings) -> None:
        for name, value in values.items():
            setattr(settings, name, value)

    return spoil


def _served(origin: str, *, demo: bool = False) -> Spoil:
    return lambda installation, settings: replace(installation, origin=origin, demo=demo)


def _linked(installation: Installation, settings: Settings) -> Installation:
    """The vault's name lies elsewhere, the vault itself in the data folder."""
    inside = installation.data / "inside"
    installation.vault.rename(inside)
    installation.vault.symlink_to(inside)
    return installation


TLS = "The address is on this machine or has TLS"
HERE_ALONE = "A demo practice stays on this machine"
APART = "The root key lies outside the data folder"


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (_chmod(0o640, "key"), "Only its owner can read the root key"),
        (_chmod(0o755, "vault"), "Only its owner can enter the vault"),
        (_chmod(0o604, "data"), "Only its owner can read the record"),
        (_linked, APART),
        (lambda made, settings: replace(made, data=made.vault), APART),
        (lambda made, settings: replace(made, data=made.vault / "data"), APART),
        (_set(DEBUG=True), "Debugging is off"),
        (_set(ALLOWED_HOSTS=["practice.example.org", "*"]), "Only the practice's own address answers"),
        (_set(EMAIL_HOST="smtp.example.org", EMAIL_USE_TLS=False), "Mail leaves this machine encrypted"),
        (_served("http://practice.example.org"), TLS),
        (_served("http://localhost.evil.example"), TLS),
        (_served("http://localhost@evil.example"), TLS),
        (_served("https://demo.example.org", demo=True), HERE_ALONE),
    ],
)
def test_an_unsafe_one_is_refused_by_name(made: Installation, settings: Settings, spoil: Spoil, name: str) -> None:
    assert name in refused(spoil(made, settings) or made)


def test_a_lost_key_an_old_engine_and_another_version_are_refused(
    made: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "SAFE_SQLITE", (99, 0, 0))
    made.root_key_file.unlink()
    found = refused(made)
    assert "The root key is there" in found
    assert any("loses nothing" in name for name in found)


def test_another_practices_key_is_refused(made: Installation) -> None:
    PracticeKey.objects.all().delete()
    PracticeKey.objects.create(version=1, wrapped=bytes(60), created_at="2026-03-02T09:00Z")
    assert "The root key opens this practice" in refused(made)


def test_mail_on_this_machine_and_a_local_demo_are_allowed(made: Installation, settings: Settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    assert refused(replace(made, origin="http://localhost:8000", demo=True)) == set()


def test_the_server_listens_on_this_machine_alone(made: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """J02: a TLS server in front lets others in, never the port itself."""
    started: dict[str, Any] = {}

    class Recorded:
        def __init__(self, target: str, **options: Any) -> None:
            started.update(options)

        def serve(self) -> None:
            started["served"] = True

    monkeypatch.setattr("granian.Granian", Recorded)
    monkeypatch.setattr(
        server.subprocess, "Popen", lambda *_: SimpleNamespace(poll=lambda: None, terminate=int, wait=lambda timeout: 0)
    )
    server.serve(made, 8000)
    assert started["served"]
    assert started["address"] == "127.0.0.1"
