"""An installation that is killed while it is brought up, and brought up again until it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from tests.faults.ground import close_connections
from tests.faults.killer import Say, WorkerFailed, killed

from rapport.config.operations import installation as installations

KIND = "migrations"
UP = ["up"]


def run(home: Path, after: float) -> tuple[list[Any], list[str]]:
    """One kill, on top of what the kills before it left. Once it stands, it is compared and begun anew."""
    return _bring_up(home, after=after, words=0)


def finish(home: Path) -> list[str]:
    """What the last kill left is brought up undisturbed."""
    return _bring_up(home, after=0.0, words=1)[1]


def _bring_up(home: Path, **moment: Any) -> tuple[list[Any], list[str]]:
    expected = {alias: schema(alias) for alias in ("default", "keys")}
    place = home / "young"
    place.mkdir(exist_ok=True)
    with elsewhere(place):
        try:
            words = killed(bring_up, **moment)
        except WorkerFailed:
            return [], ["half done: an installation that was killed cannot be brought up again"]
        if words != [UP]:
            return words, []
        other = [alias for alias, tables in expected.items() if schema(alias) != tables]
    shutil.rmtree(place)
    return words, [f"half done: the {alias} database does not have the tables it should have" for alias in other]


def bring_up(say: Say) -> None:
    installations.prepare()
    say(UP)


@contextmanager
def elsewhere(place: Path) -> Iterator[None]:
    """Both databases, for a while, in another folder."""
    homes = {connection.alias: connection.settings_dict["NAME"] for connection in connections.all()}
    close_connections()
    for alias, name in homes.items():
        connections[alias].settings_dict["NAME"] = place / Path(name).name
    try:
        yield
    finally:
        close_connections()
        for alias, name in homes.items():
            connections[alias].settings_dict["NAME"] = name


def schema(alias: str) -> list[Any]:
    """All tables, indexes and triggers, and which migrations are noted."""
    with connections[alias].cursor() as cursor:
        made = cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        noted = cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return [made, noted]
