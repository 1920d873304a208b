"""Who may write what to whom, and which letters and messages somebody can reach."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.practice.correspondence.choices import LetterKind, LetterStep
from rapport.practice.correspondence.models import (
    LETTER_LABEL,
    CaseLetter,
    CaseLetterStep,
    MessageFile,
    SecureMessage,
)
from rapport.practice.episodes.rules import EpisodeRefused, visible_episodes, words
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.actor import Actor, Role

LONGEST_MESSAGE = 5_000
LONGEST_LETTER = 20_000
LINE = 300
MOST_FILES = 5
MOST_A_DAY = 50
SEEN_BY_CLIENT = (LetterStep.SHOWN, LetterStep.AGREED, LetterStep.CHANGE_ASKED, LetterStep.READ_TOGETHER)


class NotAgreed(EpisodeRefused):
    """The agreement says nothing of messages, so there are none."""


class TooManyMessages(EpisodeRefused):
    """So many messages in a day are a sign that this is not the way to be heard."""


class LetterClosed(EpisodeRefused):
    """What has left, or was put aside, is not changed any more."""


class LetterMoved(EpisodeRefused):
    """Somebody saved other words meanwhile. Both are kept: theirs here, ours still with its writer."""

    def __init__(self, to: str, text: str, version: int) -> None:
        super().__init__("text", _("Another text was saved meanwhile."))
        self.to, self.text, self.version = to, text, version


class NotReadYet(EpisodeRefused):
    """A letter about a client leaves only after the client has read these very words and agreed."""


class NoConsent(EpisodeRefused):
    """Without consent to share with others, nothing goes to others."""


def messages_within(actor: Actor, at: datetime) -> QuerySet[SecureMessage]:
    """Messages in the courses this person cares for, and a client's own."""
    return SecureMessage.objects.select_related("episode").filter(episode__in=visible_episodes(actor, at))


def attached_within(actor: Actor, at: datetime) -> QuerySet[MessageFile]:
    """Files sent with those messages."""
    return MessageFile.objects.filter(message__in=messages_within(actor, at))


def letters_within(actor: Actor, at: datetime) -> QuerySet[CaseLetter]:
    """Letters of the courses this person cares for; for a client those laid before them or sent to them."""
    rows = CaseLetter.objects.select_related("episode").filter(episode__in=visible_episodes(actor, at))
    if Role.CLIENT not in actor.roles:
        return rows
    return rows.filter(id__in=_laid_before_client(rows)) | rows.filter(sent_at__isnull=False)


def last_step(letter_id: UUID) -> LetterStep | None:
    """The last thing that happened to a letter."""
    step = CaseLetterStep.objects.filter(letter=letter_id).order_by("-seq").values_list("step", flat=True).first()
    return LetterStep(step) if step else None


def _laid_before_client(rows: QuerySet[CaseLetter]) -> list[UUID]:
    """Letters whose last step is one a client sees; words written since are the therapist's until shown again."""
    last: dict[UUID, str] = dict(rows.order_by("id", "steps__seq").values_list("id", "steps__step"))
    return [letter_id for letter_id, step in last.items() if step in SEEN_BY_CLIENT]


def check_message(text: str) -> str:
    """A message as it is kept."""
    return words("text", text, longest=LONGEST_MESSAGE, required=True)


def check_letter(kind: LetterKind, to: str, text: str) -> dict[str, str]:
    """A letter as it is kept: to whom and what. One to somebody else names them."""
    return {
        "to": words("to", to, longest=LINE, required=kind.is_about_client),
        "text": words("text", text, longest=LONGEST_LETTER, required=True),
    }


def content_of(letter: CaseLetter) -> dict[str, Any]:
    """To whom a letter goes, and what it says."""
    opened: dict[str, Any] = keys.unseal_data(
        keys.client(letter.episode.client_id), LETTER_LABEL, letter.id, letter.content_sealed
    )
    return opened
