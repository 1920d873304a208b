"""How a client says they may be reached, in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.practice.clients.choices import Channel, SafeContact
from rapport.practice.clients.rules.reaching import check_contact
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.clients.rules.zones import known_zones


def zones() -> list[tuple[str, Any]]:
    return [("", _("The same as the practice")), *((name, name.replace("_", " ")) for name in known_zones())]


class ZoneForm(forms.Form):
    """On which clock a client lives."""

    zone = forms.ChoiceField(
        label=_("Where you are"), choices=zones, required=False, help_text=_("Choose the city nearest to you.")
    )


def languages() -> list[tuple[str, Any]]:
    return [("", _("The one my browser asks for")), *settings.LANGUAGES]


class LanguageForm(forms.Form):
    """In which language a client reads and is written to. Each language stands there by its own name."""

    language = forms.ChoiceField(label=_("Language"), choices=languages, required=False)


class ContactForm(forms.Form):
    """Nothing is on unless the client ticks it."""

    channels = forms.MultipleChoiceField(
        label=_("You may reach me by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Channel.EMAIL, _("E-mail")),
            (Channel.SMS, _("Text message")),
            (Channel.PHONE, _("Phone call")),
            (Channel.POST, _("Letter")),
        ],
        help_text=_("We use only what you tick."),
    )
    voicemail = forms.BooleanField(label=_("You may leave a message on my phone"), required=False)
    days = forms.MultipleChoiceField(
        label=_("On these days"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    hours_from = forms.TimeField(label=_("From"), required=False)
    hours_until = forms.TimeField(
        label=_("Until"), required=False, help_text=_("Leave both empty if any time is fine.")
    )
    shared_device = forms.BooleanField(
        label=_("Other people can see my phone or my e-mail"),
        required=False,
        help_text=_("Then we send nothing that leads to this page."),
    )
    hide_portal_mail = forms.BooleanField(
        label=_("Nobody may find out about this page"),
        required=False,
        help_text=_("Then no message speaks of it or leads to it."),
    )
    full_name = forms.BooleanField(
        label=_("Messages may show the full name of the practice"),
        required=False,
        help_text=_("If not, they come from a name that tells nothing."),
    )
    text_links = forms.BooleanField(
        label=_("Text messages may hold a link"),
        required=False,
        help_text=_("With it you can say whether you are coming."),
    )
    never_if = forms.CharField(
        label=_("Never contact me if"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In your own words. Then only a person will contact you, never the computer."),
    )

    @staticmethod
    def initial_from(contact: SafeContact) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "channels": sorted(contact.channels),
            "voicemail": contact.voicemail,
            "days": [str(day) for day in sorted(contact.days)],
            "hours_from": contact.hours_from,
            "hours_until": contact.hours_until,
            "shared_device": contact.shared_device,
            "hide_portal_mail": contact.hide_portal_mail,
            "full_name": not contact.neutral_sender,
            "never_if": contact.never_if,
            "text_links": contact.text_links,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        said = {
            name: cleaned[name] for name in ("voicemail", "shared_device", "hide_portal_mail", "never_if", "text_links")
        }
        try:
            cleaned["contact"] = check_contact(
                SafeContact(
                    channels=frozenset(Channel(channel) for channel in cleaned["channels"]),
                    days=frozenset(int(day) for day in cleaned["days"]),
                    hours_from=cleaned["hours_from"],
                    hours_until=cleaned["hours_until"],
                    neutral_sender=not cleaned["full_name"],
                    **said,
                )
            )
        except DetailRefused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
        return cleaned

    def contact(self) -> SafeContact:
        """What was said, once the form is valid."""
        said: SafeContact = self.cleaned_data["contact"]
        return said
