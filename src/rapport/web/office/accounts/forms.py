"""Forms of the office about people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.practice.security.policy.actor import Role

ROLES = [(Role.THERAPIST.value, _("Therapist")), (Role.MANAGER.value, _("Practice manager"))]


class InviteStaffForm(forms.Form):
    """A colleague chooses their own password; nobody chooses it for them."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("What they do here"), choices=ROLES, widget=forms.CheckboxSelectMultiple, initial=[Role.THERAPIST.value]
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES)
    what = forms.ChoiceField(choices=[("grant", ""), ("end", "")])
