"""A client's pages: all of them for the client, only what was handed over for whoever cares for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rapport.practice.episodes.rules import NO_ACCOUNT, care_of, find_episode
from rapport.practice.files.choices import FileContent
from rapport.practice.files.queries import file
from rapport.practice.security.audit import trail
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.speaking.choices import PageFacts, PageKind, PageState
from rapport.practice.speaking.models import OwnPage
from rapport.practice.speaking.rules import HANDED, readable_pages, text_on


def own_pages(*, viewer: Actor, at: datetime) -> tuple[PageFacts, ...]:
    """Everything of a client's own, newest first."""
    require(viewer, "read", Thing("own_page", client=viewer.client_id), at=at)
    trail.reading(actor=viewer, kind="own_page", at=at, client=viewer.client_id)
    rows = readable_pages(viewer, at).filter(client=viewer.client_id or NO_ACCOUNT)
    return tuple(_facts(row, is_open=True) for row in rows.order_by("-saved_at"))


def own_page(*, viewer: Actor, at: datetime, page_id: UUID) -> PageFacts:
    """One page of a client's own."""
    row = readable_pages(viewer, at).filter(id=page_id, client=viewer.client_id or NO_ACCOUNT).first()
    if row is None:
        raise not_found(viewer, "read", Thing("own_page", id=page_id), at=at)
    return _read(viewer, at, row, is_open=True)


def handed_pages(*, viewer: Actor, at: datetime, episode_id: UUID) -> tuple[PageFacts, ...]:
    """What a client handed over, newest first; what nobody opened yet comes without its words."""
    episode = find_episode(viewer, at, episode_id, "own_page", "read")
    trail.reading(actor=viewer, kind="own_page", at=at, client=episode.client_id)
    rows = OwnPage.objects.filter(client=episode.client_id, state__in=HANDED).order_by("-handed_at")
    return tuple(_facts(row, is_open=row.state == PageState.READ) for row in rows)


def handed_page(*, viewer: Actor, at: datetime, page_id: UUID) -> PageFacts:
    """One page that was handed over; until somebody opens it, without its words."""
    row = _handed(viewer, at, page_id)
    return _read(viewer, at, row, is_open=row.state == PageState.READ)


def page_file(*, viewer: Actor, at: datetime, page_id: UUID) -> FileContent:
    """The picture on a page: the client's own, or one that was handed over and opened."""
    own = viewer.client_id is not None
    row = readable_pages(viewer, at).filter(id=page_id, client=viewer.client_id).first() if own else None
    if row is None:
        row = _handed(viewer, at, page_id)
        if row.state != PageState.READ:
            raise not_found(viewer, "read", Thing("own_page", id=page_id), at=at)
    require(viewer, "read", Thing("own_page", id=page_id, client=row.client_id), at=at)
    if row.file_id is None:
        raise not_found(viewer, "read", Thing("own_page", id=page_id), at=at)
    return file(viewer=viewer, at=at, file_id=row.file_id)


def _handed(viewer: Actor, at: datetime, page_id: UUID) -> OwnPage:
    in_care = care_of(viewer, at).values("client")
    row = readable_pages(viewer, at).filter(id=page_id, client__in=in_care, state__in=HANDED).first()
    if row is None:
        raise not_found(viewer, "read", Thing("own_page", id=page_id), at=at)
    return row


def _read(viewer: Actor, at: datetime, row: OwnPage, *, is_open: bool) -> PageFacts:
    require(viewer, "read", Thing("own_page", id=row.id, client=row.client_id), at=at)
    trail.reading(actor=viewer, kind="own_page", at=at, client=row.client_id, object_id=row.id)
    return _facts(row, is_open=is_open)


def _facts(row: OwnPage, *, is_open: bool) -> PageFacts:
    return PageFacts(
        id=row.id,
        client_id=row.client_id,
        kind=PageKind(row.kind),
        state=PageState(row.state),
        begun_at=row.begun_at,
        saved_at=row.saved_at,
        handed_at=row.handed_at,
        read_at=row.read_at,
        version=row.version,
        text=text_on(row) if is_open else None,
        file_id=row.file_id if is_open else None,
    )
