"""Taking clients on, keeping their details, safe contact and consents."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from rapport.practice.clients.choices import ClientDetails, ConsentMethod, ConsentState, Purpose, SafeContact
from rapport.practice.clients.models import Client, Consent, SafeContactVersion
from rapport.practice.clients.rules import wording
from rapport.practice.clients.rules.care import visible_to
from rapport.practice.clients.rules.consenting import NothingToWithdraw, state_of, text_of
from rapport.practice.clients.rules.reaching import check_contact
from rapport.practice.clients.rules.record import SCOPE_LABEL, details_of, sealed_contact, sealed_details
from rapport.practice.clients.rules.zones import check_zone
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.accounts.actions.accounts import close_client_account
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing


@action
def register_client(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    email: str = "",
    phone: str = "",
    details: ClientDetails | None = None,
    safe_contact: SafeContact | None = None,
) -> UUID:
    """Take a client on. Their key is made first; who cares for them is decided by the episode."""
    require(actor, "create", Thing("client"), at=at)
    given = details or ClientDetails(name=name, email=email, phone=phone)
    tidy = _checked(replace(given, name=name), at)
    client_id = uuid.uuid4()
    keys.create_compartment("client", client_id)
    Client.objects.create(
        id=client_id, created_at=at, created_by=actor.id or uuid.UUID(int=0), **sealed_details(client_id, tidy)
    )
    trail.record(
        actor=actor, action="create", object_type="client", object_id=client_id, client=client_id, at=at,
        purpose="contact",
    )  # fmt: skip
    if safe_contact is not None:
        _keep_contact(actor, at, client_id, check_contact(safe_contact))
    return client_id


@action
def edit_client(*, actor: Actor, at: datetime, client_id: UUID, details: ClientDetails) -> None:
    """Correct or complete who a client is."""
    _require_client(actor, "edit", "client", client_id, at)
    tidy = _checked(details, at)
    Client.objects.filter(id=client_id).update(edited_at=at, **sealed_details(client_id, tidy))
    trail.record(
        actor=actor, action="edit", object_type="client", object_id=client_id, client=client_id, at=at,
        purpose="contact",
    )  # fmt: skip


@action
def set_zone(*, actor: Actor, at: datetime, client_id: UUID, zone: str) -> None:
    """Keep on whose clock a client lives; clients say it themselves. Empty: the practice's."""
    row = _require_client(actor, "edit", "client_zone", client_id, at)
    tidy = replace(details_of(row), zone=check_zone(zone))
    Client.objects.filter(id=client_id).update(edited_at=at, **sealed_details(client_id, tidy))
    trail.record(
        actor=actor, action="edit", object_type="client_zone", object_id=client_id, client=client_id, at=at,
        purpose="contact",
    )  # fmt: skip


@action
def set_safe_contact(*, actor: Actor, at: datetime, client_id: UUID, contact: SafeContact) -> int:
    """Keep how a client may be reached, as a new version; return its number."""
    _require_client(actor, "edit", "safe_contact", client_id, at)
    return _keep_contact(actor, at, client_id, check_contact(contact))


@action
def give_consent(
    *,
    actor: Actor,
    at: datetime,
    client_id: UUID,
    purpose: Purpose,
    text_version: int,
    method: ConsentMethod,
    scope: str = "",
) -> None:
    """Record that a client agrees to one purpose, on the words they saw."""
    _require_client(actor, "record", "consent", client_id, at)
    _say(actor, at, client_id, purpose, ConsentState.GIVEN, text_version, method, scope)


@action
def refuse_consent(
    *, actor: Actor, at: datetime, client_id: UUID, purpose: Purpose, text_version: int, method: ConsentMethod
) -> None:
    """Record that a client was asked and said no."""
    _require_client(actor, "record", "consent", client_id, at)
    _say(actor, at, client_id, purpose, ConsentState.REFUSED, text_version, method, "")


@action
def withdraw_consent(
    *, actor: Actor, at: datetime, client_id: UUID, purpose: Purpose, method: ConsentMethod = ConsentMethod.PORTAL
) -> None:
    """Take a consent back, at once and without a reason."""
    _require_client(actor, "withdraw", "consent", client_id, at)
    last = Consent.objects.filter(client_id=client_id, purpose=purpose).order_by("-number").first()
    if last is None or state_of(client_id, purpose, at=at) is not ConsentState.GIVEN:
        raise NothingToWithdraw("This consent was not given.")
    _say(actor, at, client_id, purpose, ConsentState.WITHDRAWN, last.text_version, method, "")


@action
def erase_client(*, actor: Actor, at: datetime, subject: UUID, requested_by: UUID, facts: dict[str, Any]) -> None:
    """Destroy a client's key, so that nothing sealed for them opens again, in no backup either.

    Done by the approvals when two agreed or the delay has passed. The key goes first: if this stops half-way it is
    simply done again. What remains are ids, times and the audit chain.
    """
    require(actor, "erase", Thing("client", id=subject, client=subject), at=at)
    keys.destroy_compartment("client", subject, at=at, authority=requested_by)
    Client.objects.filter(id=subject).update(erased_at=at)
    close_client_account(actor=actor, at=at, client_id=subject)
    trail.record(
        actor=actor, action="erase", object_type="client", object_id=subject, client=subject, at=at,
        purpose="erasure", reason=str(facts.get("ground", "")),
    )  # fmt: skip


def _require_client(actor: Actor, verb: str, resource: str, client_id: UUID, at: datetime) -> Client:
    """Refuse unless this person may do this to this client, who exists; the row is held until the end."""
    thing = Thing(resource, id=client_id, client=client_id)
    require(actor, verb, thing, at=at)
    row = visible_to(actor, at).select_for_update(no_key=True).filter(id=client_id).first()
    if row is None:
        raise not_found(actor, verb, thing, at=at)
    return row


def _checked(details: ClientDetails, at: datetime) -> ClientDetails:
    """The details in the form they are kept in, or DetailRefused."""
    today: date = at.astimezone(practice_zone()).date()
    born = details.date_of_birth
    return replace(
        details,
        name=wording.name(details.name),
        preferred_name=wording.line("preferred_name", details.preferred_name),
        pronouns=wording.line("pronouns", details.pronouns),
        date_of_birth=wording.lived(born, today) if born else None,
        languages=wording.line("languages", details.languages),
        access_needs=wording.passage("access_needs", details.access_needs),
        email=wording.email(details.email),
        phone=wording.phone(details.phone),
        address=wording.passage("address", details.address),
        emergency_contact=wording.line("emergency_contact", details.emergency_contact),
        emergency_may_know=wording.passage("emergency_may_know", details.emergency_may_know),
        zone=check_zone(details.zone),
    )


def _keep_contact(actor: Actor, at: datetime, client_id: UUID, contact: SafeContact) -> int:
    last = SafeContactVersion.objects.filter(client_id=client_id).aggregate(last=Max("version"))["last"] or 0
    row_id = uuid.uuid4()
    SafeContactVersion.objects.create(
        id=row_id,
        client_id=client_id,
        version=last + 1,
        content_sealed=sealed_contact(client_id, row_id, contact),
        set_at=at,
        set_by=actor.id,
    )
    trail.record(
        actor=actor, action="edit", object_type="safe_contact", object_id=row_id, client=client_id, at=at,
        purpose="contact",
    )  # fmt: skip
    return last + 1


def _say(
    actor: Actor,
    at: datetime,
    client_id: UUID,
    purpose: Purpose,
    state: ConsentState,
    text_version: int,
    method: ConsentMethod,
    scope: str,
) -> None:
    text_of(purpose, text_version)  # words nobody was shown cannot be agreed to
    last = Consent.objects.filter(client_id=client_id).aggregate(last=Max("number"))["last"] or 0
    row_id = uuid.uuid4()
    Consent.objects.create(
        id=row_id,
        client_id=client_id,
        number=last + 1,
        purpose=purpose,
        state=state,
        text_version=text_version,
        method=method,
        scope_sealed=keys.seal(keys.client(client_id), SCOPE_LABEL, row_id, wording.passage("scope", scope)),
        at=at,
        by=actor.id,
    )
    verb = "withdraw" if state is ConsentState.WITHDRAWN else "record"
    trail.record(
        actor=actor, action=verb, object_type="consent", object_id=row_id, client=client_id, at=at,
        reason=f"{purpose} {state}",
    )  # fmt: skip
