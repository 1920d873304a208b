"""Passwords, second factors and half-way sign-ins for tests."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as Browser
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from rapport.practice.security.accounts import actions
from rapport.practice.security.accounts.hashers import hashed
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import email_of
from rapport.practice.security.policy.actor import Actor

PASSWORD = "slow tram under green lanterns"
ORIGIN = "http://localhost"


def with_password(actor: Actor, password: str = PASSWORD) -> str:
    """Give an account a password; return the address it signs in with."""
    account = Account.objects.get(id=actor.account)
    Account.objects.filter(id=account.id).update(password=hashed(password))
    return email_of(account)


def with_time_code(actor: Actor, at: datetime) -> pyotp.TOTP:
    """Set up an authenticator app, as the person would."""
    proven = replace(actor, stepped_up_at=at)
    offer = actions.begin_time_code(actor=proven, at=at, practice_name="Lindenhof")
    app = pyotp.TOTP(offer.secret)
    actions.confirm_time_code(actor=proven, at=at, code=digits(app, at, -1))
    return app


def digits(app: pyotp.TOTP, at: datetime, steps: int = 0) -> str:
    """What the app shows, some steps earlier or later."""
    return app.generate_otp(int(at.timestamp()) // 30 + steps)


def csrf_of(browser: Browser, url: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(url).content.decode())
    assert found is not None
    return found.group(1)


@dataclass
class SoftKey:
    """A passkey in memory: makes credentials and signs challenges as a device would."""

    origin: str = ORIGIN
    verified: bool = True
    count: int = 0

    def __post_init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, party: str, flags: int, credential: bytes = b"") -> AuthenticatorData:
        self.count += 1
        flags |= 0x01 | (0x04 if self.verified else 0)
        return AuthenticatorData.create(hashlib.sha256(party.encode()).digest(), flags, self.count, credential)

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a registration."""
        asked = options["publicKey"]
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        attested = AttestationObject.create("none", self._data(asked["rp"]["id"], 0x40, credential), {})
        client = self._client_data("webauthn.create", asked["challenge"])
        return self._written({"clientDataJSON": client, "attestationObject": bytes(attested)})

    def sign(self, options: dict[str, Any], challenge: bytes | None = None) -> str:
        """The answer to a question."""
        asked = options["publicKey"]
        client = self._client_data("webauthn.get", websafe_encode(challenge) if challenge else asked["challenge"])
        data = self._data(asked["rpId"], 0)
        signature = self.private.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written({"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature})

    def _written(self, response: dict[str, bytes]) -> str:
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": encoded})


def with_passkey(actor: Actor, at: datetime, key: SoftKey | None = None) -> SoftKey:
    """Set up a passkey, as the person would."""
    key, proven = key or SoftKey(), replace(actor, stepped_up_at=at)
    begun = actions.begin_new_passkey(actor=proven, at=at, ip="192.0.2.1")
    actions.add_passkey(actor=proven, at=at, ticket=begun.ticket, answer=key.make(begun.options), name="Phone")
    return key


__all__ = ["PASSWORD", "SoftKey", "csrf_of", "digits", "with_passkey", "with_password", "with_time_code"]
