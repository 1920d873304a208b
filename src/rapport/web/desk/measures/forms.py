"""Assigning a form; the date on a paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.measures.instrument import Instrument
from rapport.practice.measures.choices import Mode, Rhythm


class AssignForm(forms.Form):
    """Which form, how often."""

    instrument = forms.ChoiceField(label=_("Form"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, initial=Rhythm.EACH_SESSION)

    def __init__(self, *args: Any, instruments: Iterable[Instrument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, one.short_title) for one in instruments if not one.total_only]
        field = self.fields["instrument"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class PaperForm(forms.Form):
    """What stands on the paper besides the answers."""

    answered_on = forms.DateField(label=_("Date on the paper"), widget=forms.DateInput)
    mode = forms.ChoiceField(
        label=_("How was it answered?"),
        choices=[(Mode.PAPER, Mode.PAPER.label), (Mode.INTERVIEW, Mode.INTERVIEW.label)],
        initial=Mode.PAPER,
    )
