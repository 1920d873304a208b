"""Naming the columns of a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.exchange.courses import Columns, DateOrder
from rapport.clinical.kernel.errors import ClinicalError
from rapport.clinical.measures.instrument import Instrument
from rapport.clinical.measures.norms import CustomMeasure, Direction, Norms
from rapport.practice.outcomes.choices import NEW_MEASURE, ImportPlan, StagedFile

GUESSES = {
    "client": ("client", "id", "patient", "code", "pseudonym", "subject"),
    "name": ("name",),
    "day": ("date", "day", "datum"),
    "week": ("week", "wave"),
    "attendance": ("attendance", "attended", "came"),
}
NUMBERS = ("reliability", "functional_mean", "functional_sd", "clinical_mean", "clinical_sd")


class UploadForm(forms.Form):
    """A file from one's own machine."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("At most 5,000 rows, the first row names the columns. Nothing is imported yet."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class ColumnsForm(forms.Form):
    """Which column means what, and the norms of a measure that is not known here."""

    therapist = forms.ChoiceField(label=_("Whose clients are they?"))
    client = forms.ChoiceField(label=_("Client"), help_text=_("What tells one client from another."))
    name = forms.ChoiceField(
        label=_("Name"), required=False, help_text=_("Without it a client is called “Client” and what the file says.")
    )
    day = forms.ChoiceField(label=_("Date"), required=False)
    order = forms.ChoiceField(
        label=_("How are dates with strokes written?"),
        choices=[
            (DateOrder.ISO, _("2026-03-02 only")),
            (DateOrder.DAY_FIRST, _("day/month/year")),
            (DateOrder.MONTH_FIRST, _("month/day/year")),
        ],
        initial=DateOrder.ISO,
    )
    week = forms.ChoiceField(label=_("Week, counted from a start"), required=False)
    start = forms.DateField(label=_("The day on which week 0 began"), required=False, widget=forms.DateInput())
    score = forms.ChoiceField(label=_("Score"))
    measure = forms.ChoiceField(label=_("What does it measure?"))
    score_2 = forms.ChoiceField(label=_("Another score"), required=False)
    measure_2 = forms.ChoiceField(label=_("What does that measure?"), required=False)
    attendance = forms.ChoiceField(label=_("Attendance"), required=False)
    title = forms.CharField(label=_("Name of the measure"), required=False, max_length=120)
    low = forms.FloatField(label=_("Lowest possible score"), required=False)
    high = forms.FloatField(label=_("Highest possible score"), required=False)
    direction = forms.ChoiceField(
        label=_("Which way is better?"),
        required=False,
        choices=[(Direction.LOWER, _("lower")), (Direction.HIGHER, _("higher"))],
    )
    reliability = forms.FloatField(label=_("Reliability"), required=False, help_text=_("For example 0.80."))
    functional_mean = forms.FloatField(label=_("Mean of people without the problem"), required=False)
    functional_sd = forms.FloatField(label=_("Their standard deviation"), required=False)
    clinical_mean = forms.FloatField(label=_("Mean of people in treatment"), required=False)
    clinical_sd = forms.FloatField(
        label=_("Standard deviation of people in treatment"),
        required=False,
        help_text=_("Left empty, the first scores of the caseload stand in, from 30 clients on."),
    )
    source = forms.CharField(label=_("Where these numbers are from"), required=False, max_length=300)

    NEW = ("title", "low", "high", "direction", *NUMBERS, "source")

    def __init__(
        self, data: Any = None, *, file: StagedFile, therapists: Any, instruments: tuple[Instrument, ...]
    ) -> None:
        super().__init__(data, initial=guessed(file))
        columns = [(name, name) for name in file.columns]
        for name in ("client", "score", "name", "day", "week", "score_2", "attendance"):
            self._choose(name, columns if self.fields[name].required else [("", _("– none –")), *columns])
        known: list[Any] = [(each.id, each.title) for each in instruments]
        new = (NEW_MEASURE, _("A measure that is not in this list"))
        self._choose("measure", [("", _("– choose –")), *known, new])
        self._choose("measure_2", [("", _("– none –")), *known])
        people = [(str(account), name) for account, name in therapists]
        self._choose("therapist", people if len(people) == 1 else [("", _("– choose –")), *people])
        if len(therapists) == 1:
            self.fields["therapist"].initial = str(therapists[0][0])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def new_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NEW]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.NEW]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("day") and not given.get("week"):
            self.add_error("day", _("Choose the column with the date, or the one with the week."))
        elif given.get("week") and not given.get("day") and not given.get("start"):
            self.add_error("start", _("Say on which day week 0 began."))
        if bool(given.get("score_2")) != bool(given.get("measure_2")):
            self.add_error("measure_2", _("Choose both the column and what it measures, or neither."))
        if given.get("measure") == NEW_MEASURE:
            given["new"] = self._new_measure(given)
        return given

    def _new_measure(self, given: dict[str, Any]) -> CustomMeasure | None:
        missing = [name for name in ("title", "low", "high") if given.get(name) in (None, "")]
        for name in missing:
            self.add_error(name, _("Needed for a measure that is not known here."))
        if missing:
            return None
        try:
            direction = Direction(given.get("direction") or Direction.LOWER)
            bare = Norms(given["low"], given["high"], direction, source=given.get("source", ""))
            numbers: dict[str, Any] = {name: given.get(name) for name in NUMBERS}
            norms = replace(bare, **numbers)
            return CustomMeasure(given["title"], given["title"], norms)
        except ClinicalError as error:
            field = error.field if error.field in self.fields else "title"
            self.add_error(field, f"{error.message} {error.remedy}")
            return None

    def plan(self) -> ImportPlan:
        """What was chosen, once it is valid."""
        given = self.cleaned_data
        scores = [(given["score"], given["measure"])]
        if given["score_2"]:
            scores.append((given["score_2"], given["measure_2"]))
        columns = Columns(
            client=given["client"],
            scores=tuple(scores),
            day=given["day"],
            week="" if given["day"] else given["week"],
            start=given["start"],
            name=given["name"],
            attendance=given["attendance"],
            order=DateOrder(given["order"]),
        )
        return ImportPlan(UUID(given["therapist"]), columns, given.get("new"))


def guessed(file: StagedFile) -> dict[str, str]:
    """What the names of the columns suggest; a person confirms it."""
    found: dict[str, str] = {}
    for field, words in GUESSES.items():
        match = next((name for name in file.columns if name.casefold() in words), "")
        if match and match not in found.values():
            found[field] = match
    left = [name for name in file.columns if name not in found.values()]
    return {**found, **({"score": left[-1]} if left else {})}
