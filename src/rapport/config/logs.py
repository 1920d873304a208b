"""What may stand in a log: what went wrong and where, never with which words."""

from __future__ import annotations

import copy
import logging
import re
import traceback
from types import TracebackType
from typing import TypeAlias

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}")  # 32 random bytes: a link that may still be live


class WithoutValues(logging.Formatter):
    """A fault is named by its kind and its lines. Its message is left out: it may quote what a client wrote."""

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # another handler may have kept the whole traceback there
        return TOKEN.sub("…", super().format(own))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name logging calls
        kind, _, where = ei
        frames = traceback.extract_tb(where) if where else []
        lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([kind.__name__ if kind else "no exception", *lines])
