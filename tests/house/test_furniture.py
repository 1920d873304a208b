"""Each duty is furnished alike, and its actions and queries have one shape."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.house.sources import DUTY_FILES, SRC, duties, imports, public_functions, python_files, shown, tree

# An action that is none: name → why it may be so.
NOT_ACTIONS: dict[str, str] = {}
HTML = ("django.shortcuts", "django.template", "django.http", "django.views", "django.forms")


def _shape(function: Callable[..., Any], *wanted: str) -> str:
    """What is wrong with the parameters, if anything."""
    parameters = inspect.signature(function).parameters
    if loose := [name for name, p in parameters.items() if p.kind is not inspect.Parameter.KEYWORD_ONLY]:
        return f"{', '.join(loose)} can be given without its name"
    missing = [name for name in wanted if name not in parameters]
    return f"takes no {', '.join(missing)}" if missing else ""


def strange_furniture(duty: Path) -> list[str]:
    """What stands in a duty's folder and is not furniture."""
    files = {f"{name}.py" for name in DUTY_FILES} | {"__init__.py"}
    folders = set(DUTY_FILES[1:]) | {"migrations"}
    return [
        f"{duty.name}/{path.name}"
        for path in sorted(duty.iterdir())
        if path.name != "__pycache__" and path.name not in (folders if path.is_dir() else files) and not is_data(path)
    ]


def is_data(folder: Path) -> bool:
    """Reference data is never code: a folder of data files may stand in the duty that reads it."""
    files = list(folder.rglob("*")) if folder.is_dir() else []
    return bool(files) and all(file.suffix in {".toml", ".json", ".md"} for file in files)


def test_duties_hold_their_furniture_and_nothing_else() -> None:
    assert not [strange for duty in duties() for strange in strange_furniture(duty)]


def test_every_folder_with_code_is_a_package() -> None:
    """import-linter cannot see into a folder without `__init__.py`."""
    folders = {path.parent for path in python_files(migrations=True)}
    assert not [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()]


def test_actions_are_keyword_only_and_know_who_and_when() -> None:
    actions = {name: f for name, f in public_functions("actions").items() if name not in NOT_ACTIONS}
    assert actions
    wrong = [f"{name}: {_shape(f, 'actor', 'at')}" for name, f in actions.items() if _shape(f, "actor", "at")]
    assert not wrong


def test_actions_carry_their_mark() -> None:
    functions = public_functions("actions")
    assert not [n for n, f in functions.items() if n not in NOT_ACTIONS and not getattr(f, "__action__", False)]


def test_queries_are_keyword_only_and_know_who_looks_and_when() -> None:
    """The security floor answers before there is a viewer; every duty above it knows who looks."""
    queries = {n: f for n, f in public_functions("queries").items() if ".security." not in n}
    assert not [f"{n}: {_shape(f, 'viewer', 'at')}" for n, f in queries.items() if _shape(f, "viewer", "at")]


def test_exceptions_to_the_rule_still_exist() -> None:
    assert set(NOT_ACTIONS) <= set(public_functions("actions"))


def test_the_practice_renders_nothing() -> None:
    wrong = [
        f"{shown(path)}:{line} {name}"
        for path in python_files(SRC / "practice")
        for line, name in imports(tree(path))
        if name.startswith(HTML)
    ]
    assert not wrong
    assert not [shown(path) for path in (SRC / "practice").rglob("*.html")]


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (lambda *, actor, at: None, ""),
        (lambda actor, *, at: None, "actor can be given without its name"),
        (lambda *, actor: None, "takes no at"),
    ],
)
def test_what_is_wrong_with_a_shape(function: Callable[..., Any], complaint: str) -> None:
    assert _shape(function, "actor", "at") == complaint


def test_a_drawer_in_a_duty_is_seen(tmp_path: Path) -> None:
    for name in ("apps.py", "models.py", "helpers.py"):
        (tmp_path / name).touch()
    (tmp_path / "queries").mkdir()
    (tmp_path / "templates").mkdir()
    assert strange_furniture(tmp_path) == [f"{tmp_path.name}/helpers.py", f"{tmp_path.name}/templates"]
