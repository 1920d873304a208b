"""Forms about a client: who they are, how they may be reached, what they agree to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.practice.clients.choices import Channel, ClientDetails, ConsentMethod, SafeContact
from rapport.practice.clients.rules import wording
from rapport.practice.clients.rules.reaching import check_contact
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.clients.rules.zones import known_zones

CHANNELS = [
    (Channel.EMAIL, _("E-mail")),
    (Channel.SMS, _("Text message")),
    (Channel.PHONE, _("Telephone call")),
    (Channel.POST, _("Letter")),
]


def few_rows(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Said(forms.CharField):
    """Words read by a rule of the duty, so that a wrong one is named beside its field."""

    def __init__(self, read: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def clean(self, value: Any) -> str:
        try:
            return self.read(super().clean(value))
        except DetailRefused as refused:
            raise forms.ValidationError(str(refused)) from None


def _line(text: str) -> str:
    return wording.line("", text)


def _passage(text: str) -> str:
    return wording.passage("", text)


def zones() -> list[tuple[str, Any]]:
    return [("", _("As the practice")), *((name, name.replace("_", " ")) for name in known_zones())]


class ClientForm(forms.Form):
    """Who a client is. Only the name is needed."""

    name = Said(wording.name, label=_("Name"), help_text=_("As they write it. One word is enough."))
    preferred_name = Said(_line, label=_("Called"), required=False, help_text=_("How they like to be addressed."))
    pronouns = Said(_line, label=_("Pronouns"), required=False)
    date_of_birth = forms.CharField(
        label=_("Date of birth"), required=False, help_text=_("Day/month/year, such as 28/2/1990.")
    )
    languages = Said(_line, label=_("Languages"), required=False)
    interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    access_needs = Said(
        _passage, label=_("What they need to be able to come"), required=False, widget=few_rows(2),
        help_text=_("A step-free room, large print, a quiet place to wait …"),
    )  # fmt: skip
    email = Said(wording.email, label=_("E-mail"), required=False)
    phone = Said(wording.phone, label=_("Telephone"), required=False)
    address = Said(_passage, label=_("Address"), required=False, widget=few_rows())
    emergency_contact = Said(
        _line, label=_("Whom to call in an emergency"), required=False, help_text=_("Name, relation and number.")
    )
    emergency_may_know = Said(_passage, label=_("What that person may be told"), required=False, widget=few_rows(2))

    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, required=False, help_text=_("Where they are when they read our messages.")
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    @staticmethod
    def initial_from(details: ClientDetails) -> dict[str, Any]:
        """What the form shows first."""
        born = details.date_of_birth
        return {**asdict(details), "date_of_birth": f"{born.day}/{born.month}/{born.year}" if born else ""}

    def clean_date_of_birth(self) -> date | None:
        try:
            return wording.date_of_birth(self.cleaned_data["date_of_birth"], self.today)
        except DetailRefused as refused:
            raise forms.ValidationError(str(refused)) from None

    def details(self) -> ClientDetails:
        """What was written, once the form is valid."""
        return ClientDetails(**self.cleaned_data)


class SafeContactForm(forms.Form):
    """How somebody may be reached without coming to harm. It comes first, and everything is off until they say so."""

    channels = forms.MultipleChoiceField(
        label=_("They may be reached by"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing is ever sent outside this. Tick only what they said."),
    )  # fmt: skip
    voicemail = forms.BooleanField(
        label=_("A voicemail may be left"), required=False, help_text=_("With the neutral name and nothing else.")
    )
    days = forms.MultipleChoiceField(
        label=_("On these days"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    hours_from = forms.TimeField(label=_("From"), required=False)
    hours_until = forms.TimeField(label=_("Until"), required=False, help_text=_("Leave both empty for any hour."))
    shared_device = forms.BooleanField(
        label=_("Somebody else can see their telephone or e-mail"), required=False,
        help_text=_("Messages that lead to the portal are then not sent."),
    )  # fmt: skip
    hide_portal_mail = forms.BooleanField(
        label=_("Nobody may learn that they have a portal"), required=False,
        help_text=_("No message then mentions or links to it."),
    )  # fmt: skip
    full_name = forms.BooleanField(
        label=_("Messages may show the full name of the practice"), required=False,
        help_text=_("Otherwise they come from its neutral name."),
    )  # fmt: skip
    text_links = forms.BooleanField(
        label=_("Text messages may hold a link"),
        required=False,
        help_text=_("By which they say whether they are coming. Never if others see their telephone."),
    )
    never_if = Said(
        _passage, label=_("Never contact if"), required=False, widget=few_rows(2),
        help_text=_("In their words. Only a person can judge this, so nothing is then sent automatically."),
    )  # fmt: skip

    @staticmethod
    def initial_from(contact: SafeContact) -> dict[str, Any]:
        """What the form shows first."""
        return {
            **asdict(contact),
            "channels": sorted(contact.channels),
            "days": [str(day) for day in sorted(contact.days)],
            "full_name": not contact.neutral_sender,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            cleaned["contact"] = check_contact(_contact_from(cleaned))
        except DetailRefused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        return cleaned

    def contact(self) -> SafeContact:
        """What was said, once the form is valid."""
        said: SafeContact = self.cleaned_data["contact"]
        return said


def _contact_from(cleaned: Mapping[str, Any]) -> SafeContact:
    return SafeContact(
        channels=frozenset(Channel(channel) for channel in cleaned["channels"]),
        voicemail=cleaned["voicemail"],
        days=frozenset(int(day) for day in cleaned["days"]),
        hours_from=cleaned["hours_from"],
        hours_until=cleaned["hours_until"],
        shared_device=cleaned["shared_device"],
        hide_portal_mail=cleaned["hide_portal_mail"],
        neutral_sender=not cleaned["full_name"],
        never_if=cleaned["never_if"],
        text_links=cleaned["text_links"],
    )


class ConsentForm(forms.Form):
    """What a client said about one purpose, spoken or on paper."""

    answer = forms.ChoiceField(
        label=_("What they said"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How"), widget=forms.RadioSelect,
        choices=[(ConsentMethod.SPOKEN, _("Spoken, with me")), (ConsentMethod.PAPER, _("Signed on paper"))],
    )  # fmt: skip
    scope = Said(_passage, label=_("With whom and about what"), required=False, widget=few_rows(2))
    version = forms.IntegerField(widget=forms.HiddenInput)
