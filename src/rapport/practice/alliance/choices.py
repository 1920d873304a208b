"""The words of the alliance: what is asked after an hour, in our own wording, free for anybody to use (CC0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.alliance.ruptures import NoticedBy, Repaired, RuptureKind, RuptureState
from rapport.clinical.alliance.sliders import HourSaid, Slider
from rapport.clinical.alliance.speaking_freely import Freely

WORDING = "1"  # counted up when a question changes: another wording is another question


class AllianceEvent(StrEnum):
    """What is said about an hour; a rupture memo is its author's alone."""

    SAID_AFTER = "said_after"
    FORM_ANSWERED = "form_answered"
    RUPTURE_NOTED = "rupture_noted"


class Way(models.TextChoices):
    """How it came in."""

    PORTAL = "portal", _("on their own device")
    HANDED = "handed", _("on your device, handed over")
    SPOKEN = "spoken", _("spoken, entered by you")


class WordsKind(models.TextChoices):
    """What words were about."""

    COMMENT = "comment", _("anything to do differently")
    MOST = "most", _("the most helpful moment")
    LEAST = "least", _("the least helpful moment")
    FREELY = "freely", _("speaking freely")


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a client: its short name, its words, and what 0 and 10 mean."""

    name: Promise
    words: Promise
    low: Promise
    high: Promise


QUESTIONS: dict[str, Question] = {
    Slider.HEARD: Question(_("Felt heard"), _("Did you feel heard today?"), _("not at all"), _("fully")),
    Slider.MATTERED: Question(
        _("Worked on what mattered"), _("Did we work on what matters to you?"), _("not at all"), _("fully")
    ),
    Slider.FITTED: Question(
        _("The way we worked fitted me"), _("Did the way we worked fit you?"), _("not at all"), _("fully")
    ),
    Slider.OVERALL: Question(
        _("Overall today"), _("All in all, how was our hour today?"), _("not good"), _("very good")
    ),
    Freely.FEELINGS: Question(
        _("Feelings"), _("Could you speak about your feelings?"), _("I could not"), _("I could, freely")
    ),
    Freely.BEHAVIOUR: Question(
        _("What I do"), _("Could you speak about what you do, and how you act?"), _("I could not"), _("I could, freely")
    ),
    Freely.MIND: Question(
        _("What is on my mind"), _("Could you speak about what goes on in your mind?"), _("I could not"),
        _("I could, freely"),
    ),
}  # fmt: skip


# What a client is asked, one thing at a time, and how the parts end.
CLOSING_STEPS: tuple[str, ...] = (*Slider, "words")
FREELY_STEPS: tuple[str, ...] = (*Freely, "own_words")
THANKS, THANKS_FREELY = "thanks", "done"


def part_of(step: str) -> tuple[str, ...]:
    """The steps among which this one is; none for a step that there is not."""
    return next((part for part in (CLOSING_STEPS, FREELY_STEPS) if step in part), ())


def step_after(step: str) -> str:
    """The next step of the same part, or its end."""
    part = part_of(step)
    place = part.index(step) + 1
    if place < len(part):
        return part[place]
    return THANKS if part is CLOSING_STEPS else THANKS_FREELY


class NotOpen(ValueError):
    """This is asked when the hour ends and for a while after it."""


class NothingSaid(ValueError):
    """Neither a number nor a word was given."""


class TooLong(ValueError):
    """More words than are kept."""


class MemoMoved(Exception):
    """The memo was changed in another window meanwhile."""


class WordingRefused(ValueError):
    """The wording does not fit the form, or nobody said by whose permission it is used."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a client about an hour; `value` where a helpful moment was rated. `unseen`: kept from this reader."""

    text: str
    value: int | None = None
    eyes_only: bool = False
    unseen: bool = False


def words_from(form: Mapping[str, str], kinds: Iterable[WordsKind]) -> dict[WordsKind, Said]:
    """The words of a form: a field for each kind, its number beside it, and one tick for the therapist's eyes only."""
    found = {}
    for kind in kinds:
        text, number = form.get(kind, "").strip(), form.get(f"{kind}_value", "")
        value = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None
        if text or value is not None:
            found[kind] = Said(text, value, eyes_only="eyes_only" in form)
    return found


@dataclass(frozen=True, slots=True)
class HourTogether:
    """What was said after one hour: the last answer to each question, the last words of each kind."""

    session_id: UUID
    held_at: datetime
    values: dict[str, int] = field(default_factory=dict)
    words: dict[str, Said] = field(default_factory=dict)
    ways: frozenset[str] = frozenset()

    @property
    def said(self) -> HourSaid:
        """The four questions as the clinical floor reads them."""
        known = {slider: self.values[slider] for slider in Slider if slider in self.values}
        return HourSaid(known, comment=WordsKind.COMMENT in self.words)

    @property
    def answered(self) -> bool:
        return any(slider in self.values for slider in Slider) or WordsKind.COMMENT in self.words

    @property
    def spoke_freely(self) -> bool:
        return any(part in self.values for part in Freely)

    @property
    def sliders(self) -> list[tuple[Promise, int]]:
        return [(QUESTIONS[slider].name, self.values[slider]) for slider in Slider if slider in self.values]


@dataclass(frozen=True, slots=True)
class RuptureMemo:
    """What a therapist notes about a rupture between the two. Everything but the kind may stay open."""

    kind: RuptureKind
    noticed_by: NoticedBy = NoticedBy.THERAPIST
    minute: int | None = None
    markers: tuple[str, ...] = ()
    impact: int | None = None
    contribution: str = ""
    strategies: tuple[str, ...] = ()
    repaired: Repaired = Repaired.NO
    client_view: str = ""
    follow_up_due: date | None = None


@dataclass(frozen=True, slots=True)
class RuptureFacts:
    """A memo as its author reads it."""

    id: UUID
    session_id: UUID
    episode_id: UUID
    client_id: UUID
    held_at: datetime
    version: int
    memo: RuptureMemo
    sessions_since: int
    state: RuptureState


@dataclass(frozen=True, slots=True)
class OpenRupture:
    """A memo of the viewer's own that is not repaired, to be found again."""

    id: UUID
    episode_id: UUID
    held_at: datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of a licensed form as a practice brought it, and by whose permission."""

    items: tuple[str, ...]
    permission: str
    added_at: datetime


class Open(StrEnum):
    """Which part of the closing waits for the client."""

    CLOSING = "closing"
    FREELY = "freely"
