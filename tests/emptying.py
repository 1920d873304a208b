"""Where several threads write, a test's database is emptied afterwards instead of rolled back.

Emptying would be refused by the guard of the audit trail: it steps aside for that moment only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest


@contextmanager
def guard_steps_aside() -> Iterator[None]:
    """While this lasts, the audit trail can be emptied with everything else."""
    from django.apps import apps
    from django.db import connection

    trigger = import_module("rapport.practice.security.audit.migrations.0002_append_only")
    operations = type(connection.ops)
    refused = operations.execute_sql_flush

    def empty(self: Any, statements: list[str]) -> None:
        with self.connection.schema_editor(atomic=False) as editor:
            trigger.unguard(apps, editor)
        refused(self, statements)
        with self.connection.schema_editor(atomic=False) as editor:
            trigger.guard(apps, editor)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operations, "execute_sql_flush", empty)
        yield
