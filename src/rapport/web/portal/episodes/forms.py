"""What a client says about the agreement and their goals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    """The client's yes. Each sentence is ticked by itself."""

    crisis_shown = forms.BooleanField(
        label=_("I have read whom I can call in a crisis."), error_messages={"required": _("Please read this first.")}
    )
    treatment = forms.BooleanField(
        label=_("I agree to the treatment as it is described here."),
        error_messages={"required": _("Without this the therapy cannot begin. Talk with us if you are not sure.")},
    )

    def __init__(self, *args: Any, already_agreed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if already_agreed:
            del self.fields["treatment"]


class GoalForm(forms.Form):
    """A goal in the client's own words."""

    words = forms.CharField(
        label=_("What would you like to be different?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Say where you want to get to. What would others see? How would you notice one small step?"),
    )  # fmt: skip
