"""Forms of what helps to write: in which form a note begins, short texts, people in a client's life."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.sessions.notes import NoteFormat, NoteMethod
from rapport.practice.sessions.rules.writing import LONGEST_NAME, LONGEST_SNIPPET, LONGEST_TITLE
from rapport.web.desk.sessions.words import FORMATS, METHODS


class NoteForm(forms.Form):
    """How a note is laid out, and whose questions stand beside its parts."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[(form.value, words) for form, words in FORMATS.items()], widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("Way of working"), choices=[(way.value, words) for way, words in METHODS.items()],
        widget=forms.RadioSelect, help_text=_("It changes the questions beside each part, never your words."),
    )  # fmt: skip
    remember = forms.BooleanField(label=_("Begin my next notes like this"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        said = self.cleaned_data
        chosen = {"form": NoteFormat(said["format"]), "method": NoteMethod(said["method"])}
        return {**chosen, "remember": said["remember"]}


class SnippetForm(forms.Form):
    """A short text of one's own."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, help_text=_("By which you find it again."))
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_SNIPPET, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is nobody's record: leave names out."),
    )  # fmt: skip


class PersonForm(forms.Form):
    """Somebody in a client's life."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, help_text=_("As you write it in notes."))
    relation = forms.CharField(label=_("Who they are"), max_length=LONGEST_NAME, required=False)
