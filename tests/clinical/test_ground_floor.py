"""The ground floor stands alone: no framework, no clock, no hidden randomness, no reading of the disk."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rapport.clinical

ROOT = Path(next(iter(rapport.clinical.__path__)))
SOURCES = sorted(ROOT.rglob("*.py"))
FORBIDDEN_CALLS = {"now", "today", "utcnow", "time_ns", "random", "open", "print"}
ALLOWED = {"numpy", "scipy", "rapport.clinical"}


def test_importing_all_of_it_loads_no_framework() -> None:
    names = [".".join(("rapport.clinical", *path.relative_to(ROOT).with_suffix("").parts)) for path in SOURCES]
    code = f"import sys, importlib; [importlib.import_module(n) for n in {names!r}]; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_clock_and_no_disk(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in FORBIDDEN_CALLS, f"line {node.lineno}"
        if isinstance(node, ast.ImportFrom) and node.module:
            top = node.module.split(".")[0]
            assert top in sys.stdlib_module_names or node.module.startswith(tuple(ALLOWED)), node.module
