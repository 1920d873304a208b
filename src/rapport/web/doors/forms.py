"""What forms of every room share: choices known only as the page is made, ids and numbers as a browser sends them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

Choices = Iterable[tuple[Any, Any]]
LONGEST_NUMBER = 9


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give a field the choices of this page."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice.")
    field.choices = list(choices)


def as_id(text: str) -> UUID | None:
    """An id, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def as_number(text: str) -> int | None:
    """A whole number from 0 on, or None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
