"""Percentages of nonoverlap: PND, PEM, PAND and the robust improvement rate difference.

::

    PND   share of B beyond the best score of A               Scruggs, Mastropieri & Casto 1987, RASE 8:24–33
    PEM   share of B beyond the median of A, ½ for a tie      Ma 2006, Behav Modif 30:598–617
    PAND  share of all scores left when the fewest are taken out that make the phases not overlap
                                                              Parker, Hagan-Burke & Vannest 2007, J Spec Educ 40:194–204
    IRD   1 − (m+n)²/(2mn)·(1 − PAND)                         Parker, Vannest & Brown 2009, Except Child 75:135–150

Limits: PND hangs on one extreme score, and none of them has a standard error; they are here because old reviews used
them.
"""

from __future__ import annotations

import numpy as np

from rapport.clinical.statistics.single_case.phases import Phases, SingleCaseEffect


def _effect(phases: Phases, name: str, value: float, formula: str, version: str, source: str) -> SingleCaseEffect:
    return SingleCaseEffect(name, value, formula, version, source, len(phases.before), len(phases.after))


def pnd(phases: Phases) -> SingleCaseEffect:
    """Percentage of nonoverlapping data.

    >>> pnd(Phases.of([28, 32, 36], [32, 40, 44, 52], "increase")).value
    0.75
    """
    before, after = phases.improving()
    value = float((after > before.max()).mean())
    return _effect(phases, "PND", value, "share of B beyond the best of A", "pnd/1", "Scruggs et al. 1987")


def pem(phases: Phases) -> SingleCaseEffect:
    """Percentage exceeding the median.

    >>> pem(Phases.of([28, 32, 36], [32, 40, 44, 52], "increase")).value
    0.875
    """
    before, after = phases.improving()
    middle = np.median(before)
    value = float(((after > middle) + 0.5 * (after == middle)).mean())
    return _effect(phases, "PEM", value, "share of B beyond the median of A, ½ for a tie", "pem/1", "Ma 2006")


def _pand(phases: Phases) -> float:
    before, after = (np.sort(phase) for phase in phases.improving())
    m, n = len(before), len(after)
    # Keep the i worst of A and the scores of B beyond them all.
    kept = [n, *(i + n - int(np.searchsorted(after, before[i - 1], side="right")) for i in range(1, m + 1))]
    return max(*kept, m) / (m + n)


def pand(phases: Phases) -> SingleCaseEffect:
    """Percentage of all nonoverlapping data.

    >>> round(pand(Phases.of([8, 9, 8, 10], [9, 11, 12, 12, 13], "decrease")).value, 6)
    0.555556
    """
    formula = "share of all scores left when the fewest are removed that make the phases not overlap"
    return _effect(phases, "PAND", _pand(phases), formula, "pand/1", "Parker, Hagan-Burke & Vannest 2007")


def improvement_rate_difference(phases: Phases) -> SingleCaseEffect:
    """The robust improvement rate difference, from PAND.

    >>> round(improvement_rate_difference(Phases.of([8, 9, 8, 10], [9, 11, 12, 12, 13], "decrease")).value, 6)
    0.1
    """
    m, n = len(phases.before), len(phases.after)
    value = 1 - (m + n) ** 2 / (2 * m * n) * (1 - _pand(phases))
    formula = "1 − (m + n)²/(2·m·n)·(1 − PAND)"
    return _effect(phases, "IRD", value, formula, "ird/1", "Parker, Vannest & Brown 2009")
