"""What a person sees of their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.choices import Stage, Standing
from rapport.practice.security.accounts.models import Account, SignInSession
from rapport.practice.security.accounts.queries.accounts import compartment_of, email_of, name_of
from rapport.practice.security.accounts.queries.sign_ins import hold_of
from rapport.practice.security.accounts.rules.sign_ins import standing
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import require
from rapport.practice.security.policy.actor import Actor, Role, Thing

PASSKEY_NAME_LABEL = "accounts.passkey.name"


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInFacts:
    id: UUID
    device: str
    started_at: datetime
    active_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of their own account."""

    name: str
    email: str
    time_code_since: datetime | None
    passkeys: tuple[PasskeyFacts, ...]
    recovery_codes_left: int
    sign_ins: tuple[SignInFacts, ...]

    @property
    def has_second_factor(self) -> bool:
        return self.time_code_since is not None or bool(self.passkeys)


def own_account(*, viewer: Actor, at: datetime) -> OwnAccount:
    """The viewer's own account."""
    require(viewer, "read", Thing("own_account"), at=at)
    account = Account.objects.get(id=viewer.account)
    time_code = account.time_codes.filter(removed_at=None).exclude(confirmed_at=None).first()
    sign_ins = account.sessions.filter(ended_at=None, stage=Stage.FULL).order_by("-active_at")
    return OwnAccount(
        name=name_of(account),
        email=email_of(account),
        time_code_since=time_code.confirmed_at if time_code else None,
        passkeys=tuple(_passkeys(account)),
        recovery_codes_left=account.recovery_codes.filter(used_at=None, replaced_at=None).count(),
        sign_ins=tuple(
            SignInFacts(row.id, row.device, row.started_at, row.active_at, row.id.hex == viewer.session)
            for row in sign_ins
            if _is_alive(row, viewer.roles, at)
        ),
    )


def _passkeys(account: Account) -> list[PasskeyFacts]:
    drawer = compartment_of(account)
    return [
        PasskeyFacts(row.id, keys.unseal(drawer, PASSKEY_NAME_LABEL, row.id, row.name_sealed), row.made_at, row.used_at)
        for row in account.passkeys.filter(removed_at=None).order_by("made_at")
    ]


def _is_alive(row: SignInSession, roles: frozenset[Role], at: datetime) -> bool:
    worth = standing(roles=roles, started_at=row.started_at, active_at=row.active_at, hold=hold_of(row), path="", at=at)
    return worth != Standing.OVER
