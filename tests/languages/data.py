"""What may stand on a page in any language: names, what people typed, numbers and codes."""

from __future__ import annotations

import functools
import re
import tomllib
from zoneinfo import available_timezones

from tests.factories.world import CANARY
from tests.languages.strings import JURISDICTIONS

from rapport.clinical.measures.registry import instruments

WORD = re.compile(r"[^\W\d_]{2,}")
# In the world of the guards every field of a client begins with a token; the rest has the form of what it is.
TYPED = re.compile(
    rf"{CANARY}-[\w-]+(@[\w.]+| said so(\.\w+)?| Weberin)?|\S+@\S+|\b\d+\.\d\d [A-Z]{{3}}\b|^[A-Z]{{2}}$"
)
NAMES = frozenset({"Rapport", "Lindenhof", "Lindenhof Psychotherapy", "Pseudo", "A night", "Mara Okonjo", "Ruth Lind"})


def is_data(text: str) -> bool:
    """Whether nothing of a text is for a translator.

    >>> is_data("Patient Health Questionnaire (PHQ-9):"), is_data("CANARY-own-goal said so, 3"), is_data("Goal: 3")
    (True, True, False)
    """
    left = TYPED.sub("", text).strip(" .,:·")
    return left in known() or not WORD.search(left)


@functools.cache
def known() -> frozenset[str]:
    """Names that stay as they are: of forms, of help lines, of cities."""
    packs = (tomllib.loads(path.read_text(encoding="utf-8")) for path in JURISDICTIONS.glob("*.toml"))
    lines = {line["name"] for pack in packs for line in pack["crisis"]}
    cities = {zone.replace("_", " ") for zone in available_timezones()}
    return NAMES | lines | cities | {each.title for each in instruments()}
