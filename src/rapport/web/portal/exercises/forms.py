"""What a client says of a task. Everything may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.exercises.tasks import HAS_WHY, TaskState
from rapport.web.portal.exercises.words import ANSWERS, LEARNED, WHY_NOT


class SayForm(forms.Form):
    """One tap."""

    state = forms.ChoiceField(
        choices=[(state, state) for state in (TaskState.STARTED, *ANSWERS, TaskState.STOPPED)],
        error_messages={"required": _("Tap one of the answers."), "invalid_choice": _("Tap one of the answers.")},
    )


class LearnedForm(forms.Form):
    """What was learned, and if not all of it was done, why."""

    why_not = forms.ChoiceField(
        label=_("What was it?"), required=False, choices=list(WHY_NOT.items()), widget=forms.RadioSelect
    )
    learned = forms.CharField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, state: TaskState, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["learned"].label = str(LEARNED[state])
        if state not in HAS_WHY:
            del self.fields["why_not"]
