"""Invitations: to the portal for a client, to the practice for a colleague. Nobody sets another's password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from rapport.practice.security.accounts.actions.accounts import AddressTaken, new_account, put_password
from rapport.practice.security.accounts.actions.entry import Entry
from rapport.practice.security.accounts.actions.links import Link, claim_link, make_link
from rapport.practice.security.accounts.actions.sign_ins import open_sign_in
from rapport.practice.security.accounts.choices import Factor, LinkKind, Stage
from rapport.practice.security.accounts.hashers import hashed
from rapport.practice.security.accounts.models import Account, RoleGrant, SingleUseLink
from rapport.practice.security.accounts.queries import LinkDead, detail_of, find_invitation, person
from rapport.practice.security.accounts.rules.languages import check_language
from rapport.practice.security.accounts.rules.messages import messenger
from rapport.practice.security.accounts.rules.passwords import require_strong
from rapport.practice.security.accounts.rules.sign_ins import STAFF
from rapport.practice.security.accounts.rules.steps import steps
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require, require_step_up
from rapport.practice.security.policy.actor import Actor, Role, Thing

PAGE = "entrance:invitation"
UNUSABLE = "!"  # no password fits this


class AlreadyIn(Exception):
    """The client has an account already."""


@action
def invite_client(
    *, actor: Actor, at: datetime, client_id: UUID, name: str, email: str = "", send: bool = False
) -> Link:
    """Invite a client into the portal; an older invitation dies.

    `send` puts it into the post, which asks safe contact once more before it leaves; otherwise the address is shown
    to be printed or handed over. The token is known only now.
    """
    thing = Thing("invitation", client=client_id)
    require(actor, "create", thing, at=at)
    if Account.objects.filter(client_id=client_id).exists():
        raise AlreadyIn("This client has an account already.")
    open_links = SingleUseLink.objects.filter(kind=LinkKind.INVITATION, client_id=client_id, used_at=None)
    open_links.filter(revoked_at=None).update(revoked_at=at)
    link = make_link(
        actor=actor, at=at, kind=LinkKind.INVITATION, client_id=client_id, detail={"name": name, "email": email}
    )
    if send:
        _post(actor, at, "invitation", link, client_id=client_id, account_id=None)
    trail.record(
        actor=actor, action="create", object_type="invitation", object_id=link.id, client=client_id, at=at,
        purpose="access",
    )  # fmt: skip
    return link


@action
def invite_staff(
    *, actor: Actor, at: datetime, name: str, email: str, roles: frozenset[Role], send: bool = True
) -> Link:
    """Invite a colleague. Their roles begin when they accept; until then the account opens nothing."""
    require(actor, "create", Thing("account"), at=at)
    require_step_up(actor, "create", Thing("account"), at=at)
    if not roles or not roles <= STAFF:
        raise ValueError("A colleague is invited with a role of the people who work here.")
    account_id = _account_to_come(actor, at, name, email)
    SingleUseLink.objects.filter(account_id=account_id, used_at=None, revoked_at=None).update(revoked_at=at)
    detail = {"name": name.strip(), "email": email.strip(), "roles": sorted(roles)}
    link = make_link(actor=actor, at=at, kind=LinkKind.STAFF_INVITATION, account_id=account_id, detail=detail)
    if send:
        _post(actor, at, "staff_invitation", link, client_id=None, account_id=account_id)
    trail.record(
        actor=actor, action="create", object_type="invitation", object_id=link.id, at=at, purpose="access",
        reason=" ".join(sorted(roles)),
    )  # fmt: skip
    return link


def _account_to_come(actor: Actor, at: datetime, name: str, email: str) -> UUID:
    """A new account without roles or password, or the one an earlier invitation left behind."""
    known = Account.objects.filter(login_hash=keys.keyed_hash("login", email)).first()
    if known is None:
        return new_account(
            actor=actor, at=at, email=email, name=name, roles=frozenset(), password=UNUSABLE, client_id=None
        )
    if known.client_id or known.role_grants.exists():
        raise AddressTaken("Another account already signs in with this e-mail address. Use another address.")
    return known.id


@action
def revoke_invitation(*, actor: Actor, at: datetime, invitation_id: UUID) -> None:
    """An invitation went to the wrong person, or is no longer wanted."""
    kinds = [LinkKind.INVITATION, LinkKind.STAFF_INVITATION]
    row = SingleUseLink.objects.filter(id=invitation_id, kind__in=kinds, used_at=None, revoked_at=None).first()
    client_id = row.client_id if row else None
    is_staff = row is not None and row.kind == LinkKind.STAFF_INVITATION
    require(actor, "create", Thing("account") if is_staff else Thing("invitation", client=client_id), at=at)
    if row is None:
        raise not_found(actor, "create", Thing("invitation", id=invitation_id), at=at)
    SingleUseLink.objects.filter(id=row.id).update(revoked_at=at)
    trail.record(
        actor=actor, action="revoke", object_type="invitation", object_id=row.id, client=client_id, at=at,
        purpose="access",
    )  # fmt: skip


@steps
def accept_invitation(
    *,
    actor: Actor,
    at: datetime,
    token: str,
    password: str,
    email: str = "",
    practice_name: str = "",
    device: str = "",
    language: str = "",
) -> Entry:
    """Whoever holds the link chooses a password. A client is in; a colleague goes on to a second factor.

    A client goes on in the `language` in which they read the invitation, mails included.
    """
    row = find_invitation(token, at)
    detail = detail_of(row)
    require_strong(password, about=_words(practice_name, detail, email))
    kept = hashed(password)
    if row.kind == LinkKind.STAFF_INVITATION:
        return _accepted_by_staff(actor=actor, at=at, token=token, kept=kept, device=device)
    return _accepted_by_client(
        actor=actor, at=at, token=token, kept=kept, email=email, device=device, language=check_language(language)
    )


def _words(practice_name: str, detail: dict[str, str], email: str) -> Iterable[str]:
    return practice_name, detail["name"], detail["email"], email


@action
def _accepted_by_client(
    *, actor: Actor, at: datetime, token: str, kept: str, email: str, device: str, language: str
) -> Entry:
    row = claim_link(actor=actor, at=at, kind=LinkKind.INVITATION, token=token)
    detail = detail_of(row)
    account_id = new_account(
        actor=actor,
        at=at,
        email=email or detail["email"],
        name=detail["name"],
        roles=frozenset({Role.CLIENT}),
        password=kept,
        client_id=row.client_id,
        granted_by=row.made_by,
        language=language,
    )
    return _entry(at, account_id, Stage.FULL, device)


@action
def _accepted_by_staff(*, actor: Actor, at: datetime, token: str, kept: str, device: str) -> Entry:
    row = claim_link(actor=actor, at=at, kind=LinkKind.STAFF_INVITATION, token=token)
    account = row.account
    if account is None or account.disabled_at:
        raise LinkDead("This link does not work any more.")
    for role in detail_of(row)["roles"]:
        RoleGrant.objects.create(account=account, role=role, granted_by=row.made_by, granted_at=at)
    put_password(actor=person(account), at=at, account_id=account.id, kept=kept)
    return _entry(at, account.id, Stage.ENROL, device)


def _entry(at: datetime, account_id: UUID, stage: Stage, device: str) -> Entry:
    whose = person(Account.objects.get(id=account_id))
    token = open_sign_in(
        actor=whose, at=at, account_id=account_id, second_factor=Factor.NONE, stage=stage, device=device
    )
    return Entry(token, stage, whose)


def _post(
    actor: Actor, at: datetime, kind: str, link: Link, *, client_id: UUID | None, account_id: UUID | None
) -> None:
    messenger()(
        actor=actor,
        at=at,
        kind=kind,
        client_id=client_id,
        account_id=account_id,
        params={"link": link.address(PAGE)},
        dedupe=f"{kind}:{link.id}",
    )
