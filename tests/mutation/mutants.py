"""A copy of the house in which every function of a part stands beside its mutants, made by mutmut.

mutmut leaves decorated functions alone, and those hold much of what matters here (actions, context managers,
properties). In the copy `@decorator def f` is spelled `def f` and `f = decorator(f)`, which is the same to Python and
open to mutmut. A mutant is chosen when its function is called, so one process can try them all.
"""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents
from tests.mutation.parts import Part

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "tests", "docs", "pyproject.toml")
LEFT = ("staticmethod", "classmethod", "overload")  # mutmut knows the first two; the third is never called


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function."""

    name: str  # as mutmut's trampolines know it
    file: str  # below src/rapport
    function: str
    was: str
    became: str

    @property
    def reached_as(self) -> str:
        return self.name.partition("__mutmut_")[0]


def lay(part: Part, folder: Path) -> list[Mutant]:
    """Copy the house into a folder, the part with its mutants; which there are."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    found: list[Mutant] = []
    for file in modules_of(part):
        path = folder / file.relative_to(ROOT)
        mutated = mutate_file_contents(str(path), spelled(path.read_text(encoding="utf-8")))
        path.write_text(mutated.code, encoding="utf-8")
        found += _described(file.relative_to(ROOT / "src"), mutated)
    return found


def modules_of(part: Part) -> list[Path]:
    found = {file for pattern in part.modules for file in (ROOT / "src" / "rapport").glob(pattern)}
    return sorted(file for file in found if "migrations" not in file.parts)


def spelled(code: str) -> str:
    """The code with its decorators written as calls."""
    return cst.parse_module(code).visit(_Decorators()).code


class _Decorators(cst.CSTTransformer):
    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.CSTNode:  # noqa: N802
        decorators = [cst.Module([]).code_for_node(found.decorator) for found in updated_node.decorators]
        if not decorators or any(name in LEFT or name.endswith((".setter", ".register")) for name in decorators):
            return updated_node
        name = updated_node.name.value
        call = "".join(f"{decorator}(" for decorator in decorators) + name + ")" * len(decorators)
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), cst.parse_statement(f"{name} = {call}")])


def _described(file: Path, mutated: MutatedFile) -> Iterable[Mutant]:
    lines = mutated.code.splitlines()
    module = ".".join(file.with_suffix("").parts).removesuffix(".__init__")

    def text_of(function: str, plain: str) -> list[str]:
        span = mutated.line_span_by_function_name[function]
        return [line.replace(function, plain) for line in lines[span.start - 1 : span.end]]

    for name in mutated.mutant_names:
        function = name.partition("__mutmut_")[0]
        plain = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        was, became = _difference(text_of(f"{function}__mutmut_orig", plain), text_of(name, plain))
        yield Mutant(f"{module}.{name}", str(file.relative_to("rapport")), plain, was, became)


def _difference(was: list[str], became: list[str]) -> tuple[str, str]:
    gone, new = [], []
    for line in difflib.ndiff(was, became):
        if line.startswith("- "):
            gone.append(line[2:].strip())
        elif line.startswith("+ "):
            new.append(line[2:].strip())
    return " ".join(gone), " ".join(new)
