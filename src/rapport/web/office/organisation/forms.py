"""Forms about the practice: name and hours, crisis contacts, what the country asks for, rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rapport.practice.organisation.choices import (
    CrisisContact,
    Jurisdiction,
    Pack,
    PackText,
    PackYears,
    PracticeFacts,
    PracticeTerms,
)
from rapport.practice.organisation.rules import (
    ALIAS_LENGTH,
    CONTACT_LENGTH,
    MOST_CONTACTS,
    NAME_LENGTH,
    NOTE_LENGTH,
    PHONE_LENGTH,
    ROOM_LENGTH,
    TEXT_LENGTH,
)

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]


def zones() -> list[tuple[str, str]]:
    """Every time zone by its name, region first."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class Days(forms.CharField):
    """One day a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> frozenset[date]:
        day, found = forms.DateField(input_formats=DAY_FORMATS), set()
        for line in filter(None, (part.strip() for part in super().clean(value).splitlines())):
            try:
                found.add(day.clean(line))
            except ValidationError:
                raise ValidationError(
                    _now("“%(line)s” is not a day. Write one day a line, such as 25/12/2026.") % {"line": line}
                ) from None
        return frozenset(found)


class PracticeForm(forms.Form):
    """Name, hours and who is on call."""

    name = forms.CharField(label=_("Name of the practice"), max_length=NAME_LENGTH)
    alias = forms.CharField(
        label=_("Neutral name for messages"),
        max_length=ALIAS_LENGTH,
        help_text=_("What clients’ phones show. It must not tell what you do: a street or a house name is good."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=PHONE_LENGTH, required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=list(WEEKDAYS.items()), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    day_starts = forms.TimeField(label=_("The day begins"))
    day_ends = forms.TimeField(label=_("The day ends"))
    holidays = Days(label=_("Holidays and closed days"), required=False, help_text=_("One day a line."))
    on_call = forms.TypedChoiceField(
        label=_("On call outside working hours"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("Alerts reach them at any hour. Nobody on call means: on the next working day."),
    )

    reminder_hours = forms.IntegerField(
        label=_("Remind clients so many hours before"),
        min_value=1,
        max_value=168,
        required=False,
        help_text=_("Only clients who allow it, in neutral words. Leave it empty to send no reminders."),
    )
    confirms = forms.BooleanField(
        label=_("Write to clients when an hour is booked, moved or cancelled"), required=False
    )

    def __init__(self, *args: Any, staff: Iterable[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        nobody = [("", _now("Nobody"))]
        on_call: Any = self.fields["on_call"]
        on_call.choices = nobody + [(str(account), name) for account, name in staff]

    @staticmethod
    def initial_from(facts: PracticeFacts) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "name": facts.name,
            "alias": facts.alias,
            "phone": facts.phone,
            "zone": facts.zone.key,
            "working_days": sorted(facts.working.days),
            "day_starts": facts.working.start,
            "day_ends": facts.working.end,
            "holidays": "\n".join(day.isoformat() for day in sorted(facts.working.holidays)),
            "on_call": str(facts.on_call or ""),
            "reminder_hours": facts.reminder_hours,
            "confirms": facts.confirms,
        }

    def terms(self) -> PracticeTerms:
        """What was decided, once the form is valid."""
        said = dict(self.cleaned_data)
        return PracticeTerms(**{**said, "working_days": frozenset(said["working_days"])})


class ContactForm(forms.Form):
    """One crisis contact."""

    name = forms.CharField(label=_("Who"), max_length=CONTACT_LENGTH)
    number = forms.CharField(label=_("Number"), max_length=PHONE_LENGTH)
    hours = forms.CharField(label=_("When"), max_length=CONTACT_LENGTH)
    note = forms.CharField(label=_("In a few words"), max_length=NOTE_LENGTH, required=False)
    verified = forms.BooleanField(label=_("I have checked this number"), required=False)


Contacts = forms.formset_factory(
    ContactForm, extra=1, can_delete=True, can_delete_extra=False, max_num=MOST_CONTACTS, validate_max=True
)


def contacts_in(contacts: forms.BaseFormSet[ContactForm]) -> tuple[CrisisContact, ...]:
    """What stays, in the order in which it is shown, once the forms are valid."""
    kept = [form.cleaned_data for form in contacts.forms if form.cleaned_data and form not in contacts.deleted_forms]
    return tuple(CrisisContact(**{name: said[name] for name in ContactForm.base_fields}) for said in kept)


def _years(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=50)


def _source() -> forms.CharField:
    return forms.CharField(label=_("Where this is written"), max_length=NOTE_LENGTH, required=False)


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"), max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5}))


def _checked() -> forms.BooleanField:
    return forms.BooleanField(label=_("I have checked this"), required=False)


class PackForm(forms.Form):
    """What differs by country, in the practice's own copy."""

    retention_years = _years(_("Records are kept, years"))
    retention_note = _note()
    retention_source = _source()
    retention_verified = _checked()
    age_years = _years(_("Age of consent, years"))
    age_note = _note()
    age_source = _source()
    age_verified = _checked()
    record_rules_text = _text(_("Clients’ rights to their record"))
    record_rules_source = _source()
    record_rules_verified = _checked()
    confidentiality_text = _text(_("Limits of confidentiality"))
    confidentiality_source = _source()
    confidentiality_verified = _checked()

    @staticmethod
    def initial_from(pack: Pack) -> dict[str, Any]:
        """What the form shows first."""
        parts = {
            "retention": pack.retention,
            "age": pack.age_of_consent,
            "record_rules": pack.record_rules,
            "confidentiality": pack.confidentiality,
        }
        return {
            f"{part}_{name}": getattr(value, name)
            for part, value in parts.items()
            for name in ("years", "text", "note", "source", "verified")
            if hasattr(value, name)
        }

    def pack(self, before: Pack) -> Pack:
        """The pack with what was changed, once the form is valid."""

        def part(name: str) -> dict[str, Any]:
            start = f"{name}_"
            return {key.removeprefix(start): said for key, said in self.cleaned_data.items() if key.startswith(start)}

        return Pack(
            name=before.name,
            crisis=before.crisis,
            retention=PackYears(**part("retention")),
            age_of_consent=PackYears(**part("age")),
            record_rules=PackText(**part("record_rules")),
            confidentiality=PackText(**part("confidentiality")),
        )


class JurisdictionForm(forms.Form):
    """Begin again with another country’s pack."""

    jurisdiction = forms.ChoiceField(
        label=_("Begin again with"),
        choices=[
            (Jurisdiction.UK, _("United Kingdom")),
            (Jurisdiction.US, _("United States")),
            (Jurisdiction.EU, _("Europe (general)")),
        ],
    )
    sure = forms.BooleanField(label=_("Replace what we wrote ourselves"))


class RoomForm(forms.Form):
    """A room one can meet in."""

    name = forms.CharField(label=_("Name of the room"), max_length=ROOM_LENGTH)
