"""Which answers of a brought form need a person: known by the LOINC code of the question, or marked by who brought it.

A question that carries the code of a bundled safety item is that item, under whatever title it comes; nobody can unmark
it. Everything else a person marks when the form is brought: no list of words finds every question about suicide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from rapport.clinical.measures.fhir.resources import MOST_OPTIONS, Json, bad, objects, resource, text, walk, whole
from rapport.clinical.measures.instrument import Instrument, Item
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.registry import available_packs, instruments
from rapport.clinical.safety.answers import SafetyRule, Severity

NEEDS_A_PERSON = "urn:rapport:needs-a-person"
# Only to propose a mark: false alarms cost a glance, and a person decides.
WORDS = re.compile(
    r"suicid|suizid|\bkill|self.?(harm|injur)|(harm|hurt|cut|injur)\w* (my|your|one)self|\b(dead|die|dying|death)\b"
    r"|(end|tak)(e|ing)? (my|your|one's) (own )?life|not want\w* to live|no reason to live",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _known() -> Mapping[str, tuple[Item, SafetyRule]]:
    """The bundled safety items that have a LOINC code, by that code."""
    found = ((one, one.item(rule.item), rule) for one in _shelf() for rule in one.safety_rules)
    return {item.loinc.code: (item, rule) for _, item, rule in found if item is not None and item.loinc is not None}


def _shelf() -> tuple[Instrument, ...]:
    return instruments(packs=available_packs())


def rule_of(item: Item, entry: Json, where: str, direction: Direction) -> SafetyRule | None:
    """From which answer on a person must look; None if nobody need."""
    marked, known = _mark(item, entry, where), _known_by(item)
    if known is None:
        return None if marked is None else SafetyRule(item.key, marked, Severity.ACT_TODAY, f"own_question_{item.key}")
    _, rule = known
    least = _least(item, known, direction)
    return SafetyRule(item.key, min(least, least if marked is None else marked), rule.severity, rule.code)


def is_known(item: Item) -> bool:
    """Whether its code says that it needs a person, whatever anybody thinks of it."""
    return _known_by(item) is not None


def proposed(item: Item) -> int | None:
    """The answer from which on a person should look, judged by the words of a question; to be decided by a person."""
    return sorted(item.values)[1] if WORDS.search(item.text) else None


def with_marks(raw: str, marks: Mapping[str, int]) -> str:
    """The Questionnaire with these marks alone: the link of a question, and the answer from which on a person looks."""
    data, left = resource(raw, "Questionnaire"), dict(marks)
    for where, entry in walk(data):
        others = [one for one in objects(entry, "extension", where, MOST_OPTIONS) if one.get("url") != NEEDS_A_PERSON]
        least = left.pop(text(entry, "linkId", where), None)
        if least is not None:
            others.append({"url": NEEDS_A_PERSON, "valueInteger": least})
        if isinstance(entry, dict) and ("extension" in entry or others):
            entry["extension"] = others
    if left:
        raise bad("linkId", f"“{next(iter(left))[:40]}” is no question of this form.", "Bring the form again.")
    return json.dumps(data)


def _mark(item: Item, entry: Json, where: str) -> int | None:
    for extension in objects(entry, "extension", where, MOST_OPTIONS):
        if extension.get("url") == NEEDS_A_PERSON:
            least = whole(extension.get("valueInteger"), f"{where}extension.valueInteger")
            if least not in item.values:
                raise bad(f"{where}extension.valueInteger", f"No answer of this question counts {least}.")
            return least
    return None


def _known_by(item: Item) -> tuple[Item, SafetyRule] | None:
    """By its code, or by a link that is one: files without codes often name their items by LOINC."""
    code = item.loinc.code if item.loinc else ""
    return _known().get(code) or _known().get(item.link_id.rsplit("/", 1)[-1])


def _least(item: Item, known: tuple[Item, SafetyRule], direction: Direction) -> int:
    """Above the lowest answer if that one is surely harmless; a form that may run backwards alerts on every answer."""
    same, rule = known
    lowest, next_one = sorted(item.values)[:2]
    code = next(option.loinc.code if option.loinc else "" for option in item.options if option.value == lowest)
    harmless = {option.loinc.code for option in same.options if option.loinc and option.value < rule.at_least}
    is_safe = code in harmless if code else direction is Direction.LOWER
    return next_one if is_safe else lowest
