"""A practice of an older version comes up whole, killed at any step, and an older program does not touch a newer one.

Every released version keeps a small practice under `tests/upgrade/kept/VERSION` (`python -m tests.upgrade.keep`, part
of releasing); each is brought up here. The one of this moment is made anew and brought up to a version that does not
exist, whose migrations hold each kind of change once (G18, G21, G27).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
from tests.config.whole_practice import Whole
from tests.factories.world import NOW
from tests.faults.stopping import in_a_child, kills, spread
from tests.upgrade.keep import KEPT, kept_practices, read_kept, write_kept

from rapport.config.environment import InstallationError
from rapport.config.operations.backup import anchor_text, back_up
from rapport.config.operations.copies import whole_trail
from rapport.config.operations.drill import drill
from rapport.config.operations.stores import STORES
from rapport.config.operations.tables import TableSum, rows_of, sum_of
from rapport.config.operations.upgrade import WholeSteps, bring_up
from rapport.practice.sessions.migrations._guards import OVERLAPS

ROOT = Path(__file__).resolve().parents[2]
CHANGED = ("clients", "keys", "therapy_sessions", "audit")
NEXT = {label: f"tests.upgrade.next.{label}" for label in CHANGED}
KILLS = kills(4)
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("whole_practice")]


@contextmanager
def next_version() -> Iterator[None]:
    with override_settings(MIGRATION_MODULES=NEXT):
        yield


def come_up(whole: Whole) -> None:
    with next_version(), whole.opened():
        bring_up()


def what_was(whole: Whole) -> dict[str, TableSum]:
    """The rows of every table in the columns of this version, at whatever version they stand."""
    with whole.opened():
        return {
            model._meta.db_table: sum_of(model, rows_of(model, alias))
            for alias in STORES
            for model in apps.get_models(include_auto_created=True)
            if router.allow_migrate(alias, model._meta.app_label)
        }


def half_steps(whole: Whole) -> list[str]:
    """Migrations that were done and not noted, or noted and not done."""
    found = []
    with next_version(), whole.opened():
        for alias in STORES:
            noted = MigrationLoader(connections[alias]).applied_migrations
            with connections[alias].cursor() as cursor:
                for label, table, column in (
                    ("clients", "clients_client", "call_sign"),
                    ("keys", "keys_compartmentkey", "retired"),
                    ("therapy_sessions", "therapy_sessions_therapysession", "weather"),
                    ("audit", "audit_auditevent", "country"),
                ):
                    if router.allow_migrate(alias, label):
                        columns = connections[alias].introspection.get_table_description(cursor, table)
                        if (column in {one.name for one in columns}) != ((label, "later") in noted):
                            found.append(label)
    return found


def is_whole(whole: Whole) -> None:
    with whole.opened():
        for alias in STORES:
            with connections[alias].cursor() as cursor:
                assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert cursor.execute("PRAGMA foreign_key_check").fetchone() is None
                if alias == "default":
                    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                    guards = {name for (name,) in cursor.fetchall()}
                    assert {f"{name}_insert" for name in OVERLAPS} | {"audit_no_update", "audit_no_delete"} <= guards
        whole_trail(anchor_text(whole.installation))


@pytest.fixture(scope="module")
def steps(kept_practice: Whole, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> int:
    whole = kept_practice.copied(tmp_path_factory.mktemp("steps") / "practice")
    with django_db_blocker.unblock():
        return in_a_child(lambda: come_up(whole))


@pytest.mark.parametrize("nth", range(KILLS))
def test_killed_at_any_step_it_comes_up_whole(
    kept_practice: Whole, whole_practice: Whole, steps: int, nth: int
) -> None:
    moments = spread(steps, KILLS)
    step = moments[nth % len(moments)]
    before = what_was(kept_practice)
    assert in_a_child(lambda: come_up(whole_practice), step=step) == step - 1
    assert half_steps(whole_practice) == []
    assert what_was(whole_practice) == before
    come_up(whole_practice)
    assert half_steps(whole_practice) == []
    assert what_was(whole_practice) == before
    is_whole(whole_practice)


def test_a_step_noted_in_a_commit_of_its_own_would_be_noticed(whole_practice: Whole) -> None:
    """The control: Django notes a step whose indexes come last in a second commit; killed before it, half is left."""

    def its_own_way() -> None:
        with next_version(), whole_practice.opened():
            executor = MigrationExecutor(connections["default"])
            executor.migrate([("clients", "later")])

    def dies_before_noting(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MigrationExecutor, "record_migration", dies_before_noting)
        with pytest.raises(KeyboardInterrupt):
            its_own_way()
    assert half_steps(whole_practice) == ["clients"]
    assert issubclass(WholeSteps, MigrationExecutor)


def test_an_older_program_does_not_touch_a_newer_practice(whole_practice: Whole, tmp_path: Path) -> None:
    come_up(whole_practice)
    before = what_was(whole_practice)
    words = "was opened by a newer version of Rapport"
    with whole_practice.opened():
        with pytest.raises(InstallationError, match=words):
            bring_up()
        with pytest.raises(InstallationError, match=words):
            back_up(whole_practice.installation, tmp_path / "backups", at=NOW)
    assert not list((tmp_path / "backups").iterdir())
    assert what_was(whole_practice) == before


def test_an_older_practice_is_saved_by_a_newer_program(whole_practice: Whole, tmp_path: Path) -> None:
    """The evening of an upgrade: the new program is installed, and the first thing one does is a backup."""
    with next_version(), whole_practice.opened():
        made = back_up(whole_practice.installation, tmp_path / "backups", at=NOW)
        assert drill(whole_practice.installation, made.folder, at=NOW).problem == ""
        assert ("clients", "later") not in MigrationLoader(connections["default"]).applied_migrations


@pytest.mark.parametrize("folder", [None, *kept_practices()], ids=lambda folder: folder.name if folder else "this one")
def test_every_kept_version_comes_up(folder: Path | None, whole_practice: Whole, tmp_path: Path) -> None:
    """Those that were released, killed on the way, and this one, as the command will keep it."""
    few = 1 if folder is None else KILLS
    if folder is None:
        folder = tmp_path / "kept"
        write_kept(whole_practice, folder)
    counted = read_kept(folder, tmp_path / "counted")
    steps = in_a_child(lambda: _up(counted))
    for nth, step in enumerate(spread(steps, few)):
        again = read_kept(folder, tmp_path / f"killed_{nth}")
        assert in_a_child(partial(_up, again), step=step) == step - 1
        _comes_up(again)


def _up(whole: Whole) -> None:
    with whole.opened():
        bring_up()


def _comes_up(whole: Whole) -> None:
    _up(whole)
    is_whole(whole)
    with whole.opened():
        from rapport.practice.security.policy.actor import SYSTEM
        from rapport.practice.sessions.queries.notes import opens_a_note

        assert opens_a_note(viewer=SYSTEM, at=NOW) is True


def test_every_released_version_is_kept() -> None:
    """A version the changelog calls released has its practice under `tests/upgrade/kept`."""
    heads = re.findall(r"^## \[(.+?)\] – (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads
    released = {version for version, date in heads if date != "unreleased"}
    assert released <= {folder.name for folder in kept_practices(KEPT)}
