"""What exists only in a demo practice."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_demo() -> bool:
    """Whether this is a demo practice that only this machine can reach."""
    host = urlsplit(settings.INSTALLATION.origin).hostname
    return bool(settings.INSTALLATION.demo) and host in LOOPBACK
