"""Every page of a folder stands in the navigation: nobody has to remember to add a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDERS = {"Methods": "methods", "The practice": "duties", "Decisions": "adr"}


def on_config(config: Any) -> Any:
    """Fill the sections that are whole folders, their first page first."""
    _fill(config["nav"], Path(config["docs_dir"]))
    return config


def _fill(entries: list[Any], docs: Path) -> None:
    for entry in entries:
        for title, inside in entry.items() if isinstance(entry, dict) else ():
            if title in FOLDERS:
                first = inside if isinstance(inside, list) else [inside]
                pages = sorted(f"{FOLDERS[title]}/{page.name}" for page in (docs / FOLDERS[title]).glob("*.md"))
                entry[title] = [*first, *(page for page in pages if page not in first)]
            elif isinstance(inside, list):
                _fill(inside, docs)
