"""A mail server that can be down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Server:
    """What arrived, by its Message-ID, and whether anything can."""

    is_up = True
    received: Counter[str] = Counter()


class Backend(BaseEmailBackend):
    """Django's way to it."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        if not Server.is_up:
            raise ConnectionRefusedError
        for message in email_messages:
            Server.received[_id_of(message)] += 1
        return len(email_messages)


def _id_of(message: EmailMessage) -> str:
    return str(message.extra_headers["Message-ID"]).strip("<>").partition("@")[0]
