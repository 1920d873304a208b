"""Bringing the stores up to this version, each step whole or not at all.

Where a migration's indexes come last, Django commits what it did and notes in a second commit that it was done: killed
in between, the same step would be tried again and fail for ever. Here the note is part of every step.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, router, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from rapport.config.environment import InstallationError
from rapport.config.operations.stores import STORES
from rapport.config.operations.tables import refuse_newer


class WholeSteps(MigrationExecutor):
    """Applies each migration and notes it in one transaction."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if not router.allow_migrate(self.connection.alias, migration.app_label):
            return self._only_note(state, migration)
        if not migration.atomic:
            raise InstallationError(f"{migration} cannot be taken back half-way. It must be atomic.")
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            while editor.deferred_sql:
                editor.execute(editor.deferred_sql.pop(0))
            self._note(migration)
        return state

    def _only_note(self, state: ProjectState, migration: Migration) -> ProjectState:
        """A migration of tables that lie in the other store: nothing to do here, and no models to build for it."""
        state.__dict__.pop("apps", None)
        state = migration.mutate_state(state, preserve=False)
        with transaction.atomic(using=self.connection.alias):
            self._note(migration)
        return state

    def _note(self, migration: Migration) -> None:
        for app_label, name in migration.replaces or [(migration.app_label, migration.name)]:
            self.recorder.record_applied(app_label, name)

    def _migrate_all_forwards(
        self, state: ProjectState, plan: Any, full_plan: Any, fake: bool, fake_initial: bool
    ) -> ProjectState:
        """Django's own, but models are built when a migration needs them and not before."""
        wanted = {migration for migration, _ in plan}
        for migration, _ in full_plan:
            if migration in wanted:
                state = self.apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        return state


def bring_up() -> None:
    """Bring both stores up to this version, but refuse a newer one before either is touched."""
    for alias in STORES:
        refuse_newer(MigrationLoader(connections[alias]), alias)
    for alias in STORES:
        executor = WholeSteps(connections[alias])
        executor.migrate(executor.loader.graph.leaf_nodes())


def bring_up_like(source: str, target: str) -> None:
    """Make the tables of one store that has none the tables that another has."""
    loader = MigrationLoader(connections[source])
    executor = WholeSteps(connections[target])
    applied = [node for node in loader.graph.nodes if node in loader.applied_migrations]
    last = [
        node
        for node in applied
        if not any(child.key[0] == node[0] and child.key in applied for child in loader.graph.node_map[node].children)
    ]
    executor.migrate(last)
