"""The figures of a campaign: a table for a person, one line of JSON for a test."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from typing import Any, NoReturn


def show(title: str, rows: Iterable[tuple[str, object]], done: dict[str, Any], *, good: bool) -> NoReturn:
    """Print a table, then everything as one JSON object in the last line; the exit code says whether it held."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"{title}: {'held' if good else 'DID NOT HOLD'}  ({machine})"]
    lines += [f"  {name:<36} {value}" for name, value in rows]
    sys.stdout.write("\n".join([*lines, json.dumps(done), ""]))
    sys.exit(0 if good else 1)
