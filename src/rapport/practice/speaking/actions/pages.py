"""A client's own pages: written, saved, handed over, taken back, put away; and opened by whom they were handed to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.practice.clients.models import Client
from rapport.practice.files.actions import keep_file
from rapport.practice.foundation.models import own_id
from rapport.practice.security.audit import trail
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.speaking.choices import PageKind, PageState, PageText
from rapport.practice.speaking.models import PAGE_LABEL, OwnPage
from rapport.practice.speaking.rules import (
    HANDED,
    MOST_PAGES,
    PageBlank,
    PageChanged,
    PageHandedOver,
    SpeakingRefused,
    page_text,
    readable_pages,
    text_on,
)


@action
def begin_page(*, actor: Actor, at: datetime, kind: PageKind, text: PageText, key: UUID | None = None) -> UUID:
    """The client begins a page of their own. Nobody else sees it. `key` makes a repeated request the same page."""
    page_id = own_id(_own_client(actor, at), key)
    return page_id if key and _is_begun(page_id) else _begin(actor, at, page_id, kind, text)


@action
def bring_picture(
    *, actor: Actor, at: datetime, title: str, words: str, name: str, content: bytes, key: UUID | None = None
) -> UUID:
    """The client brings a drawing or photograph. Nobody else sees it until it is handed over."""
    client_id = _own_client(actor, at)
    page_id = own_id(client_id, key)
    if key and _is_begun(page_id):
        return page_id
    file_id = keep_file(actor=actor, at=at, client_id=client_id, name=name, content=content)
    return _begin(actor, at, page_id, PageKind.PICTURE, PageText(title, words), file_id)


@action
def save_page(*, actor: Actor, at: datetime, page_id: UUID, version: int, text: PageText) -> int:
    """Save a page that is still the client's alone, if no other window saved it since; return the new version."""
    page = _own(actor, at, page_id, "write")
    if page.state != PageState.OWN:
        raise PageHandedOver
    kept = page_text(text)
    if page.version == version + 1 and text_on(page) == kept:  # the same form a moment ago, from a double click
        return page.version
    sealed = _sealed(page.client_id, page.id, kept)
    still = OwnPage.objects.filter(id=page.id, version=version, state=PageState.OWN)
    if not still.update(text_sealed=sealed, saved_at=at, version=version + 1):
        raise PageChanged
    _record(actor, at, "write", page)
    return version + 1


@action
def hand_page_over(*, actor: Actor, at: datetime, page_id: UUID) -> None:
    """From now on those who care for the client may open it."""
    page = _own(actor, at, page_id, "hand_over")
    if page.state in HANDED:
        return
    if page.file_id is None and text_on(page).is_empty:
        raise PageBlank
    OwnPage.objects.filter(id=page.id, state=PageState.OWN).update(state=PageState.HANDED_OVER, handed_at=at)
    _record(actor, at, "hand_over", page)


@action
def take_page_back(*, actor: Actor, at: datetime, page_id: UUID) -> None:
    """The client's alone again, if nobody opened it yet."""
    page = _own(actor, at, page_id, "hand_over")
    unread = OwnPage.objects.filter(id=page.id, state=PageState.HANDED_OVER)
    if not unread.update(state=PageState.OWN, handed_at=None) and page.state != PageState.OWN:
        raise PageHandedOver
    _record(actor, at, "take_back", page)


@action
def put_page_away(*, actor: Actor, at: datetime, page_id: UUID) -> None:
    """The client does not want to see this page any more. It stays sealed; nobody opens it."""
    page = _own(actor, at, page_id, "write")
    if not OwnPage.objects.filter(id=page.id, state=PageState.OWN).update(state=PageState.PUT_AWAY):
        raise PageHandedOver
    _record(actor, at, "put_away", page)


@action
def open_handed_page(*, actor: Actor, at: datetime, page_id: UUID) -> None:
    """A therapist opens what was handed over; the client sees that it was read."""
    page = readable_pages(actor, at).filter(id=page_id, state__in=HANDED).first()
    if page is None:
        raise not_found(actor, "open", Thing("own_page", id=page_id), at=at)
    require(actor, "open", Thing("own_page", id=page_id, client=page.client_id), at=at)
    first = OwnPage.objects.filter(id=page.id, state=PageState.HANDED_OVER)
    if first.update(state=PageState.READ, read_at=at, read_by=actor.account):
        _record(actor, at, "open", page)


def _own_client(actor: Actor, at: datetime) -> UUID:
    thing = Thing("own_page", client=actor.client_id)
    require(actor, "write", thing, at=at)
    if actor.client_id is None:
        raise not_found(actor, "write", thing, at=at)
    return actor.client_id


def _is_begun(page_id: UUID) -> bool:
    return OwnPage.objects.filter(id=page_id).exists()


def _begin(
    actor: Actor, at: datetime, page_id: UUID, kind: PageKind, text: PageText, file_id: UUID | None = None
) -> UUID:
    client_id = _own_client(actor, at)
    Client.objects.select_for_update(no_key=True).get(id=client_id)
    if OwnPage.objects.filter(client_id=client_id).count() >= MOST_PAGES:
        raise SpeakingRefused("words", _("There is no room for more pages here. Bring this one to your next hour."))
    page = OwnPage.objects.create(
        id=page_id,
        client_id=client_id,
        kind=kind,
        state=PageState.OWN,
        text_sealed=_sealed(client_id, page_id, page_text(text)),
        file_id=file_id,
        begun_at=at,
        saved_at=at,
    )
    _record(actor, at, "begin", page)
    return page_id


def _own(actor: Actor, at: datetime, page_id: UUID, function: str) -> OwnPage:
    page = readable_pages(actor, at).filter(id=page_id, client=actor.client_id).first()
    if page is None:
        raise not_found(actor, function, Thing("own_page", id=page_id), at=at)
    require(actor, function, Thing("own_page", id=page_id, client=page.client_id), at=at)
    return page


def _sealed(client_id: UUID, page_id: UUID, text: PageText) -> bytes:
    return keys.seal_data(keys.client(client_id), PAGE_LABEL, page_id, asdict(text))


def _record(actor: Actor, at: datetime, name: str, page: OwnPage) -> None:
    trail.record(actor=actor, action=name, object_type="own_page", object_id=page.id, client=page.client_id, at=at)
