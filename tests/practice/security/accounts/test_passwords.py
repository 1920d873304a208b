"""What a password must be, and what it need not be."""

from __future__ import annotations

import pytest

from rapport.practice.security.accounts import hashers
from rapport.practice.security.accounts.hashers import Busy, hashed, matches
from rapport.practice.security.accounts.rules.passwords import PasswordTooWeak, common_passwords, require_strong

ABOUT = ("Lindenhof Psychotherapy", "Mara Okonjo", "mara.okonjo@practice.example")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "onlylowercaseletters",
        "словно тихий трамвай",
        "🐢🐢🌊🌋🍁🎻🪁🧭🪴🕯️🚲🎈",
        "x9" * 3 + " and spaces " * 9,
        "my dog likes Mara a lot",
    ],
)
def test_long_and_unknown_is_enough(password: str) -> None:
    """B07: 128 characters, spaces, emoji, other scripts; no composition rules."""
    require_strong(password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", "too short"),
        ("x1yq " * 26, "too long"),
        ("password1234567", "lists"),
        ("Summer2026!!!!", "lists"),
        ("qwerty123456", "lists"),
        ("aaaaaaaaaaaaaa", "repeats"),
        ("abcdefghijklmn", "counts up"),
        ("LindenhofPsychotherapy1", "name"),
        ("Mara.Okonjo.2026", "name"),
    ],
)
def test_what_guessers_try_first_is_refused_with_a_reason(password: str, reason: str) -> None:
    """B08: common, sequential, the practice's and the person's own name."""
    with pytest.raises(PasswordTooWeak, match=reason):
        require_strong(password, about=ABOUT)


def test_the_tail_of_a_long_password_matters() -> None:
    """B07: nothing is cut off (CVE-2021-25923)."""
    start = "a long way home over seven hills and then along the quiet canal in the rain, "
    assert len(start) > 73
    kept = hashed(start + "left")
    assert matches(start + "left", kept)
    assert not matches(start + "right", kept)


def test_the_same_letters_typed_otherwise_are_the_same_password() -> None:
    """B07: NFC and NFD forms are one password (NFKC)."""
    assert matches("cafe\u0301 under the stars", hashed("caf\u00e9 under the stars"))


def test_no_password_opens_an_account_without_one() -> None:
    assert not matches("anything at all here", "!")
    assert not matches("", None)
    assert not matches("nobody signs in with this", None)


def test_many_at_once_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """B16: memory-hard hashing runs for four people at a time; the others wait, then hear 503."""
    monkeypatch.setattr(hashers, "PATIENCE", 0.0)
    for _ in range(hashers.AT_ONCE):
        assert hashers._places.acquire(blocking=False)
    try:
        with pytest.raises(Busy):
            hashed("anything at all here")
    finally:
        for _ in range(hashers.AT_ONCE):
            hashers._places.release()
    assert matches("after them", hashed("after them"))


def test_the_real_hasher_is_memory_hard() -> None:
    assert hashers.MemoryHardHasher.memory_cost >= 46 * 1024
    encoded = hashers.MemoryHardHasher().encode("anything", "0123456789abcdef")
    assert encoded.startswith("argon2$argon2id$")


def test_the_common_list_is_there() -> None:
    assert {"password", "iloveyou", "letmein"} <= common_passwords()
