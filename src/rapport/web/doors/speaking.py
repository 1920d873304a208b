"""The words a client chooses from, the same in the portal and on the device handed over in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.clinical.speaking.feelings import cards, families
from rapport.clinical.speaking.ladder import CARRIES, Rung
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking.actions import SpeakingRefused, choose_rung
from rapport.practice.speaking.choices import Comfort, PageKind, RungFacts

RUNGS: dict[Rung, tuple[Promise, Promise]] = {
    Rung.QUIET: (_("Sit quietly"), _("I am here. That is all for now.")),
    Rung.NUMBER: (_("Show a number"), _("From 0 to 10, without saying what for.")),
    Rung.CARD: (_("Pick a feeling card"), _("Somebody else’s words, until mine come.")),
    Rung.SENTENCE: (_("One sentence"), _("Only one. Then I stop.")),
    Rung.HAPPENED: (_("Tell what happened"), _("Like a reporter: who, where, what came then.")),
    Rung.MEANT: (_("Tell what it meant"), _("What it did to me, and what it still does.")),
    Rung.HARD: (_("Say what is hard to say here"), _("Also about you, or about coming here.")),
}
KINDS: dict[PageKind, tuple[Promise, Promise]] = {
    PageKind.WRITTEN: (_("Write and hand over"), _("A page only you can read, until you hand it over.")),
    PageKind.PICTURE: (_("Bring a picture"), _("A drawing, a photo, something that says it for you.")),
    PageKind.SOMEBODY: (_("Tell it as if it were somebody else"), _("“There was a man who …” Often easier than “I”.")),
    PageKind.TIMELINE: (_("A line of my life"), _("What came when, in a few words each.")),
}
COMFORT: dict[str, tuple[Promise, Promise]] = {
    "seat": (_("Where to sit"), _("Near the door, facing the window, not opposite.")),
    "light": (_("Light"), _("Softer, daylight, no flicker.")),
    "camera": (_("Camera, when we meet by video"), _("Off is fine. So is looking away.")),
    "eyes": (_("Eye contact"), _("As much or as little as is good.")),
    "breaks": (_("Breaks"), _("When, and how to ask for one.")),
    "stop_word": (_("A word that stops everything"), _("Said once, we stop at once. No reason needed.")),
    "needs": (_("What else helps"), _("Moving, something for the hands, no perfume, more time to answer.")),
    "faith": (_("Prayer, fasting, holy days"), _("Times we should plan around.")),
    "not_ask": (_("Please do not ask me about"), _("We leave it alone until you bring it up yourself.")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One rung as it is shown."""

    rung: Rung
    label: Promise
    note: Promise


def steps() -> list[Step]:
    """The ladder, from the quietest rung on."""
    return [Step(rung, label, note) for rung, (label, note) in RUNGS.items()]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rung that was chosen, in words."""

    label: Promise
    said: str
    at: datetime


def chosen(facts: RungFacts) -> Chosen:
    """What somebody chose, and what they brought with it."""
    known = cards()
    picked = ", ".join(known[key].words for key in facts.cards if key in known)
    number = "" if facts.number is None else str(facts.number)
    return Chosen(RUNGS[facts.rung][0], facts.words or picked or number, facts.said_at)


def carries(rung: Rung) -> str:
    """What may come with a rung: `number`, `cards`, `words` or nothing."""
    return CARRIES.get(rung, "")


def save_rung(actor: Actor, at: datetime, client_id: UUID, rung: Rung, sent: QueryDict) -> str:
    """Keep a choice as a form sent it; what came in the way, or nothing."""
    shown = sent.get("number", "")
    try:
        choose_rung(
            actor=actor,
            at=at,
            client_id=client_id,
            rung=rung,
            shown=int(shown) if shown else None,
            cards=tuple(sent.getlist("card")),
            sentence=sent.get("words", ""),
        )
    except SpeakingRefused as refused:
        return str(refused)
    except ValueError:
        return gettext("Tap a number from 0 to 10.")
    return ""


def rung_page(rung: Rung, sent: QueryDict, refused: str) -> dict[str, Any]:
    """What the page of one rung shows."""
    return {
        "label": RUNGS[rung][0],
        "carries": carries(rung),
        "families": families(),
        "picked": sent.getlist("card"),
        "words": sent.get("words", ""),
        "refused": refused,
    }


class ComfortForm(forms.Form):
    """How somebody is at ease. Every line may stay empty."""

    interpreter = forms.BooleanField(
        label=_("With an interpreter"),
        required=False,
        help_text=_("Everything is said twice then, so we plan half as much time again."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lines: dict[str, forms.Field] = {}
        for name, (label, help_text) in COMFORT.items():
            long = name in {"needs", "not_ask"}
            widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
            lines[name] = forms.CharField(
                label=str(label),
                help_text=str(help_text),
                required=False,
                max_length=2000 if long else 300,
                widget=widget,
            )
        self.fields = {"not_ask": lines.pop("not_ask"), **lines, **self.fields}

    @property
    def comfort(self) -> Comfort:
        return Comfort(**self.cleaned_data)
