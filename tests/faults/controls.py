"""Faults that Rapport must not have, each put in on purpose: a harness that does not notice them proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from django.db import transaction
from tests.faults.ground import Ground
from tests.faults.killer import Say, stand_still
from tests.faults.work import Fact

from rapport.practice.measures.actions.sheets import Sheet
from rapport.practice.security.audit import trail
from rapport.practice.security.keys.router import KEYS

Step = Callable[[Ground], list[Fact]]


def alert_apart(step: Step, ground: Ground, say: Say) -> None:
    """The answer is committed, then its alert."""
    with patch.object(Sheet, "_tell_a_person", lambda *given: None):
        step(ground)
    stand_still(say)


def event_apart(step: Step, ground: Ground, say: Say) -> None:
    """The change is committed, then its audit event."""
    with patch.object(trail, "write", lambda events: None):
        step(ground)
        step(ground)  # of notes every other step only keeps what is being typed
    stand_still(say)


def key_after_use(step: Step, ground: Ground, say: Say) -> None:
    """The record is committed, then the key it is sealed with."""
    with transaction.atomic(using=KEYS):
        step(ground)
        stand_still(say)


def said_too_early(step: Step, ground: Ground, say: Say) -> None:
    """The work is acknowledged, then committed."""
    with transaction.atomic():
        say(step(ground))
        stand_still(say)


def wrapped_in_two_steps(step: Step, ground: Ground, say: Say) -> None:
    """A renewal that commits which key wraps, then what is wrapped."""
    from rapport.practice.security.keys.models import CompartmentKey

    def half(rows: list[Any], fields: list[str]) -> None:
        update(rows, ["practice_key"])

    update = CompartmentKey.objects.bulk_update
    with patch.object(CompartmentKey.objects, "bulk_update", half):
        step(ground)
    stand_still(say)


CONTROLS: dict[str, tuple[str, Callable[[Step, Ground, Say], None], str]] = {
    "alert apart": ("answers", alert_apart, "answer without alert"),
    "event apart": ("notes", event_apart, "half done: notes"),
    "event of a booking apart": ("bookings", event_apart, "half done: bookings"),
    "key after use": ("imports", key_after_use, "sealed with a key that does not exist"),
    "said too early": ("signatures", said_too_early, "lost: therapy_sessions.ProgressNote"),
    "wrapped in two steps": ("key renewals", wrapped_in_two_steps, "key that does not open"),
}
