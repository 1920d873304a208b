"""The guards of the diary stand in the database after every migration there is."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from rapport.practice.sessions.migrations._guards import OVERLAPS, SAME_CLIENT, TABLE, lay_again


def standing() -> set[str]:
    """The names of the guards, as the database itself lists them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'x'"
                " UNION SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [TABLE, TABLE],
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        return {name for (name,) in cursor.fetchall()}


def wanted() -> set[str]:
    names = {*OVERLAPS, SAME_CLIENT}
    return (
        names
        if connection.vendor == "postgresql"
        else {f"{name}_{on}" for name in names for on in ("insert", "update")}
    )


def test_no_migration_has_left_the_diary_unguarded() -> None:
    assert wanted() <= standing(), "a migration altered the session table and did not end with lay_again"


def test_guards_that_a_rebuilt_table_lost_are_laid_again() -> None:
    if connection.vendor != "sqlite":
        with connection.schema_editor() as editor:
            lay_again(apps, editor)  # nothing is lost there, and nothing laid twice
        assert wanted() <= standing()
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER no_two_sessions_of_client_insert")
        assert not wanted() <= standing()
        for _twice in range(2):
            lay_again(apps, type("Editor", (), {"connection": connection, "execute": cursor.execute})())
    assert wanted() <= standing()
