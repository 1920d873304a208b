"""A contact between hours, in two taps; the rest may be added."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.sessions.frame import ContactPurpose, Initiator
from rapport.practice.sessions.choices import ContactChannel
from rapport.web.desk.sessions.frame import at_wall
from rapport.web.desk.sessions.strips import CHANNELS, INITIATORS, PURPOSES

IN_HOURS = [("", _("as the agreement says")), ("yes", _("yes")), ("no", _("no"))]


class ContactForm(forms.Form):
    """Who began it and what for; when, how and how long if one likes."""

    initiator = forms.ChoiceField(
        label=_("Who began it"), choices=[(who.value, words) for who, words in INITIATORS.items()]
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=[(why.value, words) for why, words in PURPOSES.items()])
    channel = forms.ChoiceField(
        label=_("How"), required=False, choices=[(way.value, words) for way, words in CHANNELS.items()]
    )
    day = forms.DateField(label=_("Day"), required=False, help_text=_("Left empty: now."))
    time = forms.TimeField(label=_("At"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=600)
    in_hours = forms.ChoiceField(label=_("Inside the agreed hours"), required=False, choices=IN_HOURS)
    words = forms.CharField(
        label=_("A word about it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("day")) != bool(said.get("time")):
            self.add_error("time", _("Give both the day and the time, or neither."))
        return said

    @property
    def details(self) -> dict[str, Any]:
        """As the action takes it."""
        said = self.cleaned_data
        then: datetime | None = at_wall(said["day"], said["time"]) if said["day"] else None
        return {
            "initiator": Initiator(said["initiator"]),
            "purpose": ContactPurpose(said["purpose"]),
            "channel": ContactChannel(said["channel"] or ContactChannel.PHONE),
            "happened_at": then,
            "minutes": said["minutes"],
            "in_window": {"yes": True, "no": False}.get(said["in_hours"]),
            "words": said["words"],
            "key": said["key"],
        }
