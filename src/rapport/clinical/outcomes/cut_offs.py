"""Where the clinical range ends: cut-offs a, b and c of Jacobson & Truax 1991 (p. 13), and who crossed it.

M, S of people in treatment; M_f, S_f of people outside it; signs for "lower is better", mirrored otherwise::

    a  M − 2·S            two SDs away from people in treatment
    b  M_f + 2·S_f        within two SDs of people outside it (S_f is the functional SD)
    c  (S·M_f + S_f·M) / (S + S_f)     halfway, weighted by the spreads

c is used when both norms are known, a without functional and b without clinical norms. A score exactly on the cut-off
is on neither side. These strict sides are not the NHS's (≥): never mix the two in one table without saying so.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.outcomes.reliable_change import Array, NotDefined, Reference, true_share


class CutOffKind(StrEnum):
    """Which cut-off; GIVEN was entered or published as such."""

    A = "a"
    B = "b"
    C = "c"
    GIVEN = "given"


class ChangeClass(StrEnum):
    """The classes of change. HARMED is "deteriorated, and crossed into the clinical range"; counts add up to n."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"
    NOT_CLASSIFIABLE = "not_classifiable"

    @property
    def without_subtype(self) -> ChangeClass:
        """HARMED counts as DETERIORATED where four classes are shown."""
        return ChangeClass.DETERIORATED if self is ChangeClass.HARMED else self


def cut_a(clinical_mean: float, clinical_sd: float, direction: Direction) -> float:
    """Two SDs beyond people in treatment, on the better side.

    >>> cut_a(40, 7.5, Direction.HIGHER)
    55.0
    """
    return clinical_mean + direction.sign * 2 * clinical_sd


def cut_b(functional_mean: float, functional_sd: float, direction: Direction) -> float:
    """Two SDs of people outside treatment, on the worse side.

    >>> cut_b(60, 7.5, Direction.HIGHER)
    45.0
    """
    return functional_mean - direction.sign * 2 * functional_sd


def cut_c(clinical_mean: float, clinical_sd: float, functional_mean: float, functional_sd: float) -> float:
    """Where the two distributions meet; direction does not matter.

    >>> cut_c(40, 7.5, 60, 7.5)
    50.0
    """
    return (clinical_sd * functional_mean + functional_sd * clinical_mean) / (clinical_sd + functional_sd)


def choose_cut(norms: Norms) -> tuple[CutOffKind, float] | None:
    """The cut-off these norms allow; None when they allow none on the scale.

    >>> choose_cut(Norms(0, 52, Direction.LOWER, functional_mean=8, functional_sd=8))
    (<CutOffKind.B: 'b'>, 24)
    """
    if norms.cut is not None:
        return CutOffKind.GIVEN, norms.cut
    mean, sd, functional_mean, functional_sd = (
        norms.clinical_mean,
        norms.clinical_sd,
        norms.functional_mean,
        norms.functional_sd,
    )
    if functional_mean is not None and functional_sd is not None:
        if mean is not None and sd is not None:
            found = CutOffKind.C, cut_c(mean, sd, functional_mean, functional_sd)
        else:
            found = CutOffKind.B, cut_b(functional_mean, functional_sd, norms.direction)
    elif mean is not None and sd is not None:
        found = CutOffKind.A, cut_a(mean, sd, norms.direction)
    else:
        return None
    return found if norms.low <= found[1] <= norms.high else None


def true_score_cut(
    reference: Reference, functional_mean: float, functional_sd: float, kind: CutOffKind, direction: Direction
) -> float:
    """Hageman & Arrindell's cut-offs: as above, each SD freed from error (S·√reliability, one SEM for all)."""
    clinical = reference.sd * math.sqrt(true_share(reference.sd, reference.sem))
    functional = functional_sd * math.sqrt(true_share(functional_sd, reference.sem))
    mean = reference.need("mean")
    if kind is CutOffKind.A:
        return cut_a(mean, clinical, direction)
    if kind is CutOffKind.B:
        return cut_b(functional_mean, functional, direction)
    return cut_c(mean, clinical, functional_mean, functional)


def true_score_test(post: ArrayLike, cut: float, reference: Reference) -> Array:
    """Hageman & Arrindell's test of having crossed: (M_post + (post − M_post)·r_yy − cut) / (√r_yy·SEM)."""
    r_yy = true_share(reference.need("sd_post"), reference.sem)
    mean = reference.need("mean_post")
    estimate = mean + (np.asarray(post, float) - mean) * r_yy
    return np.asarray((estimate - cut) / (math.sqrt(r_yy) * reference.sem))


def classify(
    pre: ArrayLike,
    post: ArrayLike,
    index: ArrayLike,
    *,
    cut: float,
    critical: float,
    direction: Direction,
    crossed: ArrayLike | None = None,
) -> tuple[ChangeClass, ...]:
    """The class of each person. ``crossed`` replaces "after is on the functional side" (Hageman & Arrindell's test).

    >>> [one.value for one in classify([20, 12, 9], [5, 10, 18], [-3.8, -0.5, 2.3],
    ...                                cut=10, critical=1.96, direction=Direction.LOWER)]
    ['recovered', 'unchanged', 'harmed']
    """
    sign = direction.sign
    before, after, rci = (np.atleast_1d(np.asarray(values, float)) for values in (pre, post, index))
    known = ~(np.isnan(before) | np.isnan(after) | np.isnan(rci))
    clinical = sign * before < sign * cut
    functional = sign * after > sign * cut if crossed is None else np.atleast_1d(np.asarray(crossed, bool))
    improved, worse = sign * rci > critical, sign * rci < -critical
    rules = {
        ChangeClass.NOT_CLASSIFIABLE: ~known,
        ChangeClass.RECOVERED: clinical & functional & improved,
        ChangeClass.IMPROVED: improved,
        ChangeClass.HARMED: ~clinical & ~functional & worse,
        ChangeClass.DETERIORATED: worse,
    }
    chosen = np.select(list(rules.values()), [one.value for one in rules], ChangeClass.UNCHANGED.value)
    return tuple(ChangeClass(one) for one in chosen.tolist())


def count_classes(classes: Sequence[ChangeClass]) -> dict[ChangeClass, int]:
    """How many of each of the four classes (harmed counts as deteriorated) and how many could not be classified."""
    counts = Counter(one.without_subtype for one in classes)
    return {one: counts[one] for one in ChangeClass if one is not ChangeClass.HARMED}


def clinical_reference(norms: Norms) -> Reference:
    """The reference for reliable change that these norms give; refused with a reason if something is missing."""
    if norms.reliability is None:
        raise NotDefined("reliability", "Reliable change needs a reliability.", "Enter the published one.")
    if norms.clinical_sd is None:
        raise NotDefined(
            "clinical_sd", "Reliable change needs the SD before treatment.", "Enter it or use your sample's."
        )
    return Reference(norms.reliability, norms.clinical_sd, norms.clinical_mean)
