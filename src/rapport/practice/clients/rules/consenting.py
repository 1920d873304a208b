"""The words of consents, and where a consent stands."""

from __future__ import annotations

import functools
import tomllib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from rapport.practice.clients.choices import ConsentState, ConsentText, Purpose
from rapport.practice.clients.models import Consent

TEXTS = Path(__file__).resolve().parent.parent / "consent_texts" / "en.toml"


class UnknownConsentText(ValueError):
    """There is no such version of these words."""


class NothingToWithdraw(Exception):
    """This consent was not given, so it cannot be withdrawn."""


@functools.cache
def consent_texts() -> dict[Purpose, tuple[ConsentText, ...]]:
    """Every version of the words of every purpose, oldest first."""
    data = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return {
        purpose: tuple(
            ConsentText(purpose=purpose, **version)
            for version in sorted(data[purpose]["versions"], key=lambda version: int(version["version"]))
        )
        for purpose in Purpose
    }


def newest_text(purpose: Purpose) -> ConsentText:
    """The words asked with now."""
    return consent_texts()[purpose][-1]


def text_of(purpose: Purpose, version: int) -> ConsentText:
    """The words of one version."""
    for text in consent_texts()[purpose]:
        if text.version == version:
            return text
    raise UnknownConsentText(f"There is no version {version} of the words for {purpose}.")


def last_words(client_id: UUID, *, at: datetime) -> dict[Purpose, Consent]:
    """The last word on each purpose as of a moment, so that any past state can be shown again."""
    rows = Consent.objects.filter(client_id=client_id, at__lte=at).order_by("number")
    return {Purpose(row.purpose): row for row in rows}


def state_of(client_id: UUID, purpose: Purpose, *, at: datetime) -> ConsentState:
    """Where one consent stands, for rules that depend on it."""
    row = Consent.objects.filter(client_id=client_id, purpose=purpose, at__lte=at).order_by("-number").first()
    return ConsentState(row.state) if row else ConsentState.NOT_ASKED


def has_consented(client_id: UUID, purpose: Purpose, *, at: datetime) -> bool:
    """Whether the client agrees to this now."""
    return state_of(client_id, purpose, at=at) is ConsentState.GIVEN
