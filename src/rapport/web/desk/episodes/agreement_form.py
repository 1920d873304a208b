"""The form of an agreement, and what it begins with in this practice."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.contract import USUAL_LENGTHS, MissedCharge
from rapport.practice.episodes.choices import Agreement
from rapport.practice.organisation.choices import Jurisdiction, PracticeFacts
from rapport.web.desk.episodes import words

FREQUENCIES = [
    ("2", _("twice a week")),
    ("1", _("every week")),
    ("0.5", _("every two weeks")),
    ("0.25", _("every four weeks")),
    ("3", _("three times a week")),
    ("4", _("four times a week")),
    ("5", _("five times a week")),
]
CURRENCIES = {Jurisdiction.UK: "GBP", Jurisdiction.US: "USD", Jurisdiction.EU: "EUR"}


def _passage(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=20_000, widget=widget, help_text=help_text)


class AgreementForm(forms.Form):
    """Everything that is agreed. Written to the client, in plain words: they read exactly this."""

    length_minutes = forms.TypedChoiceField(
        label=_("Length"), coerce=int, widget=forms.RadioSelect,
        choices=[(minutes, _("%d minutes") % minutes) for minutes in USUAL_LENGTHS],
    )  # fmt: skip
    per_week = forms.TypedChoiceField(label=_("How often"), coerce=Decimal, choices=FREQUENCIES)
    fixed_slot = forms.CharField(
        label=_("Fixed time"), required=False, max_length=120, help_text=_("Such as Tuesdays at 10.")
    )
    planned_sessions = forms.IntegerField(
        label=_("Planned sessions"), required=False, min_value=1, max_value=500, help_text=_("Empty if it is open.")
    )
    first_review = forms.IntegerField(label=_("Look back together at session"), min_value=1, max_value=200)
    review_every = forms.IntegerField(label=_("And then every … sessions"), min_value=1, max_value=200)
    place = forms.CharField(label=_("Place"), max_length=300)
    fee = forms.DecimalField(label=_("Fee per session"), max_digits=12, decimal_places=3)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, help_text=_("Three letters."))
    fee_note = _passage(
        _("How it is paid"), rows=2, required=False, help_text=_("Who pays, when, and what the invoice says.")
    )
    notice_hours = forms.IntegerField(label=_("Hours of notice to cancel"), min_value=0, max_value=720)
    charge = forms.ChoiceField(
        label=_("If they cancel later, or do not come, they pay"), choices=words.choices(words.CHARGES),
        widget=forms.RadioSelect,
    )  # fmt: skip
    charge_exceptions = _passage(_("When nothing is charged"), rows=2, required=False)
    late_wait_minutes = forms.IntegerField(label=_("Minutes you wait if they are late"), min_value=0, max_value=60)
    ends_on_time = forms.BooleanField(label=_("The session still ends on time"), required=False)
    holiday_notice_weeks = forms.IntegerField(label=_("Weeks of notice of a holiday"), min_value=0, max_value=26)
    holidays = _passage(_("Holidays"), rows=2, required=False)
    contact_window = _passage(_("When they can reach you between sessions"), rows=2)
    reply_within = forms.CharField(label=_("You answer within"), max_length=120, required=False)
    channels = _passage(_("How they can reach you"), rows=2, required=False)
    messages = forms.BooleanField(
        label=_("They can write to you in the portal"), required=False,
        help_text=_("Secure messages, in the hours above. Without this tick there are none."),
    )  # fmt: skip
    crisis = _passage(_("In a crisis"), rows=4, help_text=_("This is shown before they agree."))
    confidentiality = _passage(_("What stays between you, and its limits"), rows=6)
    records = _passage(_("What is written down, for how long, who may see it"), rows=4)
    supervision = _passage(_("Supervision"), rows=2, required=False)
    complaints = _passage(_("If they are not content"), rows=2)
    ending = _passage(_("How it ends"), rows=3, required=False)

    @staticmethod
    def initial_from(agreement: Agreement) -> dict[str, Any]:
        """What the form shows first."""
        return {**asdict(agreement), "per_week": f"{agreement.per_week.normalize():f}"}

    def clean_currency(self) -> str:
        said: str = self.cleaned_data["currency"]
        return said.upper()

    def agreement(self) -> Agreement:
        """What was written, once the form is valid."""
        said = {**self.cleaned_data, "charge": MissedCharge(self.cleaned_data["charge"])}
        return Agreement(**said)


def first_agreement(practice: PracticeFacts) -> Agreement:
    """An agreement to begin with: the frame's defaults, and the words of the practice's own jurisdiction pack."""
    crisis = "\n".join(f"{each.name}: {each.number} ({each.hours}). {each.note}".strip() for each in practice.crisis)
    opens, closes = practice.working.start.strftime("%H:%M"), practice.working.end.strftime("%H:%M")
    years = practice.retention.years
    return Agreement(
        currency=CURRENCIES[practice.jurisdiction],
        contact_window=_now("On working days between %(opens)s and %(closes)s.") % {"opens": opens, "closes": closes},
        reply_within=_now("two working days"),
        channels=_now("A message through the portal, or a call to the practice."),
        messages=True,
        crisis=crisis,
        confidentiality=practice.pack.confidentiality.text,
        records=_now("I keep short notes of our work for %(years)d years after we end.") % {"years": years}
        + f"\n{practice.pack.record_rules.text}",
        complaints=_now("Please tell me first, if you can. You can also write to %(practice)s at any time.")
        % {"practice": practice.name},
        ending=_now("We end when the work is done or when you wish. Please allow one session to say goodbye."),
        charge_exceptions=_now("Sudden illness, or an emergency."),
        holidays=_now("I tell you of my holidays four weeks ahead. Nothing is charged for them."),
    )
