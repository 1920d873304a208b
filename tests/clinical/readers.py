"""Readers of the reference files beside the tests."""

import csv
import json
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"


def numbers(name: str) -> Any:
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
