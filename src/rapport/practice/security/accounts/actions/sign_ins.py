"""Sign-ins: begun, proven again, held open, ended."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rapport.practice.security.accounts.choices import Stage
from rapport.practice.security.accounts.models import SentForm, SignInSession
from rapport.practice.security.accounts.queries import SignIn, token_hash
from rapport.practice.security.accounts.rules.sign_ins import HOLD_GRACE, LONGEST_HOLD, MOST_SIGN_INS
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

LONGEST_RETRY = timedelta(days=1)  # no page is sent again after a day: its sign-in is long over
TOUCH_EVERY = timedelta(seconds=30)
OWN = Thing("own_account")


@action
def open_sign_in(
    *,
    actor: Actor,
    at: datetime,
    account_id: UUID,
    second_factor: str,
    stage: Stage = Stage.FULL,
    device: str = "",
) -> str:
    """Begin a sign-in for somebody who proved who they are; return the cookie's token, new each time."""
    token = secrets.token_urlsafe(32)
    SignInSession.objects.create(
        account_id=account_id,
        token_hash=token_hash(token),
        stage=stage,
        started_at=at,
        active_at=at,
        stepped_up_at=at if stage == Stage.FULL else None,
        second_factor=second_factor,
        device=device[:60],
    )
    if stage == Stage.FULL:
        _end_oldest(account_id, at)
        SentForm.objects.filter(account_id=account_id, sent_at__lt=at - LONGEST_RETRY).delete()
        trail.record(
            actor=actor, action="sign_in", object_type="account", object_id=account_id, at=at, purpose="access",
            reason=second_factor,
        )  # fmt: skip
    return token


def _end_oldest(account_id: UUID, at: datetime) -> None:
    newest = SignInSession.objects.filter(account_id=account_id, ended_at=None, stage=Stage.FULL).order_by("-active_at")
    kept = list(newest.values_list("id", flat=True)[:MOST_SIGN_INS])
    SignInSession.objects.filter(account_id=account_id, ended_at=None).exclude(id__in=kept).filter(
        stage=Stage.FULL
    ).update(ended_at=at)


@action
def end_sign_in(*, actor: Actor, at: datetime, token: str) -> None:
    """Sign out: the token is dead at once."""
    ended = SignInSession.objects.filter(token_hash=token_hash(token), ended_at=None).update(ended_at=at)
    if ended and actor.id is not None:
        trail.record(actor=actor, action="sign_out", object_type="account", object_id=actor.id, at=at, purpose="access")


@action
def end_own_sign_in(*, actor: Actor, at: datetime, sign_in_id: UUID) -> None:
    """End one of one's own sign-ins, on whatever device it is."""
    require(actor, "edit", OWN, at=at)
    found = SignInSession.objects.filter(id=sign_in_id, account_id=actor.account, ended_at=None)
    if not found.update(ended_at=at):
        raise not_found(actor, "edit", Thing("own_account", id=sign_in_id), at=at)
    trail.record(actor=actor, action="sign_out", object_type="account", object_id=actor.id, at=at, purpose="access")


@action
def sign_out_everywhere(*, actor: Actor, at: datetime) -> None:
    """End all of one's own sign-ins, this one too."""
    require(actor, "edit", OWN, at=at)
    end_all(actor=actor, at=at, account_id=actor.account)
    trail.record(
        actor=actor, action="sign_out_everywhere", object_type="account", object_id=actor.id, at=at, purpose="access"
    )


@action
def end_all(*, actor: Actor, at: datetime, account_id: UUID, but: str = "") -> None:
    """End every sign-in of an account; `but` names one that stays. Whoever calls has asked whether they may."""
    rows = SignInSession.objects.filter(account_id=account_id, ended_at=None)
    if but:
        rows = rows.exclude(id=UUID(hex=but))
    rows.update(ended_at=at)


@action
def prove_again(*, actor: Actor, at: datetime, factor: str, is_step_up: bool = True) -> str:
    """Step up, or unlock: the same sign-in goes on under a new token; the old token is dead."""
    require(actor, "edit", OWN, at=at)
    token = secrets.token_urlsafe(32)
    proven: dict[str, Any] = {"stepped_up_at": at} if is_step_up else {}
    changed = SignInSession.objects.filter(id=UUID(hex=actor.session), ended_at=None).update(
        token_hash=token_hash(token), active_at=at, handed_path="", **proven
    )
    if not changed:
        raise not_found(actor, "edit", OWN, at=at)
    trail.record(
        actor=actor,
        action="step_up" if is_step_up else "unlock",
        object_type="account",
        object_id=actor.id,
        at=at,
        purpose="access",
        reason=factor,
    )
    return token


@action
def hold_open(*, actor: Actor, at: datetime, until: datetime, path: str) -> None:
    """Keep one room open past the idle limit while its session of therapy runs.

    `until` is the planned end; fifteen minutes are added, at most four hours in all. `path` is the room's address
    ("/desk/room/…/"): requests elsewhere are asked to unlock. A hold never outlasts the absolute limit.
    """
    require(actor, "edit", OWN, at=at)
    if not path.startswith("/") or path.strip("/") == "" or "/" not in path.strip("/"):
        raise ValueError("A hold keeps one room open, not a whole part of the house.")
    if not actor.session:
        return  # a test or the worker acts without a browser: there is nothing to hold
    latest = min(until + HOLD_GRACE, at + LONGEST_HOLD)
    SignInSession.objects.filter(id=UUID(hex=actor.session), ended_at=None).update(
        held_open_until=latest, held_path=path
    )
    trail.record(
        actor=actor, action="hold_open", object_type="account", object_id=actor.id, at=at, purpose="access", reason=path
    )


@action
def hand_over(*, actor: Actor, at: datetime, path: str) -> None:
    """The device goes into somebody else's hands: from now on this sign-in opens `path` and what lies below it, and
    nothing else, until its owner proves again who they are."""
    require(actor, "edit", OWN, at=at)
    if not path.startswith("/") or "/" not in path.strip("/"):
        raise ValueError("A device is handed over for one place, not for a whole part of the house.")
    if not actor.session:
        return  # a test or the worker acts without a browser: there is nothing to lock
    SignInSession.objects.filter(id=UUID(hex=actor.session), ended_at=None).update(handed_path=path)
    trail.record(
        actor=actor, action="hand_over", object_type="account", object_id=actor.id, at=at, purpose="access", reason=path
    )


@action
def release_hold(*, actor: Actor, at: datetime) -> None:
    """The session is over: the idle limit counts again everywhere."""
    require(actor, "edit", OWN, at=at)
    if actor.session:
        SignInSession.objects.filter(id=UUID(hex=actor.session)).update(held_open_until=None, held_path="")


@steps
def touch(*, actor: Actor, at: datetime, sign_in: SignIn) -> None:
    """Note that somebody is there; at most twice a minute, so that a page costs no write."""
    if at - sign_in.active_at >= TOUCH_EVERY:
        SignInSession.objects.filter(id=sign_in.id).update(active_at=at)
