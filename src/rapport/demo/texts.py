"""The words of the invented practice, from its data files."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
Words = dict[str, Any]


@functools.cache
def words(name: str) -> Words:
    """One data file."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@functools.cache
def clients() -> tuple[Words, ...]:
    """What is written about each client, in the order of the files."""
    files = sorted((DATA / "clients").glob("*.toml"))
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
