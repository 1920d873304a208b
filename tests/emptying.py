"""Where several threads write, a test's database is emptied afterwards instead of rolled back.

Emptying would be refused by the guard of the audit trail: it steps aside for that moment only, in the transaction that
empties, so a guard is never left out. Nothing may still be writing then: a page keeps what is typed every few seconds,
and a window that was closed leaves its last request to be answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

LONGEST_ANSWER = 30  # seconds; only a house that hangs reaches it


@contextmanager
def guard_steps_aside() -> Iterator[None]:
    """While this lasts, the audit trail can be emptied with everything else."""
    from django.apps import apps
    from django.db import connection, transaction

    trigger = import_module("rapport.practice.security.audit.migrations.0002_append_only")
    operations = type(connection.ops)
    refused = operations.execute_sql_flush

    def empty(self: Any, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            editor = SimpleNamespace(connection=self.connection, execute=cursor.execute)
            trigger.unguard(apps, editor)
            refused(self, statements)
            trigger.guard(apps, editor)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operations, "execute_sql_flush", empty)
        yield


class Visits:
    """The requests the house is answering at this moment."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = 0

    def _count(self, by: int) -> None:
        with self._changed:
            self._open += by
            self._changed.notify_all()

    def _came(self, **_: object) -> None:
        self._count(1)

    def _left(self, **_: object) -> None:
        self._count(-1)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count while this lasts, and at the end wait until everybody was answered."""
        from django.core.signals import request_finished, request_started

        request_started.connect(self._came)
        request_finished.connect(self._left)
        try:
            yield
            with self._changed:
                assert self._changed.wait_for(lambda: self._open == 0, LONGEST_ANSWER), "a request was never answered"
        finally:
            request_started.disconnect(self._came)
            request_finished.disconnect(self._left)
