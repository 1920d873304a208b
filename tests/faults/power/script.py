"""The SQL of real work: every statement with its parameters, and where Django committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any, NamedTuple
from unittest.mock import patch

from django.db import connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

READS = ("SELECT", "EXPLAIN", "PRAGMA TABLE_", "PRAGMA INDEX_", "PRAGMA FOREIGN_KEY_", "PRAGMA INTEGRITY_")


class Statement(NamedTuple):
    """One statement for one store; with `many`, once for each of the parameters."""

    store: str
    sql: str
    parameters: Any = ()
    many: bool = False


class Copy(NamedTuple):
    """SQLite's own copy of a store, as a backup takes it."""

    store: str


class Chapter(NamedTuple):
    """What kind of work follows."""

    name: str


Script = list[Statement | Copy | Chapter]


@contextmanager
def recorded() -> Iterator[Script]:
    """Write down everything that changes a database."""
    script: Script = []
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(_recorder(script, connection.alias)))
            for name, sql in (("_commit", "COMMIT"), ("_rollback", "ROLLBACK")):
                stack.enter_context(patch.object(connection, name, _ending(script, connection, name, sql)))
        yield script


def _recorder(script: Script, store: str) -> Callable[..., Any]:
    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        params = list(params) if many else params
        result = execute(sql, params, many, context)
        if not sql.lstrip().upper().startswith(READS):
            if params is not None:
                sql = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
            given = [_plain(row) for row in params] if many else _plain(params or ())
            script.append(Statement(store, sql, given, many))
        return result

    return record


def _ending(script: Script, connection: Any, name: str, sql: str) -> Callable[[], Any]:
    end = getattr(connection, name)

    def ended() -> Any:
        inside = connection.connection is not None and connection.connection.in_transaction
        result = end()
        if inside:
            script.append(Statement(connection.alias, sql))
        return result

    return ended


def _plain(parameters: Any) -> tuple[Any, ...]:
    """As the driver hands them to SQLite."""
    return tuple(
        bytes(each) if isinstance(each, memoryview) else str(each) if isinstance(each, Decimal) else each
        for each in parameters
    )
