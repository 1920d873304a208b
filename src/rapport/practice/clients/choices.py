"""What is known of a client, how they may be reached, and what they can agree to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What a client is asked to agree to, each by itself."""

    TREATMENT = "treatment"
    MEASURES = "measures"
    CONTACT_EMAIL = "contact_email"
    CONTACT_SMS = "contact_sms"
    SHARE_WITH = "share_with"
    SUPERVISION = "supervision"
    RESEARCH = "research"


class ConsentState(StrEnum):
    """Where a consent stands."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentMethod(StrEnum):
    """How the client said so."""

    PORTAL = "portal"
    SPOKEN = "spoken"
    PAPER = "paper"


class Channel(StrEnum):
    """A way to reach somebody."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"


@dataclass(frozen=True, slots=True)
class ClientDetails:
    """The person. Everything but the name may be empty."""

    name: str
    preferred_name: str = ""
    pronouns: str = ""
    date_of_birth: date | None = None
    languages: str = ""
    interpreter: bool = False
    access_needs: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    emergency_contact: str = ""
    emergency_may_know: str = ""
    zone: str = ""  # the name of their own time zone; empty: the practice's


@dataclass(frozen=True, slots=True)
class SafeContact:
    """How a client may be reached without coming to harm. Off unless they said otherwise."""

    channels: frozenset[Channel] = frozenset()
    voicemail: bool = False
    days: frozenset[int] = frozenset(range(7))
    hours_from: time | None = None
    hours_until: time | None = None
    shared_device: bool = False
    hide_portal_mail: bool = False
    neutral_sender: bool = True
    never_if: str = ""
    text_links: bool = False  # whether a text message may carry a link

    def allows(self, channel: Channel) -> bool:
        return channel in self.channels


@dataclass(frozen=True, slots=True)
class SafeContactFacts:
    """A version of the safe contact: who set it when. Version 0 is nobody's: nothing was asked, nothing is allowed."""

    contact: SafeContact = field(default_factory=SafeContact)
    version: int = 0
    set_at: datetime | None = None
    set_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A client as a page shows them."""

    id: UUID
    details: ClientDetails
    since: datetime
    safe: SafeContactFacts

    @property
    def name(self) -> str:
        return self.details.name

    @property
    def called(self) -> str:
        """What to call them."""
        return self.details.preferred_name or self.details.name


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A line of the directory: a name and nothing clinical."""

    id: UUID
    name: str
    preferred_name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of what a client is asked, in the practice's own plain words."""

    purpose: Purpose
    version: int
    title: str
    asks: str
    means: str
    if_no: str


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Where one consent stands, and on which words it rests."""

    purpose: Purpose
    state: ConsentState
    text: ConsentText
    newest: ConsentText
    at: datetime | None = None
    by: UUID | None = None
    method: ConsentMethod | None = None
    scope: str = ""

    @property
    def given(self) -> bool:
        return self.state is ConsentState.GIVEN

    @property
    def outdated(self) -> bool:
        """Whether the words have changed since they agreed."""
        return self.given and self.text.version < self.newest.version


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One entry of the history of a consent."""

    purpose: Purpose
    title: str
    state: ConsentState
    text_version: int
    at: datetime
    by: UUID | None
    method: ConsentMethod
    scope: str
