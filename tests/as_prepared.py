"""Every prepared question is also built the plain way, and both must say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

import rapport.practice.foundation.prepared as prepared

SAME_IDS = re.compile(r"\((?:%s, )*%s\)")  # so many ids as the next power of two, the last said again


@contextmanager
def compared() -> Iterator[None]:
    """As long as this lasts, a question whose SQL is not that of its plain form is a fault."""
    worked_out = prepared.ready

    def both(build: Callable[..., QuerySet[Any]], plans: Any, args: Any, named: Any) -> QuerySet[Any]:
        found = worked_out(build, plans, args, named)
        ours, plain = _sql(found), _sql(build(*args, **named))
        assert ours == plain, f"{build.__module__}.{build.__qualname__}: {ours} is not {plain}"
        return found

    with patch.object(prepared, "ready", both):
        yield


def _sql(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return "", []
    return (sql, [*params]) if not SAME_IDS.search(sql) else (SAME_IDS.sub("(%s)", sql), sorted({*map(str, params)}))
