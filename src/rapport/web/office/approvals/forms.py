"""Asking for an erasure."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ErasureForm(forms.Form):
    """Why a client is to be erased, and that the retention time was looked at."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[
            ("asked by the client", _("The client asked for it")),
            ("retention ended", _("The time records must be kept has ended")),
            ("registered by mistake", _("The client was registered by mistake")),
        ],
        widget=forms.RadioSelect,
    )
    looked = forms.BooleanField(
        label=_("No law or court order asks us to keep this record"),
        error_messages={"required": _("Look up how long the record must be kept, then tick this.")},
    )
