"""Words a conclusion may not use without a control, and what to say in their place.

A fall in scores from before to after therapy would in part have come anyway: people seek help when they are worst, and
lives change. So "caused", "effective" and "works", in all their forms, are refused for uncontrolled designs, and a
plain sentence about change is offered. Saying what the figures do *not* show is welcome. The words are data
(``outcomes/data/refused_words.toml``). Limits: it reads words, not meaning; English only.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from rapport.clinical.outcomes.service.parts import Design

CLAUSE = re.compile(r"[.;:!?\n]|\bbut\b|\bhowever\b|\bstill\b|\bso\b", re.IGNORECASE)
WORD_BEFORE = re.compile(r"([\w'-]+)\W*$")
WORD_AFTER = re.compile(r"^\W*([\w'-]+)")
INVISIBLE = "Cf"


class Better(StrEnum):
    """Which better sentence fits (``words.BETTER`` has it in English)."""

    CHANGED = "changed"
    SHARE_IMPROVED = "share_improved"
    WENT_WITH = "went_with"
    AS_EXPECTED = "as_expected"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A word as it was written, where it stands in the text, and which better sentence fits."""

    word: str
    start: int
    end: int
    better: Better


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    better: Better
    unless_next: frozenset[str]
    unless_previous: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[_Rule, ...], re.Pattern[str]]:
    text = files("rapport.clinical.outcomes").joinpath("data", "refused_words.toml").read_text("utf-8")
    found = tomllib.loads(text)
    rules = tuple(
        _Rule(
            _any_of(each["forms"]),
            Better(each["better"]),
            frozenset(each.get("unless_next", ())),
            frozenset(each.get("unless_previous", ())),
        )
        for each in found["words"]
    )
    return rules, _any_of(found["honest"])


def _any_of(forms: list[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    spelled = (re.escape(form).replace(r"\ ", r"\W+").replace(r"\-", r"\W?") for form in longest_first)
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b")


def _plain(text: str) -> tuple[str, list[int]]:
    """Small letters without invisible marks, and where each came from."""
    letters, places = [], []
    for place, each in enumerate(text):
        if unicodedata.category(each) == INVISIBLE:
            continue
        for letter in unicodedata.normalize("NFKC", each).casefold():
            letters.append("'" if letter in "’ʼ`" else letter)
            places.append(place)
    return "".join(letters), places


def refused_words(text: str, design: Design = Design.UNCONTROLLED) -> tuple[Refusal, ...]:
    """The words to put differently, in the order of the text; none where there was a control.

    >>> [(one.word, one.better.value) for one in refused_words("CBT Works; it CAUSED recovery in half.")]
    [('Works', 'share_improved'), ('CAUSED', 'went_with')]
    >>> refused_words("These figures cannot show whether therapy was effective.")
    ()
    """
    if design is Design.CONTROLLED:
        return ()
    rules, honest = _rules()
    plain, places = _plain(text)
    found = []
    for rule in rules:
        for hit in rule.pattern.finditer(plain):
            before, after = plain[: hit.start()], plain[hit.end() :]
            clause = CLAUSE.split(before)[-1] + hit.group()
            if honest.search(clause) or _stands(rule, before, after):
                continue
            start, end = places[hit.start()], places[hit.end() - 1] + 1
            found.append(Refusal(text[start:end], start, end, rule.better))
    return tuple(sorted(found, key=lambda one: one.start))


def _stands(rule: _Rule, before: str, after: str) -> bool:
    previous, following = WORD_BEFORE.search(before), WORD_AFTER.search(after)
    return (previous is not None and previous.group(1) in rule.unless_previous) or (
        following is not None and following.group(1) in rule.unless_next
    )
