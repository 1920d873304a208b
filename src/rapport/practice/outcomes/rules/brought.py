"""How rows of a file are known again, and what makes an import impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from rapport.clinical.exchange.problems import Problem
from rapport.practice.measures.rules.instruments import own_key
from rapport.practice.outcomes.choices import NEW_MEASURE, ImportPlan
from rapport.practice.security.keys import api as keys


class ImportRefused(ValueError):
    """The file has mistakes; nothing of it was imported."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems: nothing was imported.")


def measure_id(plan: ImportPlan, measure: str) -> str:
    """The instrument a score column belongs to."""
    if measure == NEW_MEASURE and plan.new_measure is not None:
        return own_key(plan.new_measure.id)
    return measure


def name_hash(therapist_id: UUID, client: str) -> bytes:
    """By what an identifier of a therapist's files is known again. Upper and lower case are two identifiers."""
    return keys.keyed_hash("import.client", f"{therapist_id}|{client.encode().hex()}")


def place_hash(therapist_id: UUID, client: str, what: str, on: date) -> bytes:
    """By what a cell is known again: whose, of which measure, on which day."""
    return keys.keyed_hash("import.place", f"{therapist_id}|{client.encode().hex()}|{what}|{on.isoformat()}")


def value_hash(place: bytes, value: float | str) -> bytes:
    """Whether it is the same value as before. Equal values of two places look different."""
    return keys.keyed_hash("import.value", f"{place.hex()}|{value}")


def content_hash(raw: bytes) -> bytes:
    """By what a file is known again."""
    return keys.keyed_hash("import.file", raw.hex())
