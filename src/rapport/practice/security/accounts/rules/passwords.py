"""What a password must be (ASVS 5.0, 6.2): long, unknown to guessers, and nothing else.

There are no rules about capitals, digits or signs, and no expiry. Text is brought to NFKC first, so that the same
password typed on another keyboard is the same password; nothing is cut off.
"""

from __future__ import annotations

import functools
import gzip
import itertools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _

SHORTEST = 12
LONGEST = 128
FEWEST_OWN_CHARACTERS = 8
FEWEST_DIFFERENT = 5
SHORTEST_WORD = 4


class PasswordTooWeak(Exception):
    """This password would be guessed; the message says why."""


def folded(password: str) -> str:
    """The form a password is hashed in."""
    return unicodedata.normalize("NFKC", password)


@functools.cache
def common_passwords() -> frozenset[str]:
    """The twenty thousand passwords that guessers try first, as Django ships them."""
    file = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    return frozenset(gzip.decompress(file.read_bytes()).decode().split())


def require_strong(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that is short, common, or made of the names in `about` (practice, person, address)."""
    if len(password) > 4 * LONGEST or len(folded(password)) > LONGEST:
        raise PasswordTooWeak(_("This password is too long. Use at most 128 characters."))
    text = folded(password)
    if len(text) < SHORTEST:
        raise PasswordTooWeak(_("This password is too short. Use at least 12 characters; four or five words are good."))
    lowered = text.casefold()
    if lowered in common_passwords() or _core(lowered) in common_passwords():
        raise PasswordTooWeak(_("This password is on the lists that are tried first. Choose something of your own."))
    if len(set(lowered)) < FEWEST_DIFFERENT or _is_sequence(lowered):
        raise PasswordTooWeak(_("This password repeats itself or counts up. Choose something harder to guess."))
    if len(_without_words(lowered, about)) < FEWEST_OWN_CHARACTERS:
        raise PasswordTooWeak(_("This password is mostly a name that others know. Choose something else."))


def _core(lowered: str) -> str:
    """The word inside "password1234567" or "!!summer2026"."""
    return re.sub(r"^[^a-z]+|[^a-z]+$", "", lowered)


def _is_sequence(lowered: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(lowered)}
    return len(steps) == 1 or steps <= {1, 0, -1}


def _without_words(lowered: str, about: Iterable[str]) -> str:
    words = {word for text in (*about, "rapport") for word in re.split(r"[^\w]+", folded(text).casefold())}
    for word in sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True):
        lowered = lowered.replace(word, "")
    return lowered
