"""What a therapist says when they act on an alert, and the client's plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.practice.safety.choices import STEP_WORDS, Contact, Steps, entries_from


class ActForm(forms.Form):
    """Acknowledging needs an action; reading alone is not one."""

    did = forms.CharField(
        label=_("What did you do, or will you do?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: rang at ten, spoke for a quarter of an hour, we meet tomorrow."),
    )
    contact = forms.ChoiceField(label=_("Did you reach the client?"), choices=Contact.choices, widget=forms.RadioSelect)


class CloseForm(forms.Form):
    """How it came out."""

    outcome = forms.CharField(
        label=_("How did it come out?"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PlanForm(forms.Form):
    """The client's plan, written together. `based_on` is the version that was on the screen."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, steps: Steps | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step, (title, hint) in STEP_WORDS.items():
            written = "\n".join(entry.line for entry in steps[step]) if steps else ""
            self.fields[step.value] = forms.CharField(
                label=title, help_text=hint, required=False, initial=written, max_length=6000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @property
    def steps(self) -> Steps:
        """What was typed, entry by entry."""
        return {step: entries_from(step, self.cleaned_data[step.value]) for step in STEP_WORDS}
