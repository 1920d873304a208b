"""The words of messages and letters, and what their queries hand to pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rapport.practice.files.choices import FileFacts


class LetterKind(StrEnum):
    """What a letter is for. The first four go to the client, the others to somebody else."""

    APPOINTMENTS = "appointments"
    REVIEW = "review"
    SUMMARY = "summary"
    TO_CLIENT = "to_client"
    DOCTOR = "doctor"
    TO_OTHERS = "to_others"

    @property
    def is_about_client(self) -> bool:
        """Whether it goes to somebody else: then the client reads it first."""
        return self in {LetterKind.DOCTOR, LetterKind.TO_OTHERS}


class CorrespondenceEvent(StrEnum):
    """What happens in writing. Messages are counted by day and side, never opened."""

    MESSAGES = "messages"
    CASE_LETTER = "case_letter"


class LetterStep(StrEnum):
    """What happened to a letter. Each is a row of its own that nobody changes."""

    WRITTEN = "written"
    SHOWN = "shown"  # laid before the client in the portal
    READ_TOGETHER = "read_together"  # shown on paper or aloud; the client agreed
    AGREED = "agreed"
    CHANGE_ASKED = "change_asked"
    SENT = "sent"
    PUT_ASIDE = "put_aside"


class SentBy(StrEnum):
    """How a letter left. Clinical words never leave by e-mail."""

    PORTAL = "portal"
    POST = "post"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class LetterMoment:
    """One step of a letter, with what was said."""

    step: LetterStep
    at: datetime
    by: UUID
    words: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter as its reader may see it. `steps` are oldest first; `how` is how it left."""

    id: UUID
    episode_id: UUID
    client_id: UUID
    client_name: str
    kind: LetterKind
    version: int
    to: str
    text: str
    written_at: datetime
    written_by: UUID
    steps: tuple[LetterMoment, ...]
    sent_at: datetime | None
    how: SentBy | None

    @property
    def stands(self) -> LetterStep:
        """The last thing that happened to it."""
        return self.steps[-1].step

    @property
    def is_open(self) -> bool:
        """Whether its words can still be changed."""
        return self.stands not in {LetterStep.SENT, LetterStep.PUT_ASIDE}

    @property
    def may_be_sent(self) -> bool:
        """A letter to somebody else leaves once the client has read these very words and agreed."""
        agreed = {LetterStep.AGREED, LetterStep.READ_TOGETHER}
        return self.is_open and (not self.kind.is_about_client or self.stands in agreed)

    @property
    def asks_client(self) -> bool:
        """Whether it lies before the client, who has not answered yet."""
        return self.stands is LetterStep.SHOWN


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One secure message. `waits` is whether nobody has answered it or put it aside yet."""

    id: UUID
    from_client: bool
    by: UUID
    at: datetime
    text: str
    files: tuple[FileFacts, ...]
    waits: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """The secure messages of one course, and on what terms they are written. Newest last."""

    episode_id: UUID
    client_id: UUID
    client_name: str
    agreed: bool
    is_open: bool
    contact_window: str
    reply_within: str
    messages: tuple[MessageFacts, ...]

    @property
    def may_write(self) -> bool:
        return self.agreed and self.is_open


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message of a client that still waits for a word, unopened."""

    message_id: UUID
    episode_id: UUID
    client_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """A letter its client wants changed, and since when."""

    letter_id: UUID
    episode_id: UUID
    since: datetime
