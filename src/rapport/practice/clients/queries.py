"""Reading clients."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from rapport.practice.clients.choices import (
    ClientFacts,
    ConsentEvent,
    ConsentFacts,
    ConsentMethod,
    ConsentState,
    ConsentText,
    DirectoryEntry,
    Purpose,
    SafeContactFacts,
)
from rapport.practice.clients.models import Client, Consent, SafeContactVersion
from rapport.practice.clients.rules.care import in_care_of, visible_to
from rapport.practice.clients.rules.consenting import (
    consent_texts,
    has_consented,
    last_words,
    newest_text,
    state_of,
    text_of,
)
from rapport.practice.clients.rules.record import (
    DETAILS_LABEL,
    NAME_LABEL,
    SCOPE_LABEL,
    born_on,
    contact_of,
    current_contact,
    details_in_a_list,
    details_of,
    name_in_a_list,
    zone_name_of,
)
from rapport.practice.clients.rules.wording import folded
from rapport.practice.foundation import once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

Sealed = bytes | memoryview


def names(*, viewer: Actor, at: datetime, client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of clients the caller already found to be the viewer's to see."""
    wanted = set(client_ids)
    called = once.known("names of clients")
    if missing := wanted - called.keys():
        called |= {each: name_in_a_list(each, name) for each, (name, _) in _as_sealed(missing).items()}
    return {client_id: called[client_id] for client_id in wanted if client_id in called}


def zones(*, viewer: Actor, at: datetime, client_ids: Iterable[UUID]) -> dict[UUID, ZoneInfo]:
    """On whose clock each of these clients lives; the caller already found them to be the viewer's to see."""
    wanted, here = set(client_ids), practice_zone()
    named = {each: zone_name_of(each, details) for each, (_, details) in _as_sealed(wanted).items()}
    return dict.fromkeys(wanted, here) | {each: ZoneInfo(name) for each, name in named.items() if name}


def births(
    *, viewer: Actor, at: datetime, client_ids: Iterable[UUID], only_readable: bool = False
) -> dict[UUID, date | None]:
    """The days of birth of clients the caller already found to be the viewer's to see; None where none is known.

    One that was changed past the practice is SealBroken, or with `only_readable` left out: an unknown age is taken for
    an adult's, an unreadable one must not be.
    """
    wanted = set(client_ids)
    found: dict[UUID, date | None] = dict.fromkeys(wanted)
    for each, (_, details) in _as_sealed(wanted).items():
        try:
            found[each] = born_on(each, details)
        except keys.SealBroken:
            if not only_readable:
                raise
            keys.notice(DETAILS_LABEL, each)
            del found[each]
    return found


def _as_sealed(wanted: set[UUID]) -> dict[UUID, tuple[Sealed, Sealed | None]]:
    """Name and details of those of these clients who are known, as they are kept; their keys are at hand."""
    sealed = once.known("clients, sealed")
    if missing := wanted - sealed.keys():
        sealed |= {each: (name, details) for each, name, details in _sealed(missing)}
    found = {each: sealed[each] for each in wanted if each in sealed}
    keys.open_together("client", [*found])
    return found


@prepared
def _sealed(client_ids: Collection[UUID]) -> QuerySet[Client, tuple[UUID, Sealed, Sealed | None]]:
    """Name and details of clients, sealed as they are kept."""
    rows = Client.objects.filter(id__in=client_ids, erased_at=None)
    return rows.values_list("id", "name_sealed", "details_sealed")


def own_zone(*, viewer: Actor, at: datetime) -> ZoneInfo:
    """The zone in which a client reads their own pages; for anybody else the practice's."""
    if viewer.client_id is None:
        return practice_zone()
    return zones(viewer=viewer, at=at, client_ids=[viewer.client_id])[viewer.client_id]


def directory(*, viewer: Actor, at: datetime, search: str = "", own: bool = False) -> tuple[DirectoryEntry, ...]:
    """The clients whose names this person may see, by name; `own` leaves a manager only those in their own care.

    Names are sealed, so they are opened and sorted here in memory.
    """
    require(viewer, "list", Thing("client"), at=at)
    rows = in_care_of(viewer, at) if own else visible_to(viewer, at)
    wanted = folded(search)
    entries = []
    for row in rows:
        details = details_in_a_list(row)
        if wanted in folded(f"{details.name} {details.preferred_name}"):
            entries.append(DirectoryEntry(row.id, details.name, details.preferred_name, row.created_at))
    trail.reading(actor=viewer, kind="client_directory", at=at, client=None, purpose="contact")
    return tuple(sorted(entries, key=lambda entry: (folded(entry.name), entry.since, entry.id)))


def count(*, viewer: Actor, at: datetime) -> int:
    """How many clients this person may see."""
    require(viewer, "list", Thing("client"), at=at)
    return visible_to(viewer, at).count()


def contact(*, viewer: Actor, at: datetime, client_id: UUID) -> ClientFacts:
    """Who a client is and how they may be reached."""
    row = _client(viewer, at, "client", client_id)
    trail.reading(actor=viewer, kind="client", at=at, client=client_id, object_id=client_id, purpose="contact")
    return ClientFacts(row.id, details_of(row), row.created_at, current_contact(client_id))


def safe_contact(*, viewer: Actor, at: datetime, client_id: UUID) -> SafeContactFacts:
    """How a client may be reached now."""
    _client(viewer, at, "safe_contact", client_id)
    trail.reading(actor=viewer, kind="safe_contact", at=at, client=client_id, purpose="contact")
    return current_contact(client_id)


def safe_contact_history(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[SafeContactFacts, ...]:
    """Every version of the safe contact, newest first."""
    _client(viewer, at, "safe_contact", client_id)
    trail.reading(actor=viewer, kind="safe_contact", at=at, client=client_id, purpose="contact")
    rows = SafeContactVersion.objects.filter(client_id=client_id).order_by("-version")
    return tuple(contact_of(row) for row in rows)


def consents(
    *, viewer: Actor, at: datetime, client_id: UUID, as_of: datetime | None = None
) -> tuple[ConsentFacts, ...]:
    """Where each consent of a client stands, or stood at a past moment."""
    _client(viewer, at, "consent", client_id)
    trail.reading(actor=viewer, kind="consent", at=at, client=client_id)
    words = last_words(client_id, at=as_of or at)
    return tuple(_consent(purpose, words.get(purpose)) for purpose in Purpose)


def consent_history(*, viewer: Actor, at: datetime, client_id: UUID) -> tuple[ConsentEvent, ...]:
    """Everything a client ever said about consents, oldest first."""
    _client(viewer, at, "consent", client_id)
    trail.reading(actor=viewer, kind="consent", at=at, client=client_id)
    rows = Consent.objects.filter(client_id=client_id).order_by("number")
    return tuple(
        ConsentEvent(
            purpose=Purpose(row.purpose),
            title=text_of(Purpose(row.purpose), row.text_version).title,
            state=ConsentState(row.state),
            text_version=row.text_version,
            at=row.at,
            by=row.by,
            method=ConsentMethod(row.method),
            scope=_scope(row),
        )
        for row in rows
    )


def namesakes(
    *, viewer: Actor, at: datetime, name: str, date_of_birth: date | None, besides: UUID | None = None
) -> tuple[DirectoryEntry, ...]:
    """Clients who may be the same person: same name and no differing date of birth. A warning; nothing is merged.

    A therapist is warned of their own clients only: whether somebody is another's client is not theirs to learn.
    """
    require(viewer, "list", Thing("client"), at=at)
    wanted = folded(name)
    found = []
    for row in visible_to(viewer, at):
        details = details_in_a_list(row)
        same_day = date_of_birth is None or details.date_of_birth in {None, date_of_birth}
        if row.id != besides and folded(details.name) == wanted and same_day:
            found.append(DirectoryEntry(row.id, details.name, details.preferred_name, row.created_at))
    return tuple(found)


def _client(viewer: Actor, at: datetime, resource: str, client_id: UUID) -> Client:
    """A client this person may read; unknown and foreign ones run the same statements to the same refusal."""
    thing = Thing(resource, id=client_id, client=client_id)
    require(viewer, "read", thing, at=at)
    row = visible_to(viewer, at).filter(id=client_id).first()
    if row is None:
        raise not_found(viewer, "read", thing, at=at)
    return row


def _consent(purpose: Purpose, row: Consent | None) -> ConsentFacts:
    newest = newest_text(purpose)
    if row is None:
        return ConsentFacts(purpose, ConsentState.NOT_ASKED, newest, newest)
    return ConsentFacts(
        purpose=purpose,
        state=ConsentState(row.state),
        text=text_of(purpose, row.text_version),
        newest=newest,
        at=row.at,
        by=row.by,
        method=ConsentMethod(row.method),
        scope=_scope(row),
    )


def _scope(row: Consent) -> str:
    return keys.unseal(keys.client(row.client_id), SCOPE_LABEL, row.id, row.scope_sealed)


__all__ = [
    "NAME_LABEL",
    "ConsentText",
    "births",
    "consent_history",
    "consent_texts",
    "consents",
    "contact",
    "count",
    "directory",
    "has_consented",
    "names",
    "namesakes",
    "own_zone",
    "safe_contact",
    "safe_contact_history",
    "state_of",
    "zones",
]
