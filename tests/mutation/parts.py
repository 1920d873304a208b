"""What is mutated, and the tests that must notice. Settings of the campaign, in one place."""

from __future__ import annotations

from dataclasses import dataclass

AIM = 0.9
EXAMPLES = 15  # of each property, always the same ones: a score that changes with chance cannot be read
TIMES_AS_LONG = 15  # a mutant may take so many times its tests' own time, in processor time
AND_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Modules below src/rapport, what pytest is given, and a control: a module and the tests it cannot do without."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    control: tuple[str, str]


SECURITY, TESTS = "practice/security", "tests/practice/security"
PARTS = {
    "policy": Part(
        (f"{SECURITY}/policy/*.py",),
        (f"{TESTS}/test_policy.py", f"{TESTS}/test_action.py"),
        (f"{SECURITY}/policy/beginning.py", f"{TESTS}/test_action.py"),
    ),
    "keys": Part(
        (f"{SECURITY}/keys/*.py",),
        (f"{TESTS}/test_keys.py", f"{TESTS}/test_keys_by_hand.py"),
        (f"{SECURITY}/keys/root.py", f"{TESTS}/test_keys.py"),
    ),
    "audit": Part(
        (f"{SECURITY}/audit/*.py",),
        (
            f"{TESTS}/test_audit.py",
            f"{TESTS}/test_checkpoint_format.py",
            f"{TESTS}/test_trail_read_again.py",
            f"{TESTS}/test_trail_written.py",
        ),
        (f"{SECURITY}/audit/notes.py", f"{TESTS}/test_trail_written.py"),
    ),
}
