"""Words for a rupture between client and therapist, and when it is still open. A memo, never a score.

Markers and strategies follow the ideas of the 3RS (Eubanks, Muran & Safran) in our own plain words; the formal
instrument needs trained observers and five-minute stretches, and is not this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

PATIENCE = 2  # sessions after which an unrepaired rupture asks to be taken up


class RuptureKind(StrEnum):
    """Moving away, moving against, or both."""

    WITHDRAWAL = "withdrawal"
    CONFRONTATION = "confrontation"
    MIXED = "mixed"


class NoticedBy(StrEnum):
    """Who saw it first."""

    CLIENT = "client"
    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    REVIEWER = "transcript_reviewer"


class Repaired(StrEnum):
    """Whether the two found each other again."""

    NO = "no"
    PARTLY = "partly"
    YES = "yes"


class RuptureState(StrEnum):
    """Where a rupture stands after the sessions held since."""

    FRESH = "fresh"
    OPEN = "open"
    REPAIRED = "repaired"


@dataclass(frozen=True, slots=True)
class Term:
    """A marker or strategy: its code, its words (an English message id), and the kinds it belongs to."""

    code: str
    words: str
    kind: RuptureKind | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a memo can be written with."""

    source: str
    markers: tuple[Term, ...]
    strategies: tuple[Term, ...]
    questions: tuple[str, ...]

    def markers_of(self, kind: RuptureKind) -> tuple[Term, ...]:
        """The markers that fit a kind; of a mixed one all."""
        return tuple(term for term in self.markers if kind in (RuptureKind.MIXED, term.kind))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of a memo.

    >>> len(vocabulary().markers_of(RuptureKind.WITHDRAWAL)), len(vocabulary().strategies)
    (7, 10)
    """
    data = json.loads(files("rapport.clinical.alliance").joinpath("data/ruptures.json").read_text("utf-8"))
    return Vocabulary(
        data["source"],
        tuple(Term(one["code"], one["words"], RuptureKind(one["kind"])) for one in data["markers"]),
        tuple(Term(one["code"], one["words"]) for one in data["strategies"]),
        tuple(data["questions"]),
    )


def rupture_state(repaired: Repaired, sessions_since: int) -> RuptureState:
    """A rupture that was not repaired within two sessions is open.

    >>> rupture_state(Repaired.PARTLY, 2).value, rupture_state(Repaired.NO, 1).value
    ('open', 'fresh')
    """
    if repaired is Repaired.YES:
        return RuptureState.REPAIRED
    return RuptureState.OPEN if sessions_since >= PATIENCE else RuptureState.FRESH
