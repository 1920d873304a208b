"""The figures of docs/methods/expected-course.md: practices with a known truth, people left out in turn.

.venv/bin/python -m bench.expected_course
"""

from __future__ import annotations

from rapport.clinical.measures.registry import load_instrument
from rapport.clinical.outcomes.growth_prior import PHQ9_MOMENTS, Moments, prior_from_moments
from rapport.clinical.outcomes.validation import Practice, Validation, simulated_practice, validate
from rapport.clinical.outcomes.validation.coverage import Coverage
from rapport.clinical.outcomes.yardstick import yardstick

CLIENTS, SEED = 6000, 20
RULE = yardstick(load_instrument("phq9"))
LINES = {
    "15 (5.8)": prior_from_moments(PHQ9_MOMENTS),
    "9 (4.0)": prior_from_moments(Moments(9, 4.0, 5.5, 4.5, 0.45, 0.84, 8)),
    "6 (4.0)": prior_from_moments(Moments(6, 4.0, 3.0, 3.5, 0.45, 0.84, 8)),
}
PRACTICES = [
    ("no ends, 15 (5.8)", Practice(LINES["15 (5.8)"])),
    *((f"PHQ-9, {name}", Practice(line, 0, 27)) for name, line in LINES.items()),
]


def percent(found: Coverage) -> str:
    if found.share is None or found.interval is None:
        return "–"
    low, high = found.interval
    return f"{100 * found.share:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def share(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.0f}"


def alarms(found: Validation) -> None:
    print("\n| Red up to session | Rule | Sensitivity | Specificity | PPV | NPV | First alarm |")
    print("|---|---|---|---|---|---|---|")
    for row in found.alarms:
        table = row.table
        parts = (table.sensitivity, table.specificity, table.ppv, table.npv)
        shares = " | ".join(share(part.share) for part in parts)
        first = "–" if row.first_alarm is None else f"{row.first_alarm:g}"
        print(f"| {row.until} | {row.rule.value} | {shares} | {first} |")


def main() -> None:
    print(f"{CLIENTS} clients each, seed {SEED}, five rounds\n")
    heads = "line", "all", "lowest third", "middle", "highest", "past an end", "beyond, worse", "red", "yellow"
    print(f"| Truth: scale and first scores | {' | '.join(heads)} |\n{'|---' * (len(heads) + 1)}|")
    learned: dict[str, Validation] = {}
    for name, practice in PRACTICES:
        table = simulated_practice(practice, CLIENTS, seed=SEED)
        for learn in (False, True):
            found = validate(table, rule=RULE, prior=practice.line, folds=5, learn=learn)
            cells = " | ".join(percent(one) for one in (found.coverage, *found.thirds, found.past_the_end))
            line = found.rungs[0].value if learn else "the true one"
            shares = " | ".join(f"{100 * one:.1f}" for one in (found.beyond_worse, found.red_share, found.yellow_share))
            print(f"| {name} | {line} | {cells} | {shares} |")
            learned[name] = found
    print("\n| Truth | forecast | last value | reliable change only |\n|---|---|---|---|")
    for name, found in learned.items():
        print(f"| {name} | {' | '.join(f'{one.mae:.2f} ({one.rmse:.2f})' for one in found.errors)} |")
    alarms(learned["PHQ-9, 15 (5.8)"])


if __name__ == "__main__":
    main()
