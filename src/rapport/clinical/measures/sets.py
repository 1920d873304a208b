"""Which forms suit which kind of problem: data, to begin with and to change."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rapport.clinical.episodes.referral import ProblemDomain
from rapport.clinical.measures.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class SetForm:
    """One place in a set: the instruments that may take it, the best first, and how often it is asked."""

    any_of: tuple[str, ...]
    rhythm: Rhythm
    every: int | None

    def taken_by(self, here: Collection[str]) -> str | None:
        """The first of its instruments that can be asked here."""
        return next((one for one in self.any_of if one in here), None)


@lru_cache(maxsize=1)
def measure_sets() -> dict[ProblemDomain, tuple[SetForm, ...]]:
    """Every set.

    >>> [form.any_of[0] for form in measure_sets()[ProblemDomain.PERSONAL_GROWTH]]
    ['who5', 'swls']
    """
    data = tomllib.loads(files("rapport.clinical.measures").joinpath("sets.toml").read_text("utf-8"))
    return {
        ProblemDomain(domain): tuple(
            SetForm(tuple(form["any_of"]), Rhythm(form["rhythm"]), form.get("every")) for form in entry["forms"]
        )
        for domain, entry in data.items()
    }
