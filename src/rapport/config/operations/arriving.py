"""A move that was killed half-way: what of it can be finished, and what is no practice at all.

The installation's file says where the practice lies, and changing that line is the move. Before it, the place moved to
is marked and nobody may open it; after it, what remains to be done is done by whoever comes next.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from rapport.config.environment import Installation, InstallationError
from rapport.config.operations.holds import to_disk

ARRIVING, LEFT = "arriving", "left-%Y%m%dT%H%M%SZ"
FILES = {"default": "data.sqlite3", "keys": "keys.sqlite3"}
MARK = "rapport_half_moved"
KEYS_KEPT = timedelta(days=30)


def finish_arrival(installation: Installation) -> None:
    """Put files that have arrived where the practice is looked for; half of a move goes. Needs no Django."""
    arriving = installation.data / ARRIVING
    if not arriving.exists():
        return
    if installation.engine == "sqlite":
        for name in FILES.values():
            if (arriving / name).exists():
                (arriving / name).replace(installation.data / name)
        to_disk(installation.data)
    shutil.rmtree(arriving)


def set_aside(installation: Installation, at: datetime) -> Path | None:
    """Take the files the practice has left out of the way."""
    place = installation.data / at.strftime(LEFT)
    for name in FILES.values():
        for file in (installation.data / name, installation.data / f"{name}-wal", installation.data / f"{name}-shm"):
            if file.exists():
                place.mkdir(exist_ok=True, mode=0o700)
                file.replace(place / file.name)
    return place if place.exists() else None


def drop_left_keys(installation: Installation, at: datetime) -> None:
    """Keys that stayed behind in a move go after thirty days, as those in backups do."""
    for place in installation.data.glob("left-*"):
        if place.name < (at - KEYS_KEPT).strftime(LEFT):
            for file in place.glob(f"{FILES['keys']}*"):
                file.unlink()


def mark(alias: str, move: str) -> None:
    """Say in a database that it is no practice yet."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE rapport_half_moved (move varchar(64) NOT NULL)")
        cursor.execute("INSERT INTO rapport_half_moved VALUES (%s)", [move])


def marked(alias: str) -> str | None:
    """Which move this database is the half of, if it is."""
    from django.db import connections

    connection = connections[alias]
    if connection.vendor == "sqlite" or MARK not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT move FROM rapport_half_moved")
        return str(cursor.fetchone()[0])


def refuse_half_moved(installation: Installation) -> None:
    """A place that a killed move left half-filled is not opened; one that only kept its mark loses it."""
    from django.db import connections

    from rapport.config.operations.stores import STORES
    from rapport.practice.foundation import clock

    for alias in STORES:
        found = marked(alias)
        if found is not None and found != installation.move:
            raise InstallationError(
                f"The PostgreSQL database ({alias}) holds half of a practice: a move was broken off. "
                "The practice is whole where it was. Run the same rapport move again."
            )
    for alias in STORES:
        if marked(alias) is not None:
            with connections[alias].cursor() as cursor:
                cursor.execute("DROP TABLE rapport_half_moved")
    if installation.engine == "postgresql":
        set_aside(installation, clock.now())
    drop_left_keys(installation, clock.now())
