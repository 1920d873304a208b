"""A two by two table: a sign (yes, no) against what came of it (yes, no).

::

                 came   did not come          sensitivity = a/(a+c)      PPV = a/(a+b)
    sign          a          b                specificity = d/(b+d)      NPV = d/(c+d)
    no sign       c          d                OR = a·d/(b·c),  interval exp(ln OR ± z·√(1/a + 1/b + 1/c + 1/d))

Shares have Wilson's interval, the odds ratio Woolf's (Woolf 1955, Ann Hum Genet 19:251–253), the test is Fisher's. With
an empty cell there is no odds ratio (None); nothing is added to the counts. Limits: PPV and NPV hold only where things
are as frequent as here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.stats import fisher_exact

from rapport.clinical.kernel.cards import NumberCard
from rapport.clinical.kernel.errors import ClinicalError, OutOfRange
from rapport.clinical.statistics.proportions import Rate


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Four counts and what follows from them.

    >>> early = TwoByTwo(62, 18, 25, 75)
    >>> round(early.sensitivity.share, 3), round(early.odds_ratio, 3), [round(end, 2) for end in early.odds_interval()]
    (0.713, 10.333, [5.17, 20.66])
    """

    both: int
    sign_only: int
    outcome_only: int
    neither: int

    def __post_init__(self) -> None:
        if min(self.both, self.sign_only, self.outcome_only, self.neither) < 0:
            raise OutOfRange("counts", "A count is not below zero.", "Check the four counts.")

    @property
    def n(self) -> int:
        return self.both + self.sign_only + self.outcome_only + self.neither

    @property
    def sensitivity(self) -> Rate:
        return Rate(self.both, self.both + self.outcome_only)

    @property
    def specificity(self) -> Rate:
        return Rate(self.neither, self.sign_only + self.neither)

    @property
    def ppv(self) -> Rate:
        return Rate(self.both, self.both + self.sign_only)

    @property
    def npv(self) -> Rate:
        return Rate(self.neither, self.outcome_only + self.neither)

    @property
    def odds_ratio(self) -> float | None:
        """None while a cell is empty."""
        if min(self.both, self.sign_only, self.outcome_only, self.neither) == 0:
            return None
        return self.both * self.neither / (self.sign_only * self.outcome_only)

    def odds_interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Woolf's interval of the odds ratio."""
        if self.odds_ratio is None:
            return None
        cells = self.both, self.sign_only, self.outcome_only, self.neither
        reach = NormalDist().inv_cdf(1 - (1 - confidence) / 2) * math.sqrt(sum(1 / cell for cell in cells))
        middle = math.log(self.odds_ratio)
        return math.exp(middle - reach), math.exp(middle + reach)

    def fisher_p(self) -> float:
        """Fisher's exact test, two-sided."""
        table = np.array([[self.both, self.sign_only], [self.outcome_only, self.neither]])
        return float(fisher_exact(table).pvalue)

    def cards(self, sign: str, outcome: str) -> tuple[NumberCard, ...]:
        """Sensitivity, specificity, PPV and NPV, each with its interval."""
        texts = (
            ("Sensitivity", "with the sign / with the outcome", self.sensitivity),
            ("Specificity", "without the sign / without the outcome", self.specificity),
            ("Positive predictive value", "with the outcome / with the sign", self.ppv),
            ("Negative predictive value", "without the outcome / without the sign", self.npv),
        )
        return tuple(
            NumberCard(
                name=name,
                value=part.share,
                unit="",
                formula=formula,
                version="two_by_two/1",
                inputs=(("sign", sign), ("outcome", outcome), ("count", part.count), ("out of", part.out_of)),
                n=self.n,
                interval=part.interval,
                source="Wilson 1927 (interval)",
                evidence="A",
                not_meaning="A sign that goes with an outcome does not make it happen.",
                verified=True,
                reason="" if part.share is not None else "nobody_to_count",
            )
            for name, formula, part in texts
        )


def cross(sign: Sequence[bool | None], outcome: Sequence[bool | None]) -> TwoByTwo:
    """Count pairs; a pair with an unknown half is left out.

    >>> cross([True, True, False, None], [True, False, False, True])
    TwoByTwo(both=1, sign_only=1, outcome_only=0, neither=1)
    """
    if len(sign) != len(outcome):
        raise ClinicalError("outcome", "Each sign belongs to one outcome.", "Give as many of one as of the other.")
    pairs = [(a, b) for a, b in zip(sign, outcome, strict=True) if a is not None and b is not None]
    return TwoByTwo(*(pairs.count(cell) for cell in ((True, True), (True, False), (False, True), (False, False))))
