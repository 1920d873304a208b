"""What the writer of a report concludes: five fields, none of them empty, and no word the figures cannot bear."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.practice.outcomes.choices.service import Conclusions, ServiceFacts
from rapport.practice.outcomes.rules.service import ConclusionRefused, check_conclusions
from rapport.web.doors.results.words import refusal_words


def _words(label: Any, help_text: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": gettext_lazy("Please fill this in: a report without it is half a report.")},
    )


class ConclusionsForm(forms.Form):
    """`version` is what this page began from."""

    use_required_attribute = False  # the page says which field is empty, and why it matters

    answer = _words(
        gettext_lazy("The main answer, in one sentence"),
        gettext_lazy("To the question of this report. Say how people changed, not what did it."),
        2,
    )
    uncertainty = _words(
        gettext_lazy("How sure is that?"), gettext_lazy("The intervals, the missing scores, what could be chance."), 2
    )
    limits = _words(gettext_lazy("At least three limits"), gettext_lazy("One on each line."), 4)
    changes = _words(gettext_lazy("What we will change, and what we will not"), "", 3)
    wrong = _words(
        gettext_lazy("What would prove us wrong?"), gettext_lazy("A figure, and by when you would see it."), 2
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def of(cls, facts: ServiceFacts) -> ConclusionsForm:
        """The form with what was kept last."""
        kept = asdict(facts.kept.conclusions) if facts.kept else {}
        return cls(initial={**kept, "version": facts.version})

    @property
    def said(self) -> Conclusions:
        return Conclusions(**{each.name: self.data.get(each.name, "") for each in fields(Conclusions)})

    def clean(self) -> None:
        """Every refused word at once, with a better sentence, even while another field is still empty."""
        try:
            check_conclusions(self.said)
        except ConclusionRefused as refused:
            for name, problem in refused.problems.items():
                if name not in self.errors:
                    self.add_error(name, problem)
            for name, refusals in refused.refusals.items():
                for one in refusals:
                    self.add_error(name, refusal_words(one))

    def moved(self) -> None:
        self.add_error(
            None,
            _("Somebody saved other conclusions meanwhile. Open this page in a second window, and compare."),
        )
