"""Coming in: password, second factor, passkey; stepping up and unlocking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapport.practice.security.accounts.actions.ceremonies import proven_passkey
from rapport.practice.security.accounts.actions.factors import use_recovery_code, use_time_code
from rapport.practice.security.accounts.actions.sign_ins import open_sign_in, prove_again
from rapport.practice.security.accounts.actions.throttle import forgive, take
from rapport.practice.security.accounts.choices import Factor, Stage
from rapport.practice.security.accounts.hashers import matches
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.accounts.queries import SignIn, has_second_factor, person
from rapport.practice.security.accounts.rules import limits
from rapport.practice.security.accounts.rules.demo import is_demo
from rapport.practice.security.accounts.rules.passkeys import PasskeyRefused
from rapport.practice.security.accounts.rules.sign_ins import STAFF
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action
from rapport.practice.security.policy.actor import Actor


class WrongSignIn(Exception):
    """Address and password, or the second factor, do not fit. Which of them is nobody's business."""


class NotADemo(Exception):
    """This way in exists only in a demo practice on this machine."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign-in that has come one step further; the token goes into the cookie."""

    token: str
    stage: Stage
    actor: Actor


@steps
def sign_in_with_password(*, actor: Actor, at: datetime, email: str, password: str, ip: str, device: str = "") -> Entry:
    """The first half. Somebody unknown costs the same time, the same statements and the same answer."""
    login = keys.keyed_hash("login", email)
    _take_all(actor, at, login, ip)
    account = Account.objects.filter(login_hash=login, disabled_at=None).first()
    if not matches(password, account.password if account else None) or account is None:
        _failed(actor=actor, at=at, account=account, reason="password")
        raise WrongSignIn("Address and password do not fit.")
    _forgive_all(actor, at, login, ip)
    whose = person(account)
    stage = _stage_after_password(account, whose)
    token = open_sign_in(
        actor=whose, at=at, account_id=account.id, second_factor=Factor.NONE, stage=stage, device=device
    )
    return Entry(token, stage, whose)


def _stage_after_password(account: Account, whose: Actor) -> Stage:
    if has_second_factor(account):
        return Stage.PASSWORD
    return Stage.ENROL if whose.roles & STAFF and not is_demo() else Stage.FULL


@steps
def pass_second_factor(*, actor: Actor, at: datetime, sign_in: SignIn, code: str, device: str = "") -> Entry:
    """The second half: the app's digits, or a recovery code."""
    if sign_in.stage != Stage.PASSWORD:
        raise WrongSignIn("The password comes first.")
    account = Account.objects.get(id=sign_in.actor.account)
    factor = _require_code(sign_in.actor, at, account, code)
    token = open_sign_in(actor=sign_in.actor, at=at, account_id=account.id, second_factor=factor, device=device)
    return Entry(token, Stage.FULL, sign_in.actor)


@steps
def sign_in_with_passkey(*, actor: Actor, at: datetime, ticket: str, answer: str, ip: str, device: str = "") -> Entry:
    """A passkey that checked who holds it is both halves at once."""
    take(actor=actor, at=at, limit=limits.ADDRESS, key=ip)
    whose = _proven(actor, at, ticket, answer)
    forgive(actor=actor, at=at, limit=limits.ADDRESS, key=ip, only_one=True)
    token = open_sign_in(actor=whose, at=at, account_id=whose.account, second_factor=Factor.PASSKEY, device=device)
    return Entry(token, Stage.FULL, whose)


@steps
def complete_enrolment(*, actor: Actor, at: datetime, sign_in: SignIn, device: str = "") -> Entry:
    """Staff who just set up a second factor are in."""
    account = Account.objects.get(id=sign_in.actor.account)
    if sign_in.stage != Stage.ENROL or not has_second_factor(account):
        raise WrongSignIn("A second factor comes first.")
    token = open_sign_in(
        actor=sign_in.actor, at=at, account_id=account.id, second_factor=Factor.TIME_CODE, device=device
    )
    return Entry(token, Stage.FULL, sign_in.actor)


@steps
def step_up(*, actor: Actor, at: datetime, password: str, code: str = "") -> str:
    """Prove once more who one is, by password and (where there is one) the second factor; return the new token."""
    account = _require_password(actor, at, password)
    factor: str = Factor.NONE
    if has_second_factor(account):
        factor = _require_code(actor, at, account, code)
    return prove_again(actor=actor, at=at, factor=factor)


@steps
def unlock(*, actor: Actor, at: datetime, password: str) -> str:
    """Go on with a sign-in that was locked for idleness. This is no step-up: the password alone is enough."""
    _require_password(actor, at, password)
    return prove_again(actor=actor, at=at, factor=Factor.NONE, is_step_up=False)


@steps
def prove_with_passkey(*, actor: Actor, at: datetime, ticket: str, answer: str) -> str:
    """Step up or unlock with a passkey of one's own."""
    if _proven(actor, at, ticket, answer).id != actor.id:
        raise WrongSignIn("This passkey belongs to another account.")
    return prove_again(actor=actor, at=at, factor=Factor.PASSKEY)


@steps
def pass_with_passkey(*, actor: Actor, at: datetime, sign_in: SignIn, ticket: str, answer: str, device: str) -> Entry:
    """A passkey as the second half."""
    if sign_in.stage != Stage.PASSWORD or _proven(actor, at, ticket, answer).id != sign_in.actor.id:
        raise WrongSignIn("This passkey belongs to another account.")
    token = open_sign_in(
        actor=sign_in.actor,
        at=at,
        account_id=sign_in.actor.account,
        second_factor=Factor.PASSKEY,
        device=device,
    )
    return Entry(token, Stage.FULL, sign_in.actor)


@steps
def prove_in_demo(*, actor: Actor, at: datetime) -> str:
    """In a demo practice proving again is a button."""
    if not is_demo():
        raise NotADemo("Only a demo practice has this.")
    return prove_again(actor=actor, at=at, factor=Factor.DEMO)


def _proven(actor: Actor, at: datetime, ticket: str, answer: str) -> Actor:
    try:
        return person(proven_passkey(actor=actor, at=at, ticket=ticket, answer=answer))
    except PasskeyRefused:
        _failed(actor=actor, at=at, account=None, reason="passkey")
        raise


def _require_password(actor: Actor, at: datetime, password: str) -> Account:
    account = Account.objects.get(id=actor.account)
    key = bytes(account.login_hash).hex()
    take(actor=actor, at=at, limit=limits.ACCOUNT, key=key)
    if not matches(password, account.password):
        _failed(actor=actor, at=at, account=account, reason="password")
        raise WrongSignIn("This is not the password.")
    forgive(actor=actor, at=at, limit=limits.ACCOUNT, key=key)
    return account


def _require_code(actor: Actor, at: datetime, account: Account, code: str) -> str:
    take(actor=actor, at=at, limit=limits.SECOND_FACTOR, key=str(account.id))
    factor = _used_code(actor=actor, at=at, account=account, code=code)
    if factor is None:
        _failed(actor=actor, at=at, account=account, reason="second factor")
        raise WrongSignIn("These digits do not fit.")
    forgive(actor=actor, at=at, limit=limits.SECOND_FACTOR, key=str(account.id))
    return factor


@action
def _used_code(*, actor: Actor, at: datetime, account: Account, code: str) -> str | None:
    plain = "".join(code.split())
    row = account.time_codes.filter(removed_at=None).exclude(confirmed_at=None).first()
    if plain.isdigit():
        right = row is not None and use_time_code(actor=actor, at=at, account=account, row=row, code=plain)
        return Factor.TIME_CODE if right else None
    right = use_recovery_code(actor=actor, at=at, account=account, code=plain)
    return Factor.RECOVERY_CODE if right else None


@action
def _failed(*, actor: Actor, at: datetime, account: Account | None, reason: str) -> None:
    """Known or not, a failure leaves one event; the limits bound how many."""
    event: dict[str, Any] = {"action": "sign_in", "object_type": "account", "at": at, "purpose": "access"}
    trail.record(
        actor=actor, object_id=account.id if account else None, decision="deny", reason=f"wrong {reason}", **event
    )


def _take_all(actor: Actor, at: datetime, login: bytes, ip: str) -> None:
    take(actor=actor, at=at, limit=limits.ADDRESS, key=ip)
    take(actor=actor, at=at, limit=limits.ACCOUNT, key=login.hex())
    take(actor=actor, at=at, limit=limits.EVERYBODY, key="")


def _forgive_all(actor: Actor, at: datetime, login: bytes, ip: str) -> None:
    forgive(actor=actor, at=at, limit=limits.ACCOUNT, key=login.hex())
    forgive(actor=actor, at=at, limit=limits.ADDRESS, key=ip, only_one=True)
    forgive(actor=actor, at=at, limit=limits.EVERYBODY, key="", only_one=True)
