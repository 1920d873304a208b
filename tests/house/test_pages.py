"""Every address leads through the permission matrix, and the matrix says only what the policy understands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import click
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.sources import SRC, python_files, shown, tree

from rapport.config.cli import rapport
from rapport.config.operations.worker import duties
from rapport.practice.security.policy import access
from rapport.practice.security.policy.actor import Role

CONDITIONS = {"always", "self", "released", "author"}


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in (resolver or get_resolver()).url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield where, entry.callback
        else:
            yield from addresses(entry, where)


def test_every_address_is_a_page_of_the_matrix() -> None:
    cells = {(resource, action) for resource, actions in access.matrix().items() for action in actions}
    wrong = [
        f"/{where}: {getattr(view, '__page__', 'no @page')}"
        for where, view in addresses()
        if getattr(view, "__page__", None) not in cells
    ]
    assert not wrong


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_is_in_the_matrix() -> None:
    assert set(commands(rapport)) == set(access.matrix()["command"])


def test_every_duty_of_the_worker_is_in_the_matrix() -> None:
    assert {duty.name for duty in duties()} == set(access.matrix()["duty"])


def test_there_is_no_other_way_to_run_something() -> None:
    """Django's own commands of our apps would pass by both lists."""
    ours = [name for name, app in get_commands().items() if str(app).startswith("rapport")]
    assert not ours


def test_every_address_has_a_name_of_its_own() -> None:
    assert not [f"/{p.pattern}" for p in _patterns(get_resolver()) if not p.name]


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry)


def test_the_matrix_names_only_roles_and_conditions_that_exist() -> None:
    known = CONDITIONS | set(access._relations)
    wrong = [
        f"[{resource}] {action}: {role} = {condition}"
        for resource, actions in access.matrix().items()
        for action, granted in actions.items()
        for role, condition in granted.items()
        if role not in set(Role) or not set(condition.split("+")) <= known
    ]
    assert not wrong


FRAME = {"places", "tab_places", "who", "links", "demo"}  # what the context processor says on every page


def taken_names(module: ast.Module) -> Iterator[str]:
    """Names of the frame that a page would say something else by."""
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("show", "render"):
            given = {word.arg for word in call.keywords}
            given |= {key.value for one in call.args if isinstance(one, ast.Dict) for key in one.keys
                      if isinstance(key, ast.Constant)}  # fmt: skip
            yield from (f"line {call.lineno}: {name}" for name in sorted(FRAME & given))


def test_a_page_leaves_the_names_of_the_frame_alone() -> None:
    assert list(taken_names(ast.parse('show(request, "x.html", who=[])'))) == ["line 1: who"]
    wrong = [f"{shown(path)} {name}" for path in python_files(SRC / "web") for name in taken_names(tree(path))]
    assert not wrong
