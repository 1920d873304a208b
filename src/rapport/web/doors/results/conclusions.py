"""What the writer of a report concludes: five fields, none of them empty, and no word the figures cannot bear."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
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
    """`version` and `figures` are what this page began from: nobody concludes from figures they did not see."""

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
    figures = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, facts: ServiceFacts) -> ConclusionsForm:
        """The form with what was kept last."""
        kept = asdict(facts.kept.conclusions) if facts.kept else {}
        return cls(initial={**kept, "version": facts.version, "figures": facts.figures})

    @classmethod
    def again(cls, sent: QueryDict, facts: ServiceFacts) -> ConclusionsForm:
        """With what was typed, for the report as it is now: sent once more it is kept."""
        typed = sent.copy()
        typed["version"], typed["figures"] = str(facts.version), facts.figures
        form = cls(typed)
        if sent.get("figures") != facts.figures:
            form.add_error(
                None,
                _("The figures changed while you wrote: you see the new ones above. Save what still holds of them."),
            )
        if sent.get("version") != str(facts.version):
            form.add_error(
                None,
                _("Other conclusions were saved meanwhile; they stand below yours. Put together what holds, and save."),
            )
        return form

    def beside(self, kept: Conclusions | None) -> list[tuple[BoundField, str]]:
        """Every field, with what was kept of it meanwhile where that is something else."""
        theirs, typed = asdict(kept) if kept else {}, asdict(self.said)
        return [
            (self[each.name], "" if theirs.get(each.name) == typed[each.name] else theirs.get(each.name, ""))
            for each in fields(Conclusions)
        ]

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
