"""The record's tables: pointing down, protected, and without hidden behaviour."""

from __future__ import annotations

import ast
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from tests.house.sources import imports, layers, python_files, shown, tree

MODELS = [model for model in apps.get_models() if model.__module__.startswith("rapport.")]
FORBIDDEN_APPS = ("django.contrib.admin", "django.contrib.contenttypes", "django.contrib.auth")


def _rank(name: str) -> tuple[int, int]:
    """How high a model's duty stands; the security floor has storeys of its own."""
    parts = name.split(".")[2:]
    storeys = [layers("practice"), layers("security") if parts[0] == "security" else []]
    duty, storey = (
        next((len(order) - place for place, layer in enumerate(order) if part in layer), 0)
        for order, part in zip(storeys, parts[:2], strict=True)
    )
    return duty, storey


def _duty(model: type[models.Model]) -> str:
    return model._meta.app_label


def test_the_ranks_follow_the_contract() -> None:
    order = ["foundation.m", "security.audit.m", "security.keys.m", "security.accounts.m", "clients.m", "endings.m"]
    ranks = [_rank(f"rapport.practice.{name}") for name in order]
    assert ranks == sorted(set(ranks))


def test_references_point_down() -> None:
    wrong = []
    for model in MODELS:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not isinstance(target, type) or _duty(target) == _duty(model):
                continue
            if not _rank(model.__module__) > _rank(target.__module__):
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert not wrong


def test_nothing_is_deleted_along_a_reference() -> None:
    keys = [field for model in MODELS for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    assert keys
    assert not [str(key) for key in keys if key.remote_field.on_delete is not models.PROTECT]


def test_models_sort_by_request_only() -> None:
    assert not [model.__name__ for model in MODELS if model._meta.ordering]


def test_models_have_no_hidden_behaviour() -> None:
    hidden = ("save", "delete", "full_clean", "refresh_from_db")
    assert not [f"{model.__name__}.{name}" for model in MODELS for name in hidden if name in vars(model)]


def test_every_model_says_what_it_is() -> None:
    assert not [model.__name__ for model in MODELS if model.__str__ is models.Model.__str__]


def test_no_signals_and_no_generic_references() -> None:
    wrong = [
        f"{shown(path)}:{line} {name}"
        for path in python_files()
        for line, name in imports(tree(path))
        if name.startswith(("django.dispatch", "django.contrib.contenttypes"))
        or (name.startswith("django.") and ".signals" in name)
    ]
    assert not wrong


def test_what_bypasses_the_policy_is_not_installed() -> None:
    assert not [name for name in FORBIDDEN_APPS if apps.is_installed(name)]


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{said.getvalue()}")


def test_rows_are_locked_without_their_key() -> None:
    """PostgreSQL looks at references when it commits. A lock on a row's key would make whoever refers to the row wait,
    who holds the audit chain by then: a deadlock."""
    calls = [(path, node) for path in python_files() for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    locks = [(p, c) for p, c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "select_for_update"]
    assert locks
    assert not [f"{shown(p)}:{c.lineno}" for p, c in locks if "no_key" not in {word.arg for word in c.keywords}]
