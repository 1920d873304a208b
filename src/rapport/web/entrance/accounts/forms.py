"""Forms at the door. What is typed into a password field is never sent back."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.practice.organisation.choices import Jurisdiction, PracticeTerms

PASSWORD_HELP = _(
    "At least 12 characters. Four or five words in a row are good. You may paste it from a password keeper."
)
LAWS = [
    (Jurisdiction.UK, _("United Kingdom")),
    (Jurisdiction.US, _("United States")),
    (Jurisdiction.EU, _("European Union")),
]


def zones() -> list[tuple[str, str]]:
    """The zones of places, by name; not the aliases, and never the machine's own."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def password_field(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password exactly as typed: nothing stripped, nothing cut."""
    attrs = {"autocomplete": autocomplete, "autocapitalize": "off", "spellcheck": "false"}
    widget = forms.PasswordInput(attrs=attrs)
    return forms.CharField(label=label, help_text=help_text, strip=False, max_length=512, widget=widget)


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, max_length=40, widget=forms.TextInput(attrs=attrs))


def email_field(autocomplete: str = "username") -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": autocomplete})
    )


class SignInForm(forms.Form):
    email = email_field("username webauthn")
    password = password_field(_("Password"), "current-password")


class CodeForm(forms.Form):
    code = code_field(_("Six digits from your app"), _("Or one of your printed recovery codes."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "text"


class ConfirmCodeForm(forms.Form):
    code = code_field(_("Six digits from your app"))


class PasswordForm(forms.Form):
    password = password_field(_("Password"), "current-password")


class StepUpForm(PasswordForm):
    code = code_field(_("Six digits from your app"), _("Or one of your printed recovery codes."))

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.fields["code"]


class NewPasswordForm(forms.Form):
    password = password_field(_("New password"), "new-password", PASSWORD_HELP)


class InvitationForm(forms.Form):
    """A client also says with which address they will sign in."""

    email = email_field()
    password = password_field(_("Choose a password"), "new-password", PASSWORD_HELP)

    def __init__(self, *args: Any, is_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_staff:
            del self.fields["email"]


class ForgottenForm(forms.Form):
    email = email_field()


class OpenPracticeForm(forms.Form):
    """The founder, and the few facts a practice cannot be without."""

    practice = forms.CharField(label=_("Name of the practice"), max_length=120)
    alias = forms.CharField(
        label=_("Neutral name for messages"),
        max_length=60,
        help_text=_(
            "Stands as the sender on a telephone others may see, so it must not say what you do. A street is good."
        ),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Europe/London")
    jurisdiction = forms.ChoiceField(label=_("Law that applies"), choices=LAWS)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = email_field()
    password = password_field(_("Choose a password"), "new-password", PASSWORD_HELP)
    is_therapist = forms.BooleanField(label=_("I see clients myself"), required=False, initial=True)

    def terms(self) -> PracticeTerms:
        """What the practice begins with; working hours can be changed in the office."""
        data = self.cleaned_data
        return PracticeTerms(
            name=data["practice"],
            alias=data["alias"],
            phone=data["phone"],
            zone=data["zone"],
            working_days=frozenset(range(5)),
            day_starts=time(9),
            day_ends=time(18),
        )
