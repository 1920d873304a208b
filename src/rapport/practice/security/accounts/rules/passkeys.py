"""Passkeys (WebAuthn level 3): the questions a browser is asked, and the check of what it answers.

The relying party is the host of the installation's own origin, never of a request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST_ANSWER = 20_000


class PasskeyRefused(Exception):
    """The passkey did not prove what it should."""


@dataclass(frozen=True, slots=True)
class Credential:
    """The public half of a passkey."""

    credential_id: bytes
    credential: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked (JSON), and what the server must remember to check the answer."""

    options: dict[str, Any]
    state: dict[str, Any]


def _server() -> Fido2Server:
    origin = settings.INSTALLATION.origin.rstrip("/")
    host = urlsplit(origin).hostname or "localhost"
    party = PublicKeyCredentialRpEntity(id=host, name="Rapport")
    return Fido2Server(party, verify_origin=lambda given: given == origin)


def ask_for_new(*, user_id: bytes, login: str, name: str, known: Iterable[bytes]) -> Question:
    """Ask a device to make a passkey that can sign in by itself and checks who holds it."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=user_id, name=login, display_name=name),
        credentials=[AttestedCredentialData(credential) for credential in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Question(dict(options), dict(state))


def ask_to_prove(known: Iterable[bytes] | None) -> Question:
    """Ask for a signature by one of these passkeys, or (None) by any that the device keeps for us."""
    allowed = None if known is None else [AttestedCredentialData(credential) for credential in known]
    options, state = _server().authenticate_begin(allowed, user_verification=UserVerificationRequirement.REQUIRED)
    return Question(dict(options), dict(state))


def credential_from(state: dict[str, Any], answer: str) -> Credential:
    """The new passkey in a browser's answer."""
    try:
        data = _server().register_complete(state, _parsed(answer))
        made = data.credential_data
        if made is None:
            raise ValueError("no credential")
        return Credential(made.credential_id, bytes(made), data.counter)
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused("The passkey could not be set up. Try again.") from problem


def credential_id_in(answer: str) -> bytes:
    """Which passkey answered; nothing is proven yet."""
    try:
        return bytes(AuthenticationResponse.from_dict(_parsed(answer)).raw_id)
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused("The passkey could not be read. Try again.") from problem


def proven_count(state: dict[str, Any], answer: str, credential: bytes) -> int:
    """Check a signature; return the passkey's use counter."""
    try:
        parsed = AuthenticationResponse.from_dict(_parsed(answer))
        _server().authenticate_complete(state, [AttestedCredentialData(credential)], parsed)
        return int(parsed.response.authenticator_data.counter)
    except Exception as problem:  # a key's own library may raise anything on forged bytes
        raise PasskeyRefused("The passkey did not fit. Try again.") from problem


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise TypeError("not an object")
    return parsed
