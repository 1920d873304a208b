"""What the house rules read: the files of the repository, as text and as syntax trees."""

from __future__ import annotations

import ast
import configparser
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "rapport"
DUTY_FILES = ("apps", "models", "choices", "rules", "queries", "actions", "tasks")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def python_files(folder: Path = SRC, *, migrations: bool = False) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if migrations or path.parent.name != "migrations"]


def templates(folder: Path = SRC) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def layers(contract: str) -> list[list[str]]:
    """The layers of an import contract, highest first: there is one place where the order is written."""
    file = configparser.ConfigParser()
    file.read(ROOT / ".importlinter")
    lines = file[f"importlinter:contract:{contract}"]["layers"].split()
    joined = " ".join(lines).replace(" | ", "|")
    return [layer.replace("(", "").replace(")", "").split("|") for layer in joined.split()]


def duties() -> list[Path]:
    """The folders of the duties; foundation and security carry the house and are furnished differently."""
    names = {name for layer in layers("practice") for name in layer} - {"foundation", "security"}
    return [SRC / "practice" / name for name in sorted(names) if (SRC / "practice" / name).is_dir()]


def modules(furniture: str) -> list[ModuleType]:
    """Every module of one kind (`actions`, `queries`) in the practice, the files of a folder included."""
    found = []
    for path in sorted((SRC / "practice").rglob(furniture + "*")):
        if path.suffix == ".py" or path.is_dir():
            name = ".".join(path.relative_to(SRC.parent).with_suffix("").parts)
            if name.rsplit(".", 1)[-1] == furniture:
                module = importlib.import_module(name)
                found.append(module)
                inside = getattr(module, "__path__", ())
                found += [importlib.import_module(f"{name}.{each.name}") for each in pkgutil.iter_modules(inside)]
    return found


def public_functions(furniture: str) -> dict[str, Callable[..., Any]]:
    """Full name → function, for every public function of one kind of module, where it is defined."""
    return {
        f"{module.__name__}.{name}": function
        for module in modules(furniture)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
