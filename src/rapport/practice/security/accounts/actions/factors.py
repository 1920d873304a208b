"""Second factors: one-time codes, passkeys and recovery codes, set up and removed."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from django.db import IntegrityError

from rapport.practice.security.accounts.actions.links import claim_link
from rapport.practice.security.accounts.actions.sign_ins import end_all
from rapport.practice.security.accounts.choices import LinkKind
from rapport.practice.security.accounts.models import Account, Passkey, RecoveryCode, TimeCode
from rapport.practice.security.accounts.queries import (
    PASSKEY_NAME_LABEL,
    compartment_of,
    detail_of,
    email_of,
    has_second_factor,
    roles_of,
)
from rapport.practice.security.accounts.rules.passkeys import PasskeyRefused, credential_from
from rapport.practice.security.accounts.rules.sign_ins import STAFF
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require, require_step_up
from rapport.practice.security.policy.actor import Actor, Thing

SECRET_LABEL = "accounts.time_code.secret"  # noqa: S105
STEP_SECONDS = 30
CODES = 10
OWN = Thing("own_account")


class WrongCode(Exception):
    """These six digits are not the ones of this moment, or were already used."""


class AlreadySetUp(Exception):
    """An authenticator app is already set up."""


class LastFactor(Exception):
    """Somebody who works here keeps at least one second factor."""


@dataclass(frozen=True, slots=True)
class TimeCodeOffer:
    """What an authenticator app needs: the secret, and the same as an address for its camera."""

    secret: str
    address: str


@action
def begin_time_code(*, actor: Actor, at: datetime, practice_name: str) -> TimeCodeOffer:
    """Offer a secret for an authenticator app; the same again until it is confirmed."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    account = Account.objects.get(id=actor.account)
    row = account.time_codes.filter(removed_at=None, confirmed_at=None).first()
    if row is None:
        if account.time_codes.filter(removed_at=None).exists():
            raise AlreadySetUp("An authenticator app is already set up. Remove it first.")
        row_id = uuid.uuid4()
        sealed = keys.seal(compartment_of(account), SECRET_LABEL, row_id, pyotp.random_base32())
        row = TimeCode.objects.create(id=row_id, account=account, secret_sealed=sealed, made_at=at)
    secret = keys.unseal(compartment_of(account), SECRET_LABEL, row.id, row.secret_sealed)
    uri = pyotp.TOTP(secret).provisioning_uri(name=email_of(account), issuer_name=practice_name or "Rapport")
    return TimeCodeOffer(secret, uri)


@action
def confirm_time_code(*, actor: Actor, at: datetime, code: str) -> None:
    """The app shows the right digits: from now on they are asked for."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    account = Account.objects.get(id=actor.account)
    row = account.time_codes.filter(removed_at=None, confirmed_at=None).first()
    if row is None or not use_time_code(actor=actor, at=at, account=account, row=row, code=code):
        raise WrongCode("These are not the digits your app shows now. Wait for the next ones and try again.")
    TimeCode.objects.filter(id=row.id).update(confirmed_at=at)
    _changed(actor, at, "time code set up")


@action
def use_time_code(*, actor: Actor, at: datetime, account: Account, row: TimeCode, code: str) -> bool:
    """Whether the digits are right for this moment (one step early or late) and were not used before."""
    digits = "".join(character for character in code if character in "0123456789")
    totp = pyotp.TOTP(keys.unseal(compartment_of(account), SECRET_LABEL, row.id, row.secret_sealed))
    now = int(at.timestamp()) // STEP_SECONDS
    right = [step for step in (now - 1, now, now + 1) if secrets.compare_digest(totp.generate_otp(step), digits)]
    return any(TimeCode.objects.filter(id=row.id, last_step__lt=step).update(last_step=step) for step in right)


@action
def remove_time_code(*, actor: Actor, at: datetime) -> None:
    """Stop asking for an app's digits."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    if not TimeCode.objects.filter(account_id=actor.account, removed_at=None).update(removed_at=at):
        raise not_found(actor, "edit", OWN, at=at)
    _require_factor_left(actor)
    _changed(actor, at, "time code removed")


@action
def add_passkey(*, actor: Actor, at: datetime, ticket: str, answer: str, name: str) -> UUID:
    """Keep the public half of a passkey the person's device just made."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    link = claim_link(actor=actor, at=at, kind=LinkKind.CEREMONY, token=ticket)
    if link.account_id != actor.account:
        raise PasskeyRefused("This passkey was begun by somebody else.")
    made = credential_from(detail_of(link), answer)
    account, passkey_id = Account.objects.get(id=actor.account), uuid.uuid4()
    try:
        Passkey.objects.create(
            id=passkey_id,
            account=account,
            credential_id=made.credential_id,
            credential=made.credential,
            sign_count=made.sign_count,
            name_sealed=keys.seal(compartment_of(account), PASSKEY_NAME_LABEL, passkey_id, name.strip()[:60]),
            made_at=at,
        )
    except IntegrityError:
        raise PasskeyRefused("This passkey is already in use.") from None
    _changed(actor, at, "passkey added")
    return passkey_id


@action
def remove_passkey(*, actor: Actor, at: datetime, passkey_id: UUID) -> None:
    """A device is lost or replaced."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    if not Passkey.objects.filter(id=passkey_id, account_id=actor.account, removed_at=None).update(removed_at=at):
        raise not_found(actor, "edit", Thing("own_account", id=passkey_id), at=at)
    _require_factor_left(actor)
    _changed(actor, at, "passkey removed")


@action
def make_recovery_codes(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Ten new codes to print; the old ones are dead."""
    require(actor, "edit", OWN, at=at)
    require_step_up(actor, "edit", OWN, at=at)
    RecoveryCode.objects.filter(account_id=actor.account, replaced_at=None).update(replaced_at=at)
    codes = tuple(_new_code() for _ in range(CODES))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=actor.account, code_hash=_code_hash(actor.account, code), made_at=at) for code in codes
    )
    trail.record(
        actor=actor, action="edit", object_type="own_account", object_id=actor.id, at=at, purpose="access",
        reason="recovery codes made",
    )  # fmt: skip
    return codes


@action
def use_recovery_code(*, actor: Actor, at: datetime, account: Account, code: str) -> bool:
    """Whether this is one of the account's codes; it counts once."""
    found = account.recovery_codes.filter(code_hash=_code_hash(account.id, code), used_at=None, replaced_at=None)
    return bool(found.update(used_at=at))


def _new_code() -> str:
    """Eighty random bits in letters nobody mistakes."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _code_hash(account_id: UUID, code: str) -> bytes:
    plain = "".join(character for character in code if character.isalnum())
    return keys.keyed_hash("recovery code", f"{account_id}:{plain}")


def _require_factor_left(actor: Actor) -> None:
    account = Account.objects.get(id=actor.account)
    if roles_of(account) & STAFF and not has_second_factor(account):
        raise LastFactor("Everybody who works here keeps a second factor. Set up another one first.")


def _changed(actor: Actor, at: datetime, what: str) -> None:
    end_all(actor=actor, at=at, account_id=actor.account, but=actor.session)
    trail.record(
        actor=actor, action="edit", object_type="own_account", object_id=actor.id, at=at, purpose="access", reason=what
    )
