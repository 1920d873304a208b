"""What a therapist does in an hour: a list per method, each with its family. The mode is chosen when it is noted."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from rapport.clinical.episodes.modality import Modality


class Family(StrEnum):
    """The kind of thing it is."""

    RELATIONAL = "relational"
    EXPLORATORY = "exploratory"
    COGNITIVE = "cognitive"
    BEHAVIOURAL = "behavioural"
    HYPNOTIC = "hypnotic"
    PSYCHOEDUCATION = "psychoeducation"
    CRISIS = "crisis"
    ADMIN = "admin"


class Mode(StrEnum):
    """How it was done: through dialogue, through communication, through changing behaviour."""

    DIALOGUE = "dialogue"
    COMMUNICATION = "communication"
    BEHAVIOUR_CHANGE = "behaviour_change"


@dataclass(frozen=True, slots=True)
class Intervention:
    """One thing a therapist may do. `methods` is empty for what belongs to every method."""

    code: str
    family: Family
    name: str
    mode: Mode  # the usual one, offered first
    methods: frozenset[Modality]


def interventions_for(modality: Modality | None) -> tuple[Intervention, ...]:
    """What belongs to a method, and to every method; without one, everything.

    >>> [each.code for each in interventions_for(Modality.HYPNOTHERAPY) if each.family is Family.HYPNOTIC][0]
    'induction'
    """
    wanted = None if modality in (None, Modality.INTEGRATIVE, Modality.OTHER) else modality
    return tuple(each for each in everything().values() if not each.methods or wanted is None or wanted in each.methods)


@cache
def everything() -> dict[str, Intervention]:
    """Every intervention by its code, in the order of the families."""
    text = files("rapport.clinical.sessions.room").joinpath("data", "interventions.toml").read_text("utf-8")
    found = {}
    for family in Family:
        for row in tomllib.loads(text).get(family, []):
            methods = frozenset(Modality(name) for name in row.get("methods", []))
            found[row["code"]] = Intervention(row["code"], family, row["name"], Mode(row["mode"]), methods)
    return found
