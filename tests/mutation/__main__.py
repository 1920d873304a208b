"""`make mutation`: change every function of a part, see which test notices, and write docs/mutation.md.

`.venv/bin/python -m tests.mutation PART…`; while at work `--only '*/keys/root.py'`, which writes no report.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from tests.mutation.mutants import lay
from tests.mutation.parts import AIM, PARTS, Part
from tests.mutation.report import Judged, commit, score, table, unnoticed, write_section


def judged(part: Part, only: str) -> Judged:
    """Every mutant of a part (or of one module), and what became of it."""
    with tempfile.TemporaryDirectory(prefix="rapport-mutation-") as name:
        folder = Path(name)
        mutants = [mutant for mutant in lay(part, folder) if fnmatch(mutant.file, only)]
        given, answers = folder / "mutants.json", folder / "answers.jsonl"
        given.write_text(json.dumps([(mutant.name, mutant.reached_as) for mutant in mutants]), encoding="utf-8")
        ours = {"PYTHONPATH": f"{folder / 'src'}:{folder}", "TMPDIR": name}
        command = [sys.executable, "-m", "tests.mutation.judge", str(given), str(answers), *part.tests]
        if subprocess.run(command, cwd=folder, env=os.environ | ours, check=False).returncode:
            sys.exit("The tests could not be run against mutants.")
        said = dict(json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines())
    return [(mutant, said[mutant.name]) for mutant in mutants]


def controlled(part: Part, found: Judged) -> tuple[float, float]:
    """The score of one module with all tests, and with those away that say most of it."""
    module, test = part.control
    without = replace(part, tests=(*(one for one in part.tests if one != test), f"--ignore={test}"))
    return score([(mutant, said) for mutant, said in found if mutant.file == module]), score(judged(without, module))


def main() -> int:
    asked = argparse.ArgumentParser(description="Change every function and see which test notices.")
    asked.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--only", help="the modules of this pattern alone, below src/rapport; writes no report")
    given = asked.parse_args()
    good = True
    for name in given.parts:
        part, on = PARTS[name], commit()
        found = judged(part, given.only or "*")
        sys.stdout.write("\n".join([f"{name}: {score(found):.1%}", *table(found), *unnoticed(found), ""]))
        good = good and score(found) >= AIM
        if not given.only:
            with_all, without = controlled(part, found)
            write_section(name, part, on, found, with_all, without)
            good = good and without < with_all
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
