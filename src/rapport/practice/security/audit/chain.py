"""How events become a chain (domain separation as in RFC 6962: leaves begin with 0, links with 1)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from rapport.practice.security.audit.models import AuditEvent

GENESIS = bytes(32)
FIELDS = (
    "chain", "seq", "actor", "roles", "session", "action", "object_type", "object_id", "client", "purpose",
    "decision", "reason", "private_to",
)  # fmt: skip


def leaf_of(event: AuditEvent) -> bytes:
    """SHA-256 over the event's canonical JSON: sorted keys, no spaces, UTF-8."""
    content: dict[str, Any] = {name: getattr(event, name) for name in FIELDS}
    for name, value in content.items():
        if value is not None and not isinstance(value, str | int):
            content[name] = str(value)
    content["id"] = str(event.id)
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    content["detail"] = bytes(event.detail).hex()
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + canonical.encode()).digest()


def link_of(previous: bytes, leaf: bytes) -> bytes:
    """SHA-256 of the previous link and this leaf."""
    return hashlib.sha256(b"\x01" + previous + leaf).digest()
