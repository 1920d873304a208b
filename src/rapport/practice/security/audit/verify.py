"""Checking the trail of this practice."""

from __future__ import annotations

from collections.abc import Iterable

from rapport.practice.security.audit.naming import Finding, Tampering
from rapport.practice.security.audit.notes import own_verifier
from rapport.practice.security.audit.reading import Verification, verify_trail
from rapport.practice.security.audit.sources import DatabaseTrail, one_moment
from rapport.practice.security.audit.statements import anchored_notes


def verify(anchor: str | None, roots: Iterable[tuple[int, str]] = ()) -> Verification:
    """Check the trail of this practice, against the text of an anchor if there is one."""
    with one_moment():
        return verify_trail(DatabaseTrail(), own_verifier(), anchored_notes(anchor or ""), roots)


__all__ = ["Finding", "Tampering", "Verification", "verify"]
