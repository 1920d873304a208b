"""What of speaking a person can reach, and what may be written down."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.clinical.speaking.ladder import Rung
from rapport.practice.clients.models import Client
from rapport.practice.episodes.rules import NO_ACCOUNT, care_of
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing
from rapport.practice.speaking.choices import PageState, PageText, RungFacts, SaidFrom
from rapport.practice.speaking.models import PAGE_LABEL, OwnPage

LINE, PASSAGE, PAGE = 300, 2_000, 20_000
MOST_PAGES, MOST_MOMENTS = 300, 60
HANDED = (PageState.HANDED_OVER, PageState.READ)


class SpeakingRefused(ValueError):
    """Something cannot be kept so. `field` names what; the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class HourHasBegun(SpeakingRefused):
    """The hour is no longer ahead, or still too far."""

    def __init__(self) -> None:
        super().__init__("said", _("This can be written in the two days before an hour, until it begins."))


class PageHandedOver(SpeakingRefused):
    """What was handed over is not changed; what was read is not taken back."""

    def __init__(self) -> None:
        super().__init__("page", _("This page was handed over already. Take it back first, if it was not read yet."))


class PageBlank(SpeakingRefused):
    """There is nothing on this page."""

    def __init__(self) -> None:
        super().__init__("words", _("There is nothing on this page yet."))


class PageChanged(Exception):
    """The page was saved in another window meanwhile. Theirs is kept, ours is still with its writer."""


def find_client(actor: Actor, at: datetime, client_id: UUID, resource: str, action: str) -> Client:
    """A client in care or oneself; unknown and foreign ones run the same statements to the same refusal."""
    mine = Q(pk=actor.client_id or NO_ACCOUNT) | Q(pk__in=care_of(actor, at).values("client"))
    row = Client.objects.filter(mine, pk=client_id, erased_at=None).first()
    if row is None:
        require(actor, action, Thing(resource, client=client_id), at=at)
        raise not_found(actor, action, Thing(resource, client=client_id), at=at)
    require(actor, action, Thing(resource, client=client_id), at=at)
    return row


def readable_pages(actor: Actor, at: datetime) -> QuerySet[OwnPage]:
    """A client's own pages that were not put away, and what was handed over by a client in care."""
    own = Q(client_id=actor.client_id or NO_ACCOUNT) & ~Q(state=PageState.PUT_AWAY)
    handed = Q(client__in=care_of(actor, at).values("client"), state__in=HANDED)
    return OwnPage.objects.filter(own | handed, client__erased_at=None)


def words(field: str, text: str, longest: int = LINE) -> str:
    """A text as it is kept: composed, plain line breaks, nothing that cannot be shown."""
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in tidy):
        raise SpeakingRefused(field, _("This contains a character that cannot be shown. Type it again."))
    if len(tidy) > longest:
        raise SpeakingRefused(field, _("This is too long: at most %(longest)d characters.") % {"longest": longest})
    return tidy


def number(field: str, value: int | None) -> int | None:
    """A whole number from 0 to 10, or none."""
    if value is not None and (isinstance(value, bool) or not 0 <= value <= 10):
        raise SpeakingRefused(field, _("Choose a whole number from 0 to 10."))
    return value


def page_text(text: PageText) -> PageText:
    """A page as it is kept; empty lines of a line of life fall away."""
    moments = [(words("moments", when), words("moments", what, PASSAGE)) for when, what in text.moments]
    kept = tuple(each for each in moments if any(each))
    if len(kept) > MOST_MOMENTS:
        raise SpeakingRefused("moments", _("A line has room for sixty moments. Begin a second one."))
    return PageText(words("title", text.title), words("words", text.words, PAGE), kept)


def text_on(page: OwnPage) -> PageText:
    """What is on a page, opened."""
    kept = keys.unseal_data(keys.client(page.client_id), PAGE_LABEL, page.id, page.text_sealed)
    return PageText(kept["title"], kept["words"], tuple((when, what) for when, what in kept["moments"]))


def rung_of(kept: dict[str, Any], said_from: str, said_at: datetime) -> RungFacts:
    """A choice as it was sealed."""
    return RungFacts(
        rung=Rung(kept["rung"]),
        number=kept.get("number"),
        cards=tuple(kept.get("cards", ())),
        words=kept.get("words", ""),
        said_from=SaidFrom(said_from or SaidFrom.PORTAL),
        said_at=said_at,
    )
