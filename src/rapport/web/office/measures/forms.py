"""Accepting the terms of a content pack."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TermsForm(forms.Form):
    """Nothing is installed that nobody has read."""

    read = forms.BooleanField(
        label=_("I have read these terms, and this practice keeps to them"),
        error_messages={"required": _("Read the terms first, then tick the box.")},
    )
