"""What is agreed, and how it is looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.exercises.tasks import TaskState, WhyNot, may_be_smaller
from rapport.practice.exercises.choices import Obstacle, TaskWords
from rapport.web.desk.exercises.words import SAYABLE, SHARES, WHY_NOT

OBSTACLES = (1, 2, 3)
TEN = [(value, str(value)) for value in range(11)]


class TaskForm(forms.Form):
    """A task as it is agreed at the end of an hour. Only the first line is needed."""

    what = forms.CharField(
        label=_("What"), max_length=300, help_text=_("One thing, small enough to be done on an ordinary day."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    why = forms.CharField(label=_("Why, in the client’s words"), max_length=300, required=False)
    when = forms.CharField(label=_("When"), max_length=300, required=False)
    where = forms.CharField(label=_("Where"), max_length=300, required=False)
    how_long = forms.CharField(label=_("How long, how often"), max_length=300, required=False)
    due_on = forms.DateField(label=_("Until"), widget=forms.DateInput())
    confidence = forms.TypedChoiceField(choices=TEN, coerce=int, required=False, empty_value=None)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in OBSTACLES:
            self.fields[f"obstacle_{number}"] = forms.CharField(label=_("If"), max_length=300, required=False)
            self.fields[f"then_{number}"] = forms.CharField(label=_("then I"), max_length=300, required=False)

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each obstacle beside what helps then."""
        return [(self[f"obstacle_{number}"], self[f"then_{number}"]) for number in OBSTACLES]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for number in OBSTACLES:
            if said.get(f"then_{number}") and not said.get(f"obstacle_{number}"):
                self.add_error(f"obstacle_{number}", _("Say what could get in the way."))
        return said

    @property
    def asks_for_smaller(self) -> bool:
        """Whether to ask once if the step could be smaller."""
        return may_be_smaller(self.cleaned_data["confidence"]) and not self.cleaned_data["asked"]

    @property
    def task(self) -> TaskWords:
        said = self.cleaned_data
        given = ((said[f"obstacle_{number}"], said[f"then_{number}"]) for number in OBSTACLES)
        return TaskWords(
            what=said["what"],
            why=said["why"],
            when=said["when"],
            where=said["where"],
            how_long=said["how_long"],
            obstacles=tuple(Obstacle(what, then) for what, then in given if what),
            confidence=said["confidence"],
        )


class SaidForm(forms.Form):
    """What the client said of a task in the room."""

    state = forms.ChoiceField(label=_("The client says"), choices=SAYABLE)
    why_not = forms.ChoiceField(
        label=_("If not, or not all of it"), required=False, choices=[("", _("not said")), *WHY_NOT.items()]
    )
    learned = forms.CharField(
        label=_("What the client learned"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "state": TaskState(said["state"]),
            "why_not": WhyNot(said["why_not"]) if said["why_not"] else None,
            "learned": said["learned"],
        }


class ReviewForm(forms.Form):
    """What was found when the task was looked at together."""

    learned = forms.CharField(
        label=_("What we learned from it"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    share = forms.TypedChoiceField(
        label=_("How much of it was done"), choices=SHARES, coerce=float, required=False, empty_value=None
    )
