"""An account's own facts: its name, its roles, the drawer it is sealed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.accounts.models import Account, RoleGrant
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role

NAME_LABEL = "accounts.account.name"
EMAIL_LABEL = "accounts.account.email"


def roles_of(account: Account) -> frozenset[Role]:
    """The roles an account has now."""
    return frozenset(Role(role) for role in _granted(account.id))


@prepared
def _granted(account_id: UUID) -> QuerySet[RoleGrant, str]:
    return RoleGrant.objects.filter(account=account_id, ended_at=None).values_list("role", flat=True)


def compartment_of(account: Account) -> keys.Compartment:
    """Where an account's name and address are sealed: the client's own drawer, or the practice's."""
    return keys.client(account.client_id) if account.client_id else keys.practice()


def name_of(account: Account) -> str:
    """How somebody is called; a name that was changed past the practice locks nobody out and hides no page."""
    unknown = gettext("A name that does not open")
    return keys.unseal_or(unknown, compartment_of(account), NAME_LABEL, account.id, account.name_sealed)


def email_of(account: Account) -> str:
    return keys.unseal(compartment_of(account), EMAIL_LABEL, account.id, account.email_sealed)


def email_in_a_list(account: Account) -> str:
    """To be shown, never to be written to."""
    unknown = gettext("An address that does not open")
    return keys.unseal_or(unknown, compartment_of(account), EMAIL_LABEL, account.id, account.email_sealed)


def person(account: Account, *, session: str = "", stepped_up_at: datetime | None = None) -> Actor:
    """An account as somebody who acts."""
    return Actor(
        id=account.id,
        roles=roles_of(account),
        client_id=account.client_id,
        name=name_of(account),
        session=session,
        stepped_up_at=stepped_up_at,
    )


def language_to(*, account_id: UUID | None = None, client_id: UUID | None = None) -> str:
    """The language in which to write to somebody: the one they chose, else the practice's."""
    whose = Account.objects.filter(id=account_id) if account_id else Account.objects.filter(client_id=client_id)
    chosen = whose.exclude(client_id=None).values_list("language", flat=True).first()
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def staff_names() -> dict[UUID, str]:
    """The names of everybody who works or worked here, by account id."""
    staff = Account.objects.filter(client_id=None)
    return {account.id: name_of(account) for account in staff}


def has_staff() -> bool:
    """Whether the practice was opened: somebody works here."""
    return Account.objects.filter(client_id=None, role_grants__isnull=False).exists()


def has_second_factor(account: Account) -> bool:
    """Whether anything but a password is asked of this account."""
    return (
        account.time_codes.filter(removed_at=None).exclude(confirmed_at=None).exists()
        or account.passkeys.filter(removed_at=None).exists()
    )


def words_about(account: Account, practice_name: str) -> tuple[str, ...]:
    """Words this person's password must not be made of."""
    return practice_name, name_of(account), email_of(account)
