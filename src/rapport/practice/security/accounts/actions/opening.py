"""The first account of a real practice, and the links into a demo. No default password exists anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.actions.accounts import new_account
from rapport.practice.security.accounts.actions.entry import Entry, NotADemo
from rapport.practice.security.accounts.actions.links import Link, claim_link, make_link
from rapport.practice.security.accounts.actions.sign_ins import open_sign_in
from rapport.practice.security.accounts.choices import Factor, LinkKind, Stage
from rapport.practice.security.accounts.hashers import hashed
from rapport.practice.security.accounts.models import Account, SingleUseLink
from rapport.practice.security.accounts.queries import LinkDead, find_link, has_staff, person
from rapport.practice.security.accounts.rules.demo import is_demo
from rapport.practice.security.accounts.rules.passwords import require_strong
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import SYSTEM, Actor, Role, Thing

PAGE, DEMO_PAGE = "entrance:open_practice", "entrance:demo"


class AlreadyOpened(Exception):
    """Somebody works here already; they invite the others."""


@action
def make_opening_link(*, actor: Actor, at: datetime) -> Link:
    """The link that the console prints: whoever can read the console opens the practice, once, within 30 minutes."""
    require(actor, "run", Thing("system_task"), at=at)
    if has_staff():
        raise AlreadyOpened("This practice was opened already.")
    SingleUseLink.objects.filter(kind=LinkKind.OPENING, used_at=None, revoked_at=None).update(revoked_at=at)
    return make_link(actor=actor, at=at, kind=LinkKind.OPENING)


@steps
def open_first_account(
    *,
    actor: Actor,
    at: datetime,
    token: str,
    name: str,
    email: str,
    password: str,
    practice_name: str,
    is_therapist: bool,
    found: Callable[[Actor], object],
    device: str = "",
) -> Entry:
    """The founder's own account. `found` founds the practice in the same transaction; a second factor comes next."""
    find_link(LinkKind.OPENING, token, at)
    require_strong(password, about=(practice_name, name, email))
    roles = frozenset({Role.MANAGER, Role.THERAPIST} if is_therapist else {Role.MANAGER})
    return _opened(
        actor=actor,
        at=at,
        token=token,
        name=name,
        email=email,
        kept=hashed(password),
        roles=roles,
        found=found,
        device=device,
    )


@action
def _opened(
    *,
    actor: Actor,
    at: datetime,
    token: str,
    name: str,
    email: str,
    kept: str,
    roles: frozenset[Role],
    found: Callable[[Actor], object],
    device: str,
) -> Entry:
    claim_link(actor=actor, at=at, kind=LinkKind.OPENING, token=token)
    if has_staff():
        raise LinkDead("This practice was opened already.")
    account_id = new_account(actor=SYSTEM, at=at, email=email, name=name, roles=roles, password=kept, client_id=None)
    found(SYSTEM)
    whose = person(Account.objects.get(id=account_id))
    token = open_sign_in(
        actor=whose, at=at, account_id=account_id, second_factor=Factor.NONE, stage=Stage.ENROL, device=device
    )
    return Entry(token, Stage.ENROL, whose)


@action
def make_demo_link(*, actor: Actor, at: datetime, role: Role, account_id: UUID | None = None) -> Link:
    """A link into the demo practice as somebody with this role. A real practice refuses."""
    require(actor, "run", Thing("system_task"), at=at)
    if not is_demo():
        raise NotADemo("Only a demo practice on this machine has such links.")
    people = Account.objects.filter(role_grants__role=role, role_grants__ended_at=None, disabled_at=None)
    if account_id is not None:
        people = people.filter(id=account_id)
    whom = people.order_by("created_at", "id").first()
    if whom is None:
        raise LinkDead(f"Nobody in this demo practice is a {role}.")
    return make_link(actor=actor, at=at, kind=LinkKind.DEMO, account_id=whom.id)


@action
def enter_demo(*, actor: Actor, at: datetime, token: str, device: str = "") -> Entry:
    """Use a demo link up."""
    if not is_demo():
        raise NotADemo("Only a demo practice on this machine has such links.")
    row = claim_link(actor=actor, at=at, kind=LinkKind.DEMO, token=token)
    account = row.account
    if account is None or account.disabled_at:
        raise LinkDead("This link does not work any more.")
    whose = person(account)
    token = open_sign_in(actor=whose, at=at, account_id=account.id, second_factor=Factor.DEMO, device=device)
    trail.record(actor=whose, action="demo", object_type="account", object_id=account.id, at=at, purpose="access")
    return Entry(token, Stage.FULL, whose)
