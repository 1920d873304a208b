"""A machine in trouble: clear words, nothing typed is lost, whom to call is always said, no new start (G05, G06)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.config.practice_on_disk import run
from tests.faults.hardship.troubles import own_mounts
from tests.postgres_cluster import Server


def _ordeal(home: Path, **environment: str) -> Any:
    command = [sys.executable, "-m", "tests.faults.hardship.ordeal", str(home / "home")]
    done = run([*own_mounts(), *command], **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _held(done: Any) -> None:
    assert all(not problems for problems in done["found"].values()), done["found"]
    assert all(done["noticed"].values()), done["noticed"]  # the controls: faults put in on purpose


@pytest.mark.fault
def test_a_practice_in_files_goes_through_every_trouble(tmp_path: Path) -> None:
    done = _ordeal(tmp_path)
    _held(done)
    assert len(done["found"]) >= 5


@pytest.mark.fault
def test_a_practice_on_postgresql_goes_through_its_own(tmp_path: Path, postgres: Server) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute("CREATE DATABASE hardship")
        server.execute("CREATE DATABASE hardship_keys")
    urls = postgres.url("hardship"), postgres.url("hardship_keys")
    _held(_ordeal(tmp_path, RAPPORT_DATABASE_URL=urls[0], RAPPORT_KEYS_DATABASE_URL=urls[1]))
