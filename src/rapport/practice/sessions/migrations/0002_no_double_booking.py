"""PostgreSQL holds the diary free of overlaps by itself; SQLite by the one writer at a time that it has."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OVERLAPS = {"no_two_sessions_of_therapist": "therapist_id", "no_two_sessions_in_room": "room_id"}


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name, column in OVERLAPS.items():
        editor.execute(
            f"ALTER TABLE therapy_sessions_therapysession ADD CONSTRAINT {name} EXCLUDE USING gist"
            f" ({column} WITH =, tstzrange(planned_start, planned_end) WITH &&)"
            " WHERE (state IN ('planned', 'running', 'ended'))"
        )


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for name in OVERLAPS:
        editor.execute(f"ALTER TABLE therapy_sessions_therapysession DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [("therapy_sessions", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
