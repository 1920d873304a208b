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

CLAUSE = re.compile(
    r"[.:](?=\s|$)|[;!?\n–—]|\b(?:but|however|although|though|yet|nevertheless|nonetheless|and so)\b"
    r"|\bstill,|,\s*so\b(?! far)|\band (?=(?:therapy|treatment|cbt|counselling|it|this|our)\b)"
)  # a point inside 5.3 ends nothing
PART = re.compile(r",(?!\d)|[()]")
GOES_ON = re.compile(r"\s*(?:and |or )?(?:that|whether|if|what|why|how|or|nor)\b")
NOT_AFTER = re.compile(
    r"^(?:\W+[\w'-]+){0,4}?\W+(?:(?:is|are|was|were|has|have|can|could)\s+(?:not|never)\b(?! only)|cannot\b|can't\b"
    r"|isn't\b|aren't\b|wasn't\b|weren't\b|(?:is|are|remains?)\s+(?:an\s+)?(?:unknown|unclear|untested|open)\b)"
)
WORD_BEFORE = re.compile(
    r"([\w'-]+)(?:\W+(?:still|also|now|often|usually|always|already|mainly|mostly|only|never|both|each|all))*\W*$"
)
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
    organisations: frozenset[str]
    organisations_next: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Book:
    """The words of the data file: refused, disowning, disowned from behind, meant otherwise."""

    rules: tuple[_Rule, ...]
    honest: re.Pattern[str]
    nouns: frozenset[str]
    innocent: re.Pattern[str]


@lru_cache(maxsize=1)
def _book() -> _Book:
    text = files("rapport.clinical.outcomes").joinpath("data", "refused_words.toml").read_text("utf-8")
    found = tomllib.loads(text)
    rules = tuple(
        _Rule(
            _any_of(each["forms"], each.get("patterns", [])),
            Better(each["better"]),
            *(frozenset(each.get(name, ())) for name in
              ("unless_next", "unless_previous", "organisations", "organisations_next")),
        )
        for each in found["words"]
    )  # fmt: skip
    return _Book(rules, _any_of(found["honest"], []), frozenset(found["nouns"]), _any_of([], found["innocent"]))


def _any_of(forms: list[str], patterns: list[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    spelled = [re.escape(form).replace(r"\ ", r"\W+").replace(r"\-", r"\W?") for form in longest_first]
    whole = [rf"(?:{one})\b" for one in spelled]
    any_space = [one.replace(" ", r"\W+") for one in patterns]
    return re.compile(rf"\b(?:{'|'.join([*any_space, *whole])})")


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
    book = _book()
    plain, places = _plain(text)
    otherwise = [one.span() for one in book.innocent.finditer(plain)]
    found = []
    for rule in book.rules:
        for hit in rule.pattern.finditer(plain):
            before, after = plain[: hit.start()], plain[hit.end() :]
            if any(low < hit.end() and hit.start() < high for low, high in otherwise):
                continue
            if _disowned(book, before, hit.group(), after) or _stands(rule, before, after):
                continue
            start, end = places[hit.start()], places[hit.end() - 1] + 1
            found.append(Refusal(text[start:end], start, end, rule.better))
    return tuple(sorted(found, key=lambda one: one.start))


def _disowned(book: _Book, before: str, word: str, after: str) -> bool:
    """Whether its own clause says that the figures do not show it; a comma ends a clause that does not go on."""
    *earlier, own = PART.split(CLAUSE.split(before)[-1])
    if book.honest.search(own + word):
        return True
    if GOES_ON.match(own) and any(book.honest.search(one) for one in earlier):
        return True
    rest = PART.split(CLAUSE.split(after)[0])[0]
    return word in book.nouns and NOT_AFTER.search(rest) is not None


def _stands(rule: _Rule, before: str, after: str) -> bool:
    previous, following = WORD_BEFORE.search(before), WORD_AFTER.search(after)
    who, then = previous.group(1) if previous else "", following.group(1) if following else ""
    if who in rule.unless_previous or then in rule.unless_next:
        return True
    return who in rule.organisations and then in rule.organisations_next
