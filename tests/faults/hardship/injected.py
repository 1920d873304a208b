"""Faults at any write of a transaction, its commit included, before it is done or just after."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection

WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_WRITES = 12
COMMIT = 0


class Faults:
    """One fault at a time: the next commit, or the next write but so many."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.place: int | None = None
        self.afterwards = False
        self.struck = 0

    @contextmanager
    def somewhere(self, share: float) -> Iterator[None]:
        """In this share of cases something fails while this lasts."""
        if self.chance.random() < share:
            self.place = self.chance.randint(COMMIT, MOST_WRITES)
            self.afterwards = self.chance.random() < 0.3
        try:
            yield
        finally:
            self.place = None

    @contextmanager
    def wired(self) -> Iterator[None]:
        """Stand between Django and its database."""
        commit = connection.commit

        def committing() -> None:
            if self.place != COMMIT:
                return commit()
            return self._strike(commit)

        with patch.object(connection, "commit", committing), connection.execute_wrapper(self._execute):
            yield

    def _execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.place is None or self.place == COMMIT or not sql.startswith(WRITES):
            return execute(sql, params, many, context)
        self.place -= 1
        if self.place != COMMIT:
            return execute(sql, params, many, context)
        return self._strike(lambda: execute(sql, params, many, context))

    def _strike(self, work: Any) -> Any:
        self.place = None
        self.struck += 1
        if self.afterwards:
            work()
        raise OperationalError("disk I/O error")
