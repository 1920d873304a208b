"""What in the database holds the diary free of overlaps: of a therapist, of a client, in a room.

PostgreSQL by exclusion constraints, SQLite by triggers of the same names that look before each insert and change. On
SQLite a migration that alters the table builds it anew, without its triggers: such a migration ends with
`migrations.RunPython(lay_again, migrations.RunPython.noop)`. `tests/practice/sessions/test_guards.py` finds one that forgot.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "therapy_sessions_therapysession"
OVERLAPS = {
    "no_two_sessions_of_therapist": "therapist_id",
    "no_two_sessions_of_client": "client_id",
    "no_two_sessions_in_room": "room_id",
}
TAKES_TIME = "('planned', 'running', 'ended')"
SAME_CLIENT = "client_is_of_the_episode"

LOOK = """
CREATE TRIGGER {name}_{event} BEFORE {when} ON {table}
WHEN NEW.state IN {states} AND NEW.{column} IS NOT NULL BEGIN
    SELECT RAISE(ABORT, '{name}') WHERE EXISTS (
        SELECT 1 FROM {table} WHERE {column} = NEW.{column} AND planned_start < NEW.planned_end
            AND planned_end > NEW.planned_start AND state IN {states} AND id <> NEW.id
    );
END"""
SAME = """
CREATE TRIGGER {name}_{event} BEFORE {when} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM episodes_episode WHERE id = NEW.episode_id AND client_id = NEW.client_id) BEGIN
    SELECT RAISE(ABORT, '{name}');
END"""
SAME_FUNCTION = f"""
CREATE FUNCTION {SAME_CLIENT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM episodes_episode WHERE id = NEW.episode_id AND client_id = NEW.client_id) THEN
        RAISE integrity_constraint_violation USING MESSAGE = '{SAME_CLIENT}';
    END IF;
    RETURN NEW;
END $$"""


def statements(vendor: str) -> list[str]:
    """What lays the guards."""
    if vendor == "postgresql":
        exclude = (
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {{name}} EXCLUDE USING gist ({{column}} WITH =,"
            f" tstzrange(planned_start, planned_end) WITH &&) WHERE (state IN {TAKES_TIME})"
        )
        return [
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            *(exclude.format(name=name, column=column) for name, column in OVERLAPS.items()),
            SAME_FUNCTION,
            f"CREATE TRIGGER {SAME_CLIENT} BEFORE INSERT OR UPDATE OF client_id, episode_id ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {SAME_CLIENT}()",
        ]
    found = []
    for name, column in OVERLAPS.items():
        changed = f"UPDATE OF {column}, planned_start, planned_end, state"
        for event, when in (("insert", "INSERT"), ("update", changed)):
            found.append(LOOK.format(name=name, event=event, when=when, table=TABLE, column=column, states=TAKES_TIME))
    for event, when in (("insert", "INSERT"), ("update", "UPDATE OF client_id, episode_id")):
        found.append(SAME.format(name=SAME_CLIENT, event=event, when=when, table=TABLE))
    return found


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements(editor.connection.vendor):
        editor.execute(statement)


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for name in OVERLAPS:
            editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {name}")
        editor.execute(f"DROP TRIGGER {SAME_CLIENT} ON {TABLE}")
        editor.execute(f"DROP FUNCTION {SAME_CLIENT}()")
        return
    for name in (*OVERLAPS, SAME_CLIENT):
        for event in ("insert", "update"):
            editor.execute(f"DROP TRIGGER {name}_{event}")


def lay_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Lay on SQLite what a rebuilt table has lost. PostgreSQL keeps its constraints through every change."""
    if editor.connection.vendor != "sqlite":
        return
    for name in (*OVERLAPS, SAME_CLIENT):
        for event in ("insert", "update"):
            editor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")
    forbid(apps, editor)
