"""docs/mutation.md: one section for each part, written by the run that judged it."""

from __future__ import annotations

import platform
import re
import subprocess
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.parts import Part

Judged = list[tuple[Mutant, str]]
REPORT = ROOT / "docs" / "mutation.md"
NOTICED = ("killed", "timeout")
REST = ("survived", "no test", "suspicious")


def score(found: Judged) -> float:
    """How many of all mutants were noticed; those that change nothing anybody could see count against us."""
    return sum(said in NOTICED for _, said in found) / len(found)


def table(found: Judged) -> list[str]:
    by_file: dict[str, Judged] = defaultdict(list)
    for mutant, said in found:
        by_file[mutant.file].append((mutant, said))
    kinds = (*NOTICED, *REST)
    lines = [f"| module | mutants | {' | '.join(kinds)} | score |", "|---|" + "---:|" * (len(kinds) + 2)]
    for file, mine in [*by_file.items(), ("**all**", found)]:
        count = Counter(said for _, said in mine)
        figures = " | ".join(str(count[kind]) for kind in kinds)
        lines.append(f"| {file} | {len(mine)} | {figures} | {score(mine):.1%} |")
    return lines


def unnoticed(found: Judged) -> list[str]:
    """Each mutant nobody noticed, and why it need not be; open is what a test should notice some day."""
    return [
        f"- {said}, `{mutant.file}` `{mutant.function}`: `{mutant.was}` → `{mutant.became}` {why(mutant)}"
        for mutant, said in found
        if said not in NOTICED
    ]


def why(mutant: Mutant) -> str:
    reasons = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    for reason in reasons["reason"]:
        here = fnmatch(mutant.file, reason["file"]) and fnmatch(mutant.function, reason.get("function", "*"))
        if here and reason["line"] in mutant.was and reason.get("becomes", "") in mutant.became:
            return f"({reason['why']})"
    return "(open)"


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def write_section(name: str, part: Part, on: str, found: Judged, with_all: float, without: float) -> None:
    module, test = part.control
    lines = [
        f"## {name}: {score(found):.1%}",
        "",
        f"{datetime.now(UTC):%-d %B %Y}, on {on}; mutmut {version('mutmut')}, Python "
        f"{platform.python_version()}; tests: {', '.join(f'`{one}`' for one in part.tests)}.",
        "",
        *table(found),
        "",
        f"Control: without `{test}`, `{module}` falls from {with_all:.1%} to {without:.1%}.",
        "",
        *unnoticed(found),
    ]
    section = "\n".join(lines).rstrip() + "\n"
    text = REPORT.read_text(encoding="utf-8")
    old = re.compile(rf"^## {re.escape(name)}: .*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if not old.search(text):
        text += f"\n## {name}: \n"
    text = old.sub(lambda _: f"{section}\n", text)
    REPORT.write_text(text.rstrip() + "\n", encoding="utf-8")
