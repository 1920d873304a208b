"""Words after which help is shown to whoever wrote them: a prompt to the writer, not a detector to rely on."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from importlib.resources import files

APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})


def shows_help(text: str, language: str = "en") -> bool:
    """Whether a text holds one of the words of ``data/words.toml``, in whichever language its writer wrote.

    A page whose language has no words of its own shows help always.

    >>> shows_help("Sometimes I don’t want to live."), shows_help("We lived by the sea.")
    (True, False)
    """
    words = _words()
    if language.partition("-")[0] not in words:
        return True
    plain = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    plain = re.sub(r"\s+", " ", plain)
    return any(each.search(plain) for each in words.values())


@functools.cache
def _words() -> dict[str, re.Pattern[str]]:
    source = files("rapport.clinical.safety").joinpath("data/words.toml").read_text(encoding="utf-8")
    listed = {name: table["words"] for name, table in tomllib.loads(source).items() if isinstance(table, dict)}
    return {
        name: re.compile(r"(?<!\w)(" + "|".join(re.escape(word) for word in words) + r")(?!\w)")
        for name, words in listed.items()
    }
