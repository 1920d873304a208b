"""What is mutated, and the tests that must notice. Settings of the campaign, in one place."""

from __future__ import annotations

from dataclasses import dataclass

AIM = 0.9
EXAMPLES = 15  # of each property, always the same ones: a score that changes with chance cannot be read
TIMES_AS_LONG = 15  # a mutant may take so many times its tests' own time, in processor time
AND_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Modules below src/rapport, and what pytest is given."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


def _security(name: str, *tests: str) -> Part:
    return Part((f"practice/security/{name}/*.py",), tuple(f"tests/practice/security/{test}" for test in tests))


def _clinical(name: str, *more: str) -> Part:
    return Part((f"clinical/{name}/**/*.py",), (f"tests/clinical/{name}", f"src/rapport/clinical/{name}", *more))


PARTS = {
    "policy": _security("policy", "test_policy.py"),
    "keys": _security("keys", "test_keys.py"),
    "audit": _security("audit", "test_audit.py", "test_checkpoint_format.py"),
    "safety": _clinical("safety", "tests/clinical/measures/test_danger.py"),
}
