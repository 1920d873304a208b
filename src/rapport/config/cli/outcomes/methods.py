"""By what changes were read: the measure's own rule, or one published method with its own cut-off and threshold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rapport.clinical.measures.norms import Direction, Norms
from rapport.clinical.outcomes.cut_offs import (
    ChangeClass,
    CutOffKind,
    choose_cut,
    classify,
    true_score_cut,
    true_score_test,
)
from rapport.clinical.outcomes.reliable_change import (
    Method,
    NotDefined,
    Reference,
    change_index,
    critical_value,
    least_reliable_change,
    reference_of,
)
from rapport.clinical.outcomes.yardstick import Basis, Yardstick
from rapport.config.cli.outcomes.showing import number

Column = np.ndarray[tuple[int], np.dtype[np.float64]]
BASES = {
    Basis.NHS.value: "NHS Talking Therapies (whole points, the threshold itself counts)",
    Basis.JACOBSON_TRUAX.value: "Jacobson & Truax 1991 (more than the threshold)",
    Basis.NONE.value: "none: nothing tells change from error",
    Method.EDWARDS_NUNNALLY.name.lower(): "Edwards & Nunnally",
    Method.GULLIKSEN_LORD_NOVICK.name.lower(): "Gulliksen, Lord & Novick",
    Method.HSU_LINN_LORD.name.lower(): "Hsu, Linn & Lord",
    Method.NUNNALLY_KOTSCH.name.lower(): "Nunnally & Kotsch",
    Method.HAGEMAN_ARRINDELL.name.lower(): "Hageman & Arrindell 1999",
}


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Cut-off and threshold that were used: ``least_change`` in points, or ``critical`` for the size of the index."""

    basis: str
    method: str | None
    cut: float | None
    cut_kind: str | None
    least_change: float | None
    critical: float | None
    own_sample: bool
    source: str
    verified: bool
    reason: str = ""

    def healthy(self, score: float | None, direction: Direction) -> bool | None:
        """Whether a score lies on the healthy side; None where that is not known."""
        if score is None or self.cut is None:
            return None
        return direction.sign * (score - self.cut) > 0


@dataclass(frozen=True, slots=True)
class MethodFound:
    """Index and class of each person, and by what."""

    index: list[float]
    classes: tuple[ChangeClass, ...]
    read_by: ReadBy


def by_rule(rule: Yardstick, *, own_sample: bool) -> ReadBy:
    """The measure's own rule."""
    kind = None if rule.cut_kind is None else rule.cut_kind.value
    return ReadBy(
        rule.basis.value, None, rule.cut, kind, rule.least_change, None, own_sample, rule.source, rule.verified,
        rule.reason,
    )  # fmt: skip


def sentences(used: ReadBy) -> list[str]:
    """By what, for a console."""
    said = [f"Rule: {BASES[used.basis]}{f' ({used.method})' if used.method else ''}."]
    if used.cut is not None and used.least_change is not None:
        said.append(f"Cut-off: {number(used.cut)}. A change counts from {number(used.least_change)} points.")
    elif used.cut is not None and used.critical is not None:
        said.append(f"Cut-off: {number(used.cut)}. A change counts where its index is beyond {number(used.critical)}.")
    if used.reason:
        said.append(f"Missing: {used.reason.removeprefix('no_').replace('_', ' ')}.")
    if used.own_sample:
        said.append("The spread before treatment is that of these clients.")
    if not used.verified:
        said.append("These norms were not yet checked against their source.")
    return said


def by_method(pre: Column, post: Column, norms: Norms, method: Method) -> MethodFound:
    """Index and class by one published method; what norms do not give, the sample does."""
    reference, sampled = _reference(pre, post, norms, method)
    chosen = choose_cut(replace(norms, clinical_mean=reference.mean, clinical_sd=reference.sd))
    if chosen is None:
        raise NotDefined("cut", "These norms give no cut-off on the scale.", "Give --norm cut=…")
    kind, cut = chosen
    index, critical = change_index(pre, post, reference, method), critical_value(method)
    crossed = None
    if method is Method.HAGEMAN_ARRINDELL:
        kind, cut = _true_cut(reference, norms, kind)
        crossed = _crossed(post, cut, reference, norms.direction)
    classes = classify(pre, post, index, cut=cut, critical=critical, direction=norms.direction, crossed=crossed)
    least = least_reliable_change(reference) if method is Method.JACOBSON_TRUAX else None
    used = ReadBy(
        method.name.lower(), method.value, cut, kind.value, least, critical, sampled, norms.source, norms.verified
    )
    return MethodFound(index.tolist(), classes, used)


def _reference(pre: Column, post: Column, norms: Norms, method: Method) -> tuple[Reference, bool]:
    """The people a change is measured against, and whether the sample had to lend its mean or spread."""
    if norms.reliability is None:
        raise NotDefined("reliability", "Reliable change needs a reliability.", "Give --norm reliability=…")
    known = norms.clinical_sd is not None and norms.clinical_mean is not None
    if known and method not in (Method.HSU_LINN_LORD, Method.HAGEMAN_ARRINDELL):
        sd, mean = norms.clinical_sd or 0.0, norms.clinical_mean
        return Reference(norms.reliability, sd, mean, norms.reliability), False
    if pre.size < 2:
        raise NotDefined("mean", "One person is no sample.", "Give clinical norms, or more people.")
    sample = reference_of(pre, post, norms.reliability, norms.reliability)
    mean = sample.mean if norms.clinical_mean is None else norms.clinical_mean
    sd = sample.sd if norms.clinical_sd is None else norms.clinical_sd
    return replace(sample, sd=sd, mean=mean), not known


def _true_cut(reference: Reference, norms: Norms, kind: CutOffKind) -> tuple[CutOffKind, float]:
    """Hageman & Arrindell's cut-off of true scores."""
    if norms.functional_mean is None or norms.functional_sd is None:
        raise NotDefined("functional_mean", "Hageman & Arrindell need people outside treatment.", "Give --norm …")
    kind = CutOffKind.C if kind is CutOffKind.GIVEN else kind
    return kind, true_score_cut(reference, norms.functional_mean, norms.functional_sd, kind, norms.direction)


def _crossed(post: Column, cut: float, reference: Reference, direction: Direction) -> NDArray[np.bool_]:
    """Their own test of having crossed it."""
    test = true_score_test(post, cut, reference)
    return np.asarray(direction.sign * test > critical_value(Method.HAGEMAN_ARRINDELL))
