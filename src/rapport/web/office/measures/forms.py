"""Accepting the terms of a content pack; bringing a form or the wording of a known one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.measures.fhir import is_known, proposed
from rapport.clinical.measures.fhir.resources import LARGEST_FILE
from rapport.clinical.measures.instrument import Instrument, Item
from rapport.clinical.measures.norms import Direction
from rapport.clinical.measures.own_text import Wording

DIRECTIONS = [(Direction.LOWER.value, _("Lower is better")), (Direction.HIGHER.value, _("Higher is better"))]


class TermsForm(forms.Form):
    """Nothing is installed that nobody has read."""

    read = forms.BooleanField(
        label=_("I have read these terms, and this practice keeps to them"),
        error_messages={"required": _("Read the terms first, then tick the box.")},
    )


class Attested(forms.Form):
    """By which right the wording is used, and who says so."""

    licence = forms.CharField(
        label=_("Licence or permission"),
        max_length=500,
        help_text=_("Who gave it, for what, until when. It is kept with your name and today's date."),
    )
    attest = forms.BooleanField(
        label=_("This practice may use this wording electronically, and I answer for it"),
        error_messages={"required": _("Without this the wording cannot be used here.")},
    )


class QuestionnaireForm(Attested):
    """A FHIR Questionnaire, and what no Questionnaire says."""

    file = forms.FileField(label=_("FHIR Questionnaire, R4 or R4B (JSON)"))
    direction = forms.ChoiceField(label=_("What its total means"), choices=DIRECTIONS)
    field_order = ("file", "direction", "licence", "attest")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for one form."))
        try:
            self.cleaned_data["raw"] = file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not a text file.")) from error
        return file


class QuestionsForm(Attested):
    """Which questions of a form need a person, and from which answer on. What was said before comes along unseen."""

    questionnaire = forms.CharField(max_length=LARGEST_FILE)
    direction = forms.ChoiceField(choices=DIRECTIONS)
    looked = forms.BooleanField(
        label=_("I read every question; those about suicide, self-harm or danger are marked"),
        error_messages={"required": _("Read the questions first: no alert comes from one that is not marked.")},
    )
    unseen = ("questionnaire", "direction", "licence", "attest")

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.unseen:
            self.fields[name].widget = forms.HiddenInput()
        self.links = {f"look-{item.key}": item.link_id for item in instrument.items}
        rules = {rule.item: rule.at_least for rule in instrument.safety_rules}
        for name, item in zip(self.links, instrument.items, strict=True):
            self.fields[name] = _look(item, rules.get(item.key))
        self.order_fields([*self.links, "looked"])

    @property
    def needs_person(self) -> dict[str, int]:
        """The answer from which on a person looks, by the link of the question."""
        said = ((link, self.cleaned_data[name]) for name, link in self.links.items())
        return {link: int(least) for link, least in said if least}


def _look(item: Item, least: int | None) -> forms.ChoiceField:
    """One question. Known by its code it cannot be left to nobody, nor be looked at later than it should."""
    known = is_known(item)
    options = sorted(item.options, key=lambda option: option.value)
    if known and least is not None:
        options = [option for option in options if option.value <= least]
    choices: list[tuple[str, str | Promise]] = [
        (str(option.value), _("from “%(answer)s” (%(value)d) on") % {"answer": option.label, "value": option.value})
        for option in options
    ]
    choices[0] = (choices[0][0], _("whatever the answer is"))
    return forms.ChoiceField(
        label=item.text,
        required=known,
        choices=choices if known else [("", _("nobody needs to look")), *choices],
        initial=proposed(item) if least is None else least,
    )


class WordingForm(Attested):
    """What a person reads, one line for each question and each answer."""

    stem = forms.CharField(label=_("What stands above the questions"), required=False, widget=forms.Textarea)
    items = forms.CharField(label=_("Questions, one a line"), widget=forms.Textarea)
    answers = forms.CharField(label=_("Answers, one a line, the lowest number first"), widget=forms.Textarea)
    field_order = ("stem", "items", "answers", "licence", "attest")

    @property
    def wording(self) -> Wording:
        """What was typed."""
        said = self.cleaned_data
        return Wording(" ".join(said["stem"].split()), _lines(said["items"]), _lines(said["answers"]))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
