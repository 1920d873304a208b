"""What was asked and what was heard, in the order in which it was written down.

Every process appends whole lines to one file, before it asks (`invoke`) and after it heard (`ok`: done; `fail`: refused
by name, nothing done). Where neither was written the asker died or lost the line: nobody knows (`info`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOR_EVER = 10**12


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing somebody did: when it was asked and answered (places in the history), and what came of it."""

    process: str
    kind: str
    asked: int
    answered: int
    outcome: str  # ok, fail, info
    given: dict[str, Any] = field(default_factory=dict)
    got: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        return self.outcome == "ok"

    @property
    def may_be_done(self) -> bool:
        return self.outcome != "fail"


class Log:
    """The end of the history that one process writes."""

    def __init__(self, path: Path, process: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._process, self._number = process, 0

    def invoke(self, kind: str, **given: Any) -> int:
        self._number += 1
        self._write(what="invoke", number=self._number, kind=kind, data=given)
        return self._number

    def answer(self, number: int, outcome: str, **got: Any) -> None:
        self._write(what=outcome, number=number, data=got)

    def _write(self, **line: Any) -> None:
        os.write(self._file, (json.dumps({"process": self._process, **line}, default=str) + "\n").encode())


def read(path: Path) -> tuple[Operation, ...]:
    """The history in a file. A line cut short by a kill was not heard by anybody."""
    lines = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    return tuple(_paired(lines))


def _paired(lines: Iterable[dict[str, Any]]) -> Iterator[Operation]:
    answers: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
    asked = []
    for place, line in enumerate(lines):
        if line["what"] == "invoke":
            asked.append((place, line))
        else:
            answers[line["process"], line["number"]] = place, line
    for place, line in asked:
        unheard = FOR_EVER, {"what": "info", "data": {}}
        answered, answer = answers.get((line["process"], line["number"]), unheard)
        outcome = answer["what"]
        until = FOR_EVER if outcome == "info" else answered  # what nobody heard of may still be under way
        yield Operation(line["process"], line["kind"], place, until, outcome, line["data"], answer["data"])
