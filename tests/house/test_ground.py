"""The ground floor is pure, the repository speaks of no machine, and its papers agree with each other."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

import pytest
from tests.house.sources import ROOT, SRC, imports, python_files, shown, tree

SCIENCE = {"numpy", "scipy", "rapport"}
OUTSIDE_WORLD = {
    "asyncio", "http", "logging", "multiprocessing", "os", "random", "secrets", "shelve", "shutil", "socket", "sqlite3",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
HIDDEN_CHANCE = re.compile(r"(np|numpy)\.random\.(?!default_rng)[a-z_]+")
# Written in two halves, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join([r"(?<![\w.])/wor" + "k/", r"\.\./sha" + "red", "/roo" + "t/", "/uv" + "env/"]))
TEXTS = {".py", ".md", ".toml", ".html", ".txt", ".css", ".js", ".yaml", ".json", ".csv"}


def impurities(module: ast.Module) -> list[str]:
    """Where a calculation reaches for the clock, the world or hidden chance."""
    allowed = (set(sys.stdlib_module_names) - OUTSIDE_WORLD) | SCIENCE
    found = [f"{line} imports {name}" for line, name in imports(module) if name.split(".")[0] not in allowed]
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in CLOCKS:
                found.append(f"{node.lineno} reads the clock")
            if name == "default_rng" and not (node.args or node.keywords):
                found.append(f"{node.lineno} draws without a seed")
            if HIDDEN_CHANCE.fullmatch(ast.unparse(node.func)):
                found.append(f"{node.lineno} draws from hidden chance")
    return found


def test_clinical_needs_only_science() -> None:
    found = {shown(path): wrong for path in python_files(SRC / "clinical") if (wrong := impurities(tree(path)))}
    assert not found


@pytest.mark.parametrize(
    "text",
    ["import os", "import django.db", "from datetime import datetime\ndatetime.now()", "np.random.default_rng()",
     "np.random.normal(0, 1)"],
)  # fmt: skip
def test_what_counts_as_impure(text: str) -> None:
    assert len(impurities(ast.parse(text))) == 1


def test_a_seeded_generator_is_pure() -> None:
    assert not impurities(ast.parse("import numpy as np\nimport math\nnp.random.default_rng(seed).normal()"))


def test_validation_is_not_an_assertion() -> None:
    """`python -O` removes assertions."""
    found = [(shown(p), n.lineno) for p in python_files() for n in ast.walk(tree(p)) if isinstance(n, ast.Assert)]
    assert not found


def test_nothing_speaks_of_one_machine() -> None:
    folders = [ROOT / name for name in ("src", "tests", "docs", "bench", ".ci")]
    files = [p for f in folders for p in f.rglob("*") if p.suffix in TEXTS or p.parent.name == ".ci"]
    files += [*ROOT.glob("*.md"), *ROOT.glob("*.py"), *ROOT.glob("*.toml"), ROOT / "Makefile"]
    found = [shown(p) for p in files if p.is_file() and MACHINE_PATHS.search(p.read_text(encoding="utf-8"))]
    assert not found


def dependencies_without_reason(text: str) -> list[str]:
    """Lines of a pyproject that bring in a package and do not say why."""
    lines = re.findall(r"^ {4}\"[A-Za-z].*$", text.partition("[tool.")[0], re.MULTILINE)
    return [line.strip() for line in lines if not re.search(r'",\s+# \w', line) and '"rapport[' not in line]


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert not dependencies_without_reason(text)
    assert dependencies_without_reason('dependencies = [\n    "left-pad>=1",\n]\n') == ['"left-pad>=1",']


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == version


def test_links_between_papers_lead_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{shown(paper)}: {link}"
        for paper in papers
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
        if not (paper.parent / link).exists()
    ]
    assert not broken
