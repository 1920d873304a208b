"""How an invitation or a reset reaches a person. The post stands above accounts and registers itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from rapport.practice.security.policy.actor import Actor


class Messenger(Protocol):
    """Puts a letter into the outbox, in the caller's transaction."""

    def __call__(
        self,
        *,
        actor: Actor,
        at: datetime,
        kind: str,
        client_id: UUID | None,
        account_id: UUID | None,
        params: dict[str, str],
        dedupe: str,
    ) -> Any: ...


class NoMessenger(Exception):
    """No post is installed, so nothing can be sent."""


_messengers: list[Messenger] = []


def register_messenger(messenger: Messenger) -> None:
    """Name the one who carries letters."""
    _messengers[:] = [messenger]


def messenger() -> Messenger:
    """Whoever carries letters."""
    if not _messengers:
        raise NoMessenger("No post is registered.")
    return _messengers[0]
