"""`make mutation`: change every function of the policy, the keys, the audit and the clinical rules, and see who notices.

`.venv/bin/python -m tests.mutation PART…`, or of one part `--only practice/security/keys/root.py` (no report is written)
and `--without tests/…/test_keys.py`, the control: with the tests away the score must fall.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path

from tests.mutation.mutants import Mutant, lay
from tests.mutation.parts import AIM, PARTS, Part

Judged = list[tuple[Mutant, str]]


def judged(part: Part, only: str) -> Judged:
    """Every mutant of a part, and what became of it."""
    with tempfile.TemporaryDirectory(prefix="rapport-mutation-") as name:
        folder = Path(name)
        mutants = [mutant for mutant in lay(part, folder) if fnmatch(mutant.file, only)]
        given, answers = folder / "mutants.json", folder / "answers.jsonl"
        given.write_text(json.dumps([(mutant.name, mutant.reached_as) for mutant in mutants]), encoding="utf-8")
        ours = {"PYTHONPATH": f"{folder / 'src'}:{folder}", "TMPDIR": name, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "tests.mutation.judge", str(given), str(answers), *part.tests]
        if subprocess.run(command, cwd=folder, env=os.environ | ours, check=False).returncode:
            sys.exit((folder / "noticed.txt").read_text())
        said = dict(json.loads(line)[:2] for line in answers.read_text(encoding="utf-8").splitlines())
    return [(mutant, said[mutant.name]) for mutant in mutants]


def score(said: list[str]) -> float:
    return sum(one in ("killed", "timeout") for one in said) / len(said)


def show(name: str, found: Judged) -> None:
    """For whoever is at work: what was not noticed, and the score of each module."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for mutant, said in found:
        by_file[mutant.file].append(said)
        if said not in ("killed", "timeout"):
            print(f"{said}: {mutant.file} {mutant.function}\n    - {mutant.was}\n    + {mutant.became}")
    for file, answers in by_file.items():
        print(f"{score(answers):7.1%} of {len(answers):4}  {file}")
    print(f"{score([said for _, said in found]):7.1%} of {len(found):4}  {name}", flush=True)


def main() -> int:
    asked = argparse.ArgumentParser(description="Change every function and see which test notices.")
    asked.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--only", default="*", help="the modules of this pattern alone, below src/rapport")
    asked.add_argument("--without", action="append", default=[], help="a test file to leave out")
    given = asked.parse_args()
    good = True
    for name in given.parts:
        part = PARTS[name]
        tests = tuple(test for test in part.tests if test not in given.without)
        found = judged(Part(part.modules, tests), given.only)
        show(name, found)
        good = good and score([said for _, said in found]) >= AIM
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
