"""The number cards behind a course: first and last score, change, smallest reliable change, cut-off, index."""

from __future__ import annotations

from math import sqrt

from rapport.clinical.kernel.cards import Evidence, Input, NumberCard
from rapport.clinical.measures.norms import Direction
from rapport.clinical.outcomes.cut_offs import CutOffKind
from rapport.clinical.outcomes.reliable_change import critical_value
from rapport.clinical.outcomes.yardstick import Basis, Yardstick

NOT_A_CAUSE = "It does not say why the scores changed, nor that therapy changed them."
NOT_A_LINE = "It is a convention for counting, not a line between well and ill."
NOT_IMPORTANCE = "It says what is beyond measurement error, not what matters to the person."

CUT_FORMULAS = {
    Direction.LOWER: {CutOffKind.A: "M − 2·S", CutOffKind.B: "M_f + 2·S_f"},
    Direction.HIGHER: {CutOffKind.A: "M + 2·S", CutOffKind.B: "M_f − 2·S_f"},
}
EITHER_WAY = {CutOffKind.C: "(S·M_f + S_f·M) / (S + S_f)", CutOffKind.GIVEN: "given", None: "none"}
RULE_NAMES = {Basis.NHS: "nhs_talking_therapies/1", Basis.JACOBSON_TRUAX: "jacobson_truax/1", Basis.NONE: "none/1"}
SOURCES = {
    Basis.NHS: "NHS Talking Therapies rules",
    Basis.JACOBSON_TRUAX: "Jacobson & Truax 1991",
    Basis.NONE: "",
}
GRADES: dict[Basis, Evidence] = {Basis.NHS: "A", Basis.JACOBSON_TRUAX: "B", Basis.NONE: "C"}


def _source(rule: Yardstick) -> str:
    parts = dict.fromkeys(part for part in (SOURCES[rule.basis], rule.source) if part)
    return "; ".join(parts)


def _norms(rule: Yardstick) -> tuple[Input, ...]:
    if rule.norms is None:
        return ()
    return (
        ("r", rule.norms.reliability),
        ("M", rule.norms.clinical_mean),
        ("S", rule.norms.clinical_sd),
        ("M_f", rule.norms.functional_mean),
        ("S_f", rule.norms.functional_sd),
    )


def _score_card(rule: Yardstick, name: str, value: float | None, n: int, missing: int) -> NumberCard:
    return NumberCard(
        name=name,
        value=value,
        unit="points",
        formula="total of the answers",
        version="score/1",
        inputs=(("lowest", rule.low), ("highest", rule.high)),
        n=n,
        missing=missing,
        evidence=GRADES[rule.basis],
        not_meaning="A score is not a diagnosis.",
        verified=True,
        reason="" if value is not None else "no_score",
    )


def _change_card(
    rule: Yardstick, first: float | None, last: float | None, change: float | None, n: int, missing: int, reason: str
) -> NumberCard:
    interval = None
    if change is not None and rule.basis is Basis.JACOBSON_TRUAX and rule.least_change is not None:
        interval = (change - rule.least_change, change + rule.least_change)
    return NumberCard(
        name="Change since the first score",
        value=change,
        unit="points",
        formula="last − first",
        version="change/1",
        inputs=(("first", first), ("last", last)),
        n=n,
        missing=missing,
        interval=interval,
        evidence=GRADES[rule.basis],
        not_meaning=NOT_A_CAUSE,
        verified=True,
        reason="" if change is not None else reason or "one_score",
    )


def _rule_cards(rule: Yardstick) -> tuple[NumberCard, ...]:
    jacobson = rule.basis is Basis.JACOBSON_TRUAX
    least = NumberCard(
        name="Smallest reliable change",
        value=rule.least_change,
        unit="points",
        formula="more than z·√2·S·√(1 − r)" if jacobson else "at least the published whole points",
        version=RULE_NAMES[rule.basis],
        inputs=_norms(rule),
        source=_source(rule),
        evidence=GRADES[rule.basis],
        not_meaning=NOT_IMPORTANCE,
        verified=rule.verified,
        reason="" if rule.least_change is not None else rule.reason or "no_norms",
    )
    cut = NumberCard(
        name="Cut-off",
        value=rule.cut,
        unit="points",
        formula=(CUT_FORMULAS[rule.direction] | EITHER_WAY)[rule.cut_kind],
        version=RULE_NAMES[rule.basis],
        inputs=_norms(rule),
        source=_source(rule),
        evidence=GRADES[rule.basis],
        not_meaning=NOT_A_LINE,
        verified=rule.verified,
        reason="" if rule.cut is not None else rule.reason or "no_norms",
    )
    return least, cut


def _index_card(rule: Yardstick, change: float | None, n: int, missing: int) -> tuple[NumberCard, ...]:
    if rule.basis is not Basis.JACOBSON_TRUAX or rule.least_change is None or change is None:
        return ()
    s_diff = rule.least_change / critical_value(confidence=rule.confidence)
    return (
        NumberCard(
            name="Reliable change index",
            value=change / s_diff,
            unit="SDs of error",
            formula="(last − first) / (√2·S·√(1 − r))",
            version=RULE_NAMES[rule.basis],
            inputs=(("change", change), ("S_diff", s_diff), ("SEM", s_diff / sqrt(2))),
            n=n,
            missing=missing,
            source=_source(rule),
            evidence="B",
            not_meaning=NOT_A_CAUSE,
            verified=rule.verified,
        ),
    )


def course_cards(
    rule: Yardstick, first: float | None, last: float | None, change: float | None, n: int, missing: int, reason: str
) -> tuple[NumberCard, ...]:
    """One card for every figure a course shows."""
    return (
        _score_card(rule, "First score", first, n, missing),
        _score_card(rule, "Last score", last, n, missing),
        _change_card(rule, first, last, change, n, missing, reason),
        *_rule_cards(rule),
        *_index_card(rule, change, n, missing),
    )
