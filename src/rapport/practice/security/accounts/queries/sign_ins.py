"""Finding who is signed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.accounts.choices import Stage, Standing
from rapport.practice.security.accounts.models import SignInSession
from rapport.practice.security.accounts.queries.accounts import person
from rapport.practice.security.accounts.rules.sign_ins import STAGE_LASTS, Hold, standing
from rapport.practice.security.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in as a request finds it."""

    id: UUID
    actor: Actor
    stage: Stage
    standing: Standing
    active_at: datetime
    second_factor: str
    language: str = ""  # the account's own choice

    @property
    def is_somebody(self) -> bool:
        """Whether the request may act as this person."""
        return self.stage == Stage.FULL and self.standing in {Standing.OPEN, Standing.HELD}

    @property
    def is_locked(self) -> bool:
        return self.stage == Stage.FULL and self.standing == Standing.LOCKED


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def sign_in_of(*, token: str, at: datetime, path: str) -> SignIn | None:
    """The sign-in a cookie stands for, and what it is worth to a request for `path`; None once it is over."""
    session = next(iter(_live(token_hash(token))), None)
    if session is None:
        return None
    actor = actor_of(session)
    if session.stage == Stage.ENROL:  # the password was given minutes ago, and an app takes its time to install
        actor = replace(actor, stepped_up_at=at)
    worth = standing(
        roles=actor.roles,
        started_at=session.started_at,
        active_at=session.active_at,
        hold=hold_of(session),
        path=path,
        at=at,
        handed=session.handed_path,
    )
    if worth == Standing.OVER or (session.stage != Stage.FULL and at >= session.started_at + STAGE_LASTS):
        return None
    return SignIn(
        session.id,
        actor,
        Stage(session.stage),
        worth,
        session.active_at,
        session.second_factor,
        session.account.language,
    )


@prepared
def _live(hashed: bytes) -> QuerySet[SignInSession]:
    rows = SignInSession.objects.select_related("account")
    return rows.filter(token_hash=hashed, ended_at=None, account__disabled_at=None)


def hold_of(session: SignInSession) -> Hold | None:
    """The room this sign-in keeps open, if any."""
    return Hold(session.held_open_until, session.held_path) if session.held_open_until else None


def actor_of(session: SignInSession) -> Actor:
    """The person behind a sign-in."""
    return person(session.account, session=session.id.hex, stepped_up_at=session.stepped_up_at)
