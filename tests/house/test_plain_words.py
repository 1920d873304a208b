"""What a client reads can be read at eleven: the Flesch-Kincaid grade of every page of the portal is below six.

Grade = 0.39 words / sentences + 11.8 syllables / words − 15.59 (Kincaid et al. 1975). A rough gauge, which long words
and long sentences move; it does not know whether something is clear. Syllables are counted by their vowels.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.house.sources import ROOT

PORTAL = ROOT / "src" / "rapport" / "web" / "portal" / "templates"
TRANSLATED = re.compile(
    r"""\{%\s*translate\s+(?:"([^"]+)"|'([^']+)')|\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*(?:plural|endblocktranslate)""",
    re.DOTALL,
)
HARDEST = 6.0
FEWEST = 4  # words: a label is no sentence


def syllables(word: str) -> int:
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee", "ye")):
        count -= 1
    if plain.endswith("ed") and not plain.endswith(("ted", "ded")):
        count -= 1
    return max(1, count)


def grade(sentences: list[str]) -> float:
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z’']+", sentence)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def sentences_of(template: str) -> list[str]:
    said = ["".join(found) for found in TRANSLATED.findall(template)]
    plain = (re.sub(r"\{\{.*?\}\}", "then", words) for words in said)
    every = (one for words in plain for one in re.split(r"(?<=[.!?:;])\s", words))
    return [one for one in every if len(one.split()) >= FEWEST]


PAGES = [page for page in sorted(PORTAL.rglob("*.html")) if sentences_of(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PORTAL)))
def test_a_client_of_eleven_can_read_it(page: Path) -> None:
    assert grade(sentences_of(page.read_text("utf-8"))) < HARDEST


def test_the_gauge_tells_a_plain_sentence_from_a_hard_one() -> None:
    assert grade(["You can take it back until it is opened."]) < HARDEST
    assert grade(["Withdrawal of authorisation remains permissible prior to administrative examination."]) > HARDEST
