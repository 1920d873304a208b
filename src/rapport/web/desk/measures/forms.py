"""Assigning forms; a paper; a file; problems rated again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.referral import IMPACT_HIGH, IMPACT_LOW
from rapport.clinical.measures.fhir.resources import LARGEST_FILE
from rapport.clinical.measures.instrument import Instrument
from rapport.practice.episodes.choices import Problem
from rapport.practice.measures.choices import MOST_EVERY, Mode, Rhythm
from rapport.web.doors.domains import DOMAINS


class WithReason(forms.Form):
    """More than the cap may be asked by whoever says why."""

    reason = forms.CharField(
        label=_("Why more than the cap, if it is more"),
        required=False,
        max_length=500,
        help_text=_("15 questions before a session, 60 at once."),
    )


class AssignForm(WithReason):
    """Which form, how often."""

    instrument = forms.ChoiceField(label=_("Form"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, initial=Rhythm.EACH_SESSION)
    every = forms.IntegerField(
        label=_("Sessions between, for “every few sessions”"), required=False, min_value=2, max_value=MOST_EVERY
    )
    field_order = ("instrument", "rhythm", "every", "reason")

    def __init__(self, *args: Any, instruments: Iterable[Instrument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.id, one.short_title) for one in instruments if one.can_be_asked]


class PackForm(WithReason):
    """What is asked before the first interview."""


class SetForm(WithReason):
    """What suits a kind of problem."""

    domain = forms.ChoiceField(
        label=_("Kind of problem"), choices=[(str(domain), said) for domain, said in DOMAINS.items()]
    )
    field_order = ("domain", "reason")


class PaperForm(forms.Form):
    """What stands on the paper besides the answers."""

    answered_on = forms.DateField(label=_("Date on the paper"), widget=forms.DateInput)
    mode = forms.ChoiceField(
        label=_("How was it answered?"),
        choices=[(Mode.PAPER, Mode.PAPER.label), (Mode.INTERVIEW, Mode.INTERVIEW.label)],
        initial=Mode.PAPER,
    )


class ResponseForm(forms.Form):
    """A file somebody else's system wrote."""

    answered_on = forms.DateField(label=_("Day it was answered"), widget=forms.DateInput)
    file = forms.FileField(label=_("FHIR QuestionnaireResponse (JSON)"))

    @property
    def raw(self) -> str:
        """The text of the file."""
        return str(self.cleaned_data["raw"])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for one form."))
        try:
            self.cleaned_data["raw"] = file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not a text file.")) from error
        return file


def rated_again(posted: Mapping[str, str], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems with the numbers that were sent; one that was left out keeps its own."""
    return tuple(
        replace(one, impact=_impact(posted.get(f"impact-{place}"), one.impact)) for place, one in enumerate(problems)
    )


def _impact(said: str | None, before: int) -> int:
    known = said is not None and said.isascii() and said.isdigit() and len(said) <= 2
    return int(said) if known and said and IMPACT_LOW <= int(said) <= IMPACT_HIGH else before
