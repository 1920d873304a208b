"""The ground the tests stand on holds: no network, one moment, a browser and a database server."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page
from tests.postgres_cluster import Server
from tests.sockets import NetworkForbidden

ROOT = Path(__file__).resolve().parents[2]


def test_the_moment_has_a_zone(at: datetime) -> None:
    assert at.isoformat() == "2026-03-02T09:00:00+00:00"


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_other_machines_cannot_be_reached(host: str) -> None:
    with pytest.raises(NetworkForbidden):
        socket.create_connection((host, 443), timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.postgres
def test_the_server_answers(postgres: Server) -> None:
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute("select current_setting('server_encoding')").fetchone()
    assert row == ("UTF8",)


@pytest.mark.journey
def test_the_browser_shows_a_page(page: Page) -> None:
    page.set_content("<h1>Good morning</h1>")
    assert page.get_by_role("heading").inner_text() == "Good morning"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_only_in_ci(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\nfrom tests.conftest import _no_network\n")
    (tmp_path / "test_one.py").write_text("import pytest\ndef test_one():\n    pytest.skip('no time')\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", str(tmp_path)]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        env={"CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    assert ("In CI nothing may be skipped" in result.stdout) == bool(code)
