"""Words after which help is shown to whoever wrote them: a prompt to the writer, not a detector to rely on."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from importlib.resources import files

APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})


def shows_help(text: str, language: str = "en") -> bool:
    """Whether a text holds one of the words of ``data/words.toml``. A language without words shows help always.

    >>> shows_help("Sometimes I don’t want to live."), shows_help("We lived by the sea.")
    (True, False)
    """
    words = _words(language.partition("-")[0])
    if words is None:
        return True
    plain = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    return words.search(re.sub(r"\s+", " ", plain)) is not None


@functools.cache
def _words(language: str) -> re.Pattern[str] | None:
    source = files("rapport.clinical.safety").joinpath("data/words.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(source).get(language)
    if listed is None:
        return None
    return re.compile(r"(?<!\w)(" + "|".join(re.escape(word) for word in listed["words"]) + r")(?!\w)")
