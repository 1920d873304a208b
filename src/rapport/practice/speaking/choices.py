"""The words of speaking that are kept as codes, and what pages are handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport.clinical.speaking.ladder import Rung
from rapport.clinical.speaking.openers import Method, Moment
from rapport.clinical.speaking.trust import TrustStep


class SpeakingEvent(StrEnum):
    """What makes speaking easier, as it happened."""

    PREPARED = "prepared"
    HANDED_OVER = "handed_over"
    HANDED_READ = "handed_read"
    COMFORT_SAID = "comfort_said"


class PageKind(StrEnum):
    """What a client may make and hand over."""

    WRITTEN = "written"
    PICTURE = "picture"  # a drawing or photograph brought
    SOMEBODY = "somebody"  # told as if it had happened to somebody else
    TIMELINE = "timeline"  # a line of one's life


class PageState(StrEnum):
    """Whose a page is: the client's alone until they hand it over."""

    OWN = "own"
    HANDED_OVER = "handed_over"
    READ = "read"
    PUT_AWAY = "put_away"


class SaidFrom(StrEnum):
    """Where something was chosen: in the portal, or on the therapist's device handed over."""

    PORTAL = "portal"
    IN_THE_ROOM = "in_the_room"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a client wants an hour to be. All of it is optional; an empty line was left out."""

    useful: str = ""
    week: int | None = None
    ask: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.useful and self.week is None and not self.ask


@dataclass(frozen=True, slots=True)
class PreparedFacts:
    """What was prepared for one hour."""

    session_id: UUID
    start: datetime
    said: Prepared
    saved_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class RungFacts:
    """A rung chosen, and what came with it."""

    rung: Rung
    number: int | None
    cards: tuple[str, ...]
    words: str
    said_from: SaidFrom
    said_at: datetime


@dataclass(frozen=True, slots=True)
class PageText:
    """What is on a page. `moments` are a line of life: when, what."""

    title: str = ""
    words: str = ""
    moments: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.moments)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A client's page. `text` is None for a therapist who has not opened it yet."""

    id: UUID
    client_id: UUID
    kind: PageKind
    state: PageState
    begun_at: datetime
    saved_at: datetime
    handed_at: datetime | None
    read_at: datetime | None
    version: int
    text: PageText | None
    file_id: UUID | None

    @property
    def is_blank(self) -> bool:
        return self.file_id is None and (self.text is None or self.text.is_empty)


@dataclass(frozen=True, slots=True)
class Comfort:
    """How a client is at ease here, in their own words."""

    seat: str = ""
    light: str = ""
    camera: str = ""
    eyes: str = ""
    breaks: str = ""
    stop_word: str = ""
    needs: str = ""
    interpreter: bool = False
    faith: str = ""
    not_ask: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Comfort()


@dataclass(frozen=True, slots=True)
class ComfortFacts:
    """One version of the comfort set-up, and who wrote it."""

    number: int
    comfort: Comfort
    set_at: datetime | None
    by_client: bool


@dataclass(frozen=True, slots=True)
class OpenerFacts:
    """A sentence on the shelf: one of ours (by key) or the viewer's own (by id)."""

    key: str
    moment: Moment
    method: Method
    words: str
    is_starred: bool
    own_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TrustFacts:
    """One trust step: when it was done, if it was."""

    step: TrustStep
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class BeforeTheHour:
    """What speaking brings to the prep card."""

    prepared: Prepared
    comfort: Comfort
    rung: RungFacts | None
    waiting: int
    trust: tuple[TrustStep, ...]
