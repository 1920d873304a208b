"""Answers that need a person.

An answer is a reason to ask, never a finding about risk: PHQ-9 item 9 mixes a wish to be dead with self-harm and
reaches far more people than are in danger. So what comes out is a severity of *attention* and an evidence code, no
score and no level (NICE NG225, 2022: no scales to predict suicide or self-harm, no low/medium/high).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """How soon a person should look, least urgent first."""

    INFO = "info"
    ATTEND = "attend"
    ACT_TODAY = "act_today"
    ACT_NOW = "act_now"


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """One item of an instrument and the answer from which a person must look.

    ``refused`` is the code where the owner counts a refusal to answer like an answer that needs a person (ASQ: "yes to
    any of questions 1 through 4, or refuses to answer"); empty where a question left open is only worth asking again.
    """

    item: str
    at_least: int
    severity: Severity
    code: str
    refused: str = ""


class HasSafetyRules(Protocol):
    """Whatever asks questions and knows which answers need a person: an instrument, later an exercise."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def safety_rules(self) -> tuple[SafetyRule, ...]: ...


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """One answer a person must read: where it came from, how soon, and the evidence as codes. None is a refusal."""

    instrument: str
    instrument_version: str
    item: str
    answer: int | None
    severity: Severity
    code: str


def answers_needing_a_person(instrument: HasSafetyRules, answers: Mapping[str, int | None]) -> tuple[NeedsPerson, ...]:
    """Every answer that reaches its rule, also on an unfinished form; an unanswered item raises nothing by itself.

    A question that was asked and refused (None) counts only where its rule says so.

    >>> from types import SimpleNamespace
    >>> phq9 = SimpleNamespace(id="phq9", version="1", safety_rules=(
    ...     SafetyRule("9", 1, Severity.ACT_TODAY, "phq9_item9_answered_above_zero"),))
    >>> [found.severity.value for found in answers_needing_a_person(phq9, {"9": 1})]
    ['act_today']
    >>> answers_needing_a_person(phq9, {"9": 0, "1": 3})
    ()
    """
    found = []
    for rule in instrument.safety_rules:
        if rule.item not in answers:
            continue
        answer = answers[rule.item]
        reached = answer is not None and answer >= rule.at_least
        code = rule.code if reached else rule.refused if answer is None else ""
        if code:
            found.append(NeedsPerson(instrument.id, instrument.version, rule.item, answer, rule.severity, code))
    return tuple(found)


def missing_safety_item(instrument: HasSafetyRules, answers: Mapping[str, int | None]) -> tuple[str, ...]:
    """The safety items left unanswered on a finished form: worth asking about in person, not an alert.

    >>> from types import SimpleNamespace
    >>> phq9 = SimpleNamespace(id="phq9", version="1", safety_rules=(
    ...     SafetyRule("9", 1, Severity.ACT_TODAY, "phq9_item9_answered_above_zero"),))
    >>> missing_safety_item(phq9, {"1": 0, "9": None})
    ('9',)
    """
    return tuple(rule.item for rule in instrument.safety_rules if answers.get(rule.item) is None)
