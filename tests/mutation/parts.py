"""What is mutated, and the tests that must notice. Settings of the campaign, in one place."""

from __future__ import annotations

from dataclasses import dataclass

AIM = 0.9
EXAMPLES = 15  # of each property, always the same ones: a score that changes with chance cannot be read
TIMES_AS_LONG = 15  # a mutant may take so many times its tests' own time, in processor time
AND_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Part:
    """Modules below src/rapport, what pytest is given, and a control: a module and the tests it cannot do without.

    The clinical rules are what decides something about a person. Statistics, service reports, files in and out are
    proven against published numbers and other programs instead (docs/methods), and are no part here.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    control: tuple[str, str]


SECURITY, TESTS = "practice/security", "tests/practice/security"
RULES, OF_RULES, DOCTESTS = "clinical", "tests/clinical", "src/rapport/clinical"
CHANGE = (
    "caseload", "course", "course_cards", "cut_offs", "episode_result", "expected_course", "five_fields",
    "nhs_talking_therapies", "reference_values", "reliable_change", "signals", "yardstick",
)  # fmt: skip
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
    "safety": Part(
        tuple(f"{RULES}/{room}/*.py" for room in ("kernel", "safety", "episodes", "endings")),
        (
            f"{OF_RULES}/safety/test_deadlines.py",
            *(f"{OF_RULES}/{room}" for room in ("safety", "kernel", "episodes", "measures/test_danger.py")),
            *(f"{DOCTESTS}/{room}" for room in ("kernel", "safety", "episodes", "endings")),
        ),
        (f"{RULES}/safety/deadlines.py", f"{OF_RULES}/safety/test_deadlines.py"),
    ),
    "measures": Part(
        (f"{RULES}/measures/*.py",),
        (
            f"{OF_RULES}/measures/test_scoring.py",
            f"{OF_RULES}/measures",
            f"{OF_RULES}/safety",
            f"{OF_RULES}/properties/test_invariants.py",
            f"{DOCTESTS}/measures",
        ),
        (f"{RULES}/measures/scoring.py", f"{OF_RULES}/measures/test_scoring.py"),
    ),
    "alliance": Part(
        tuple(f"{RULES}/{room}/*.py" for room in ("alliance", "speaking", "exercises")),
        (
            f"{OF_RULES}/alliance/test_alliance.py",
            *(f"{OF_RULES}/{room}" for room in ("alliance", "speaking", "exercises")),
            *(f"{DOCTESTS}/{room}" for room in ("alliance", "speaking", "exercises")),
        ),
        (f"{RULES}/alliance/sliders.py", f"{OF_RULES}/alliance/test_alliance.py"),
    ),
    "sessions": Part(
        (f"{RULES}/sessions/**/*.py",),
        (
            f"{OF_RULES}/sessions/test_hours.py",
            f"{OF_RULES}/sessions",
            f"{OF_RULES}/properties/test_recurrence.py",
            f"{DOCTESTS}/sessions",
        ),
        (f"{RULES}/sessions/attendance.py", f"{OF_RULES}/sessions/test_hours.py"),
    ),
    "change": Part(
        (
            *(f"{RULES}/outcomes/{name}.py" for name in CHANGE),
            *(f"{RULES}/outcomes/{room}/*.py" for room in ("patterns", "following")),
        ),
        (
            *(
                f"{OF_RULES}/outcomes/test_{name}.py"
                for name in (
                    "reliable_change",
                    "yardstick",
                    "signals",
                    "nhs_talking_therapies",
                    "course",
                    "expected_course",
                    "sudden_gains",
                    "early_response",
                    "neighbours",
                    "thread",
                    "practice_line",
                    "forecast_cards",
                    "reference_values",
                )
            ),
            f"{OF_RULES}/properties/test_change.py",
            f"{OF_RULES}/published/test_jacobson_truax_1991.py",
            f"{OF_RULES}/published/test_suddengains_data.py",
            *(f"{DOCTESTS}/outcomes/{name}.py" for name in CHANGE),
            f"{DOCTESTS}/outcomes/patterns",
            f"{DOCTESTS}/outcomes/following",
        ),
        (f"{RULES}/outcomes/signals.py", f"{OF_RULES}/outcomes/test_signals.py"),
    ),
}
