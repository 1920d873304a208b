"""How a therapy ends, the last look at safety, the letter."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rapport.clinical.endings.kinds import EndingKind
from rapport.practice.endings.choices import EndingDetails, FinalMeasures, NegativeEffects
from rapport.practice.episodes.choices import GoalSeries
from rapport.web.desk.endings import wording

TEXT = forms.Textarea(attrs={"rows": 3})
GOAL = "goal-"


class EndingForm(forms.Form):
    """Everything about the ending, and how near each goal is now."""

    kind = forms.ChoiceField(label=_("How does the therapy end?"), choices=wording.kinds)
    announced_on = forms.DateField(label=_("First spoken of on"), required=False, widget=forms.DateInput())
    what_helped = forms.CharField(label=_("What helped, in the client's words"), required=False, widget=TEXT)
    what_did_not = forms.CharField(label=_("What did not help"), required=False, widget=TEXT)
    work_done = forms.CharField(
        label=_("The work done"),
        required=False,
        widget=TEXT,
        help_text=_("Losses named, gains owned, what stays unfinished."),
    )
    negative_effects = forms.ChoiceField(
        label=_("Did therapy make anything worse?"), choices=wording.negative_effects, required=False
    )
    negative_words = forms.CharField(label=_("What was said about it"), required=False, widget=TEXT)
    relapse_plan = forms.CharField(label=_("If things get harder again"), required=False, widget=TEXT)
    return_route = forms.CharField(label=_("How to come back"), required=False, widget=TEXT)
    final_measures = forms.ChoiceField(label=_("The last measures"), choices=wording.final_measures, required=False)
    reason_no_measures = forms.CharField(label=_("Why not, if they are not asked for"), required=False, widget=TEXT)

    def __init__(self, *args: Any, goals: tuple[GoalSeries, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for goal in goals:
            if goal.is_active:
                self.fields[f"{GOAL}{goal.id}"] = forms.IntegerField(
                    label=_("“%(goal)s” now, 0 to 10") % {"goal": goal.words},
                    min_value=0,
                    max_value=10,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("final_measures") == FinalMeasures.NOT_ASKED and not given.get("reason_no_measures", "").strip():
            self.add_error("reason_no_measures", _("Say why the last measures are not asked for."))
        return given

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was recorded, as one reads it: choices and days in words, empty answers left out."""
        told = []
        for name, field in self.fields.items():
            value = self.initial.get(name)
            in_words = {str(code): words for code, words in getattr(field, "choices", ())}
            value = date_format(value, "j F Y") if isinstance(value, date) else in_words.get(str(value), value)
            if value not in (None, ""):
                told.append((str(field.label), str(value)))
        return told

    @property
    def details(self) -> EndingDetails:
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith(GOAL)}
        return EndingDetails(
            **{
                **given,
                "kind": EndingKind(given["kind"]),
                "negative_effects": NegativeEffects(given["negative_effects"] or NegativeEffects.NOT_ASKED),
                "final_measures": FinalMeasures(given["final_measures"] or FinalMeasures.NOT_YET),
            }
        )

    @property
    def ratings(self) -> dict[UUID, int]:
        """The goals that were rated now."""
        return {
            UUID(name.removeprefix(GOAL)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(GOAL) and value is not None
        }


class RiskForm(forms.Form):
    """The last look at safety."""

    said = forms.CharField(
        label=_("What you asked and what was said; or why nobody could be asked"), widget=TEXT, max_length=20_000
    )
    has_plan = forms.BooleanField(label=_("The client has their safety plan at hand"), required=False)


class LetterForm(forms.Form):
    """The letter's text."""

    text = forms.CharField(
        label=_("The letter"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "An empty line begins a new paragraph. Write it for the client: plain words, nothing they do not know."
        ),
    )
