"""Keeps the keys in their own database."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

KEYS = "keys"


class KeysRouter:
    """Sends the keys' tables to the keys database and everything else to the record."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return KEYS if model._meta.app_label == KEYS else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return (one._meta.app_label == KEYS) == (other._meta.app_label == KEYS)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == KEYS) == (app_label == KEYS)
