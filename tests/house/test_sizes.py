"""Nothing grows past what one can read: the hard stops of docs/architecture.md."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.house.sources import ROOT, SRC, python_files, shown, templates, tree

FILE, FUNCTION, TEMPLATE, FOLDER, DECISION = 400, 50, 150, 20, 120
EXEMPT_FOLDERS = {"cotton", "migrations"}  # django-cotton wants one file per atom, side by side


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _is_gallery(path: Path) -> bool:
    return "gallery" in path.parts or path.stem == "gallery"


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, text: list[str]) -> int:
    """The lines of a function's body without its docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    inside = text[body[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in inside if line.strip() and not line.strip().startswith("#"))


def test_files_end_in_time() -> None:
    files = [*python_files(), ROOT / "bootstrap.py"]
    too_long = [f"{shown(path)}: {_lines(path)}" for path in files if _lines(path) > FILE and not _is_gallery(path)]
    assert not too_long, f"more than {FILE} lines; write the idea again, smaller"


def test_functions_end_in_time() -> None:
    too_long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in [*python_files(), ROOT / "bootstrap.py"]
        for text in [path.read_text(encoding="utf-8").splitlines()]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node, text) > FUNCTION
    ]
    assert not too_long, f"more than {FUNCTION} code lines"


def test_templates_end_in_time() -> None:
    too_long = [shown(path) for path in templates() if _lines(path) > TEMPLATE and not _is_gallery(path)]
    assert not too_long, f"more than {TEMPLATE} lines; make a partial or an atom"


def test_folders_can_be_overlooked() -> None:
    files = [path for path in [*python_files(), *templates()] if path.name != "__init__.py" and not _is_gallery(path)]
    full = Counter(path.parent for path in files if path.parent.name not in EXEMPT_FOLDERS)
    assert not [f"{shown(folder)}: {n}" for folder, n in full.items() if n > FOLDER], f"more than {FOLDER} files"


def test_decisions_are_short() -> None:
    assert not [shown(path) for path in (ROOT / "docs" / "adr").glob("*.md") if _lines(path) > DECISION]


def test_what_counts_as_a_line_of_code() -> None:
    text = 'def f():\n    """Says."""\n    # why\n\n    a = 1\n    return (\n        a\n    )\n'
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert code_lines(function, text.splitlines()) == 4


def test_there_is_something_to_measure() -> None:
    assert len(python_files(SRC)) > 10
