"""The client writes their plan: six steps, one line for each entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.practice.safety.choices import STEP_WORDS, SafeNow, Steps, entries_from


class PlanForm(forms.Form):
    """Six steps in the client's own words. `based_on` is the version that was on the screen."""

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


class SafeNowForm(forms.Form):
    """“Are you safe right now?”"""

    answer = forms.ChoiceField(label=_("Are you safe right now?"), choices=SafeNow.choices)
