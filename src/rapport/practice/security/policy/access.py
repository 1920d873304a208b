"""The one decision point: `can` and `require`, read from the permission matrix. Deny by default, no bypass."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction

from rapport.practice.foundation import once
from rapport.practice.security.audit import trail
from rapport.practice.security.policy import beginning
from rapport.practice.security.policy.actor import Actor, Role, Thing

Relation = Callable[[Actor, UUID, datetime], bool]
FOR_THE_AUTHOR = frozenset({"process_note", "rupture"})  # that such a thing exists is nobody else's to know
P = ParamSpec("P")
T = TypeVar("T")


class Refused(Exception):
    """The answer is no. `status` is what a page shows: 404 hides what exists, 403 says the function is not theirs."""

    status = 404

    def __init__(self, actor: Actor, action: str, thing: Thing, at: datetime, reason: str) -> None:
        super().__init__(reason)
        self.actor, self.action, self.thing, self.at, self.reason = actor, action, thing, at, reason
        self.recorded = False


class NotFound(Refused):
    """There is no such thing, as far as this person may know."""


class Forbidden(Refused):
    """No relationship would give this role this function."""

    status = 403


class StepUpNeeded(Refused):
    """Allowed, but only after proving once more who they are."""

    status = 403


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why."""

    allow: bool
    reason: str
    status: int = 200


@functools.cache
def matrix() -> dict[str, dict[str, dict[str, str]]]:
    """The permission matrix: resource → action → role → condition."""
    return tomllib.loads(Path(__file__).with_name("matrix.toml").read_bytes().decode())


_relations: dict[str, Relation] = {}


def register_relation(name: str, holds: Relation) -> None:
    """Hand a relationship down to the policy; the duty that keeps it calls this when the practice starts."""
    _relations[name] = holds


def conditions_for(action: str, resource: str) -> dict[str, str]:
    """Which roles have a function, under which condition; unknown functions are a programming error."""
    try:
        return matrix()[resource][action]
    except KeyError:
        raise LookupError(f"{resource}/{action} is not in the permission matrix.") from None


def ever(actor: Actor, action: str, resource: str) -> bool:
    """Whether any role of this person has the function under some condition."""
    granted = conditions_for(action, resource)
    return any(role in granted for role in actor.roles)


def can(actor: Actor, action: str, thing: Thing, *, at: datetime) -> Decision:
    """Whether this person may do this to this thing now."""
    granted = conditions_for(action, thing.resource)
    conditions = [granted[role] for role in actor.roles if role in granted]
    if not conditions:
        return Decision(False, "role has no such function", 403)
    if any(_holds(condition, actor, thing, at) for condition in conditions):
        return Decision(True, "granted")
    return Decision(False, "no relationship", 404)


def require(actor: Actor, action: str, thing: Thing, *, at: datetime) -> None:
    """Refuse unless `can`."""
    decision = can(actor, action, thing, at=at)
    if not decision.allow:
        kind = Forbidden if decision.status == 403 else NotFound
        raise kind(actor, action, thing, at, decision.reason)


def require_step_up(actor: Actor, action: str, thing: Thing, *, at: datetime) -> None:
    """Refuse unless the person proved who they are within the last five minutes."""
    if not actor.is_stepped_up(at):
        raise StepUpNeeded(actor, action, thing, at, "step-up needed")


def not_found(actor: Actor, action: str, thing: Thing, *, at: datetime) -> NotFound:
    """The refusal for an id that leads nowhere this person may go. Raise it."""
    return NotFound(actor, action, thing, at, "unknown or foreign")


def _holds(condition: str, actor: Actor, thing: Thing, at: datetime) -> bool:
    return all(_holds_one(part, actor, thing, at) for part in condition.split("+"))


def _holds_one(condition: str, actor: Actor, thing: Thing, at: datetime) -> bool:
    match condition:
        case "always":
            return True
        case "self":
            return thing.client is not None and thing.client == actor.client_id
        case "released":
            return thing.released and thing.client is not None and thing.client == actor.client_id
        case "author":
            return thing.author is not None and thing.author == actor.id
        case _:
            relation = _relations[condition]
            return thing.client is not None and relation(actor, thing.client, at)


_depth: ContextVar[int] = ContextVar("action_depth", default=0)


def action(function: Callable[P, T]) -> Callable[P, T]:
    """Make a function an action: one transaction, its audit events written last, and a refusal never unrecorded."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        token = _depth.set(_depth.get() + 1)
        once.forget()
        try:
            return _run(lambda: function(*args, **kwargs))
        except Refused as refusal:
            if _depth.get() == 1:
                record_refusal(refusal)
            raise
        finally:
            _depth.reset(token)
            once.forget()

    marked: Any = run
    marked.__action__ = True
    return run


def _run(act: Callable[[], T]) -> T:
    outermost = _depth.get() == 1
    with transaction.atomic(), trail.gathered_changes():
        if outermost:
            beginning.begin()
        result = act()
    if outermost:
        beginning.begun()
    return result


def record_refusal(refusal: Refused) -> None:
    """Write a denial, once, in a transaction of its own."""
    if refusal.recorded:
        return
    refusal.recorded = True
    trail.write_denial(
        actor=refusal.actor,
        action=refusal.action,
        object_type=refusal.thing.resource,
        object_id=refusal.thing.id,
        at=refusal.at,
        reason=refusal.reason,
        private_to=refusal.thing.author if refusal.thing.resource in FOR_THE_AUTHOR else None,
    )


__all__ = [
    "Actor",
    "Decision",
    "Forbidden",
    "NotFound",
    "Refused",
    "Role",
    "StepUpNeeded",
    "Thing",
    "action",
    "can",
    "ever",
    "matrix",
    "not_found",
    "record_refusal",
    "register_relation",
    "require",
    "require_step_up",
]
