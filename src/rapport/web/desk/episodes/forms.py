"""Forms of a referral, its outcome, the problems and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.need import NeedDecision
from rapport.clinical.episodes.referral import ProblemDomain, ReferralOutcome, ReferralSource
from rapport.practice.episodes.choices import Alternative, DecisionDetails, Problem, ReferralDetails, Urgency
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.web.desk.episodes import words
from rapport.web.doors.forms import offer

PASSAGE = 20_000


def few_rows(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def refused(form: forms.Form, refusal: EpisodeRefused) -> None:
    """Say what the duty refused beside the field it names, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class ReferralForm(forms.Form):
    """What came with the request."""

    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput)
    source = forms.ChoiceField(label=_("Who asked"), choices=words.choices(words.SOURCES))
    referrer = forms.CharField(
        label=_("Their name and how to reach them"), required=False, max_length=300,
        help_text=_("Only if somebody else asked."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("How urgent they say it is"), choices=words.choices(words.URGENCIES), widget=forms.RadioSelect,
        initial=Urgency.NOT_STATED,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("The reason, in their own words"), required=False, max_length=PASSAGE, widget=few_rows(5),
        help_text=_("Word for word, as they said or wrote it. It can also be added when you meet."),
    )  # fmt: skip
    consents = forms.BooleanField(
        label=_("They agreed that somebody else asks for them"), required=False,
        help_text=_("Whoever asks for themselves has agreed."),
    )  # fmt: skip
    therapist = forms.TypedChoiceField(label=_("Who will see them"), coerce=UUID, required=False, empty_value=None)

    def __init__(self, *args: Any, therapists: Iterable[tuple[UUID, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(str(account), name) for account, name in therapists]
        if offered:
            offer(self, "therapist", [("", _("Choose")), *offered])
        else:
            del self.fields["therapist"]

    def details(self, problems: tuple[Problem, ...]) -> ReferralDetails:
        said = self.cleaned_data
        return ReferralDetails(
            received_on=said["received_on"],
            source=ReferralSource(said["source"]),
            urgency=Urgency(said["urgency"]),
            referrer=said["referrer"],
            reason=said["reason"],
            consents_to_refer=said["consents"],
            problems=problems,
        )


class ProblemForm(forms.Form):
    """One problem; a row without words is left out."""

    domain = forms.ChoiceField(label=_("Domain"), choices=words.choices(words.DOMAINS))
    words = forms.CharField(label=_("In their words"), required=False, max_length=2000, widget=few_rows(2))
    impact = forms.IntegerField(
        label=_("How much it takes from their life, 0 to 10"), required=False, min_value=0, max_value=10
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("words") and said.get("impact") is None and "impact" not in self.errors:
            self.add_error("impact", _("Choose a whole number from 0 to 10."))
        if said.get("impact") is not None and not said.get("words") and "words" not in self.errors:
            self.add_error("words", _("What is it, in their words?"))
        return said


if TYPE_CHECKING:
    _Rows = forms.BaseFormSet[ProblemForm]
else:
    _Rows = forms.BaseFormSet  # Django's own class takes no parameters when the code runs


class ProblemRows(_Rows):
    """The problems, one row each."""

    def problems(self) -> tuple[Problem, ...]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("words")]
        return tuple(Problem(ProblemDomain(row["domain"]), row["words"], row["impact"]) for row in rows)


_ProblemFormSet: Any = forms.formset_factory(ProblemForm, formset=ProblemRows, extra=0, max_num=12, absolute_max=20)


def problem_rows(data: Any, known: Iterable[Problem] = ()) -> ProblemRows:
    """A row for each problem that is known, and one for each domain that has none."""
    rows: list[dict[str, Any]] = [
        {"domain": str(each.domain), "words": each.words, "impact": each.impact} for each in known
    ]
    named = {row["domain"] for row in rows}
    rows += [{"domain": str(domain)} for domain in ProblemDomain if domain not in named]
    # What comes back is read as it is: compared with a first value, an unchanged row would look like an empty one.
    given = {"data": data} if data else {"initial": rows}
    kept: ProblemRows = _ProblemFormSet(**given, prefix="problems")
    return kept


class OutcomeForm(forms.Form):
    """What becomes of a referral."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"), choices=words.choices(words.OUTCOME_CHOICES), widget=forms.RadioSelect
    )
    where = forms.CharField(
        label=_("Where they are shown to"), required=False, widget=few_rows(2),
        help_text=_("Needed when you show them another place."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=PASSAGE, widget=few_rows(3),
        help_text=_("Needed when somebody waits or is declined. Write it so that they could read it."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"outcome": ReferralOutcome(said["outcome"]), "reason": said["reason"], "where": said["where"]}


class DecisionForm(forms.Form):
    """The need for therapy: what, why, and what the client says to it."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=words.choices(words.DECISIONS), widget=forms.RadioSelect,
        help_text=_("Not therapy is as good an answer as any other, when it is explained."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Look again on"), required=False, widget=forms.DateInput, help_text=_("When you wait and look again.")
    )
    where = forms.CharField(
        label=_("Which other service"), required=False, widget=few_rows(2),
        help_text=_("When another service helps, alone or together with you."),
    )  # fmt: skip
    reasons = forms.CharField(label=_("Reasons"), max_length=PASSAGE, widget=few_rows(5))
    client_view = forms.CharField(
        label=_("What the client says to it"), required=False, max_length=PASSAGE, widget=few_rows(3)
    )
    social_conditions = forms.CharField(
        label=_("What therapy cannot mend"), required=False, max_length=PASSAGE, widget=few_rows(2),
        help_text=_("Housing, money, law, danger at home: and who is doing something about it."),
    )  # fmt: skip
    importance = forms.IntegerField(
        label=_("How important change is to them, 0 to 10"), required=False, min_value=0, max_value=10
    )
    confidence = forms.IntegerField(
        label=_("How sure they are that they can, 0 to 10"), required=False, min_value=0, max_value=10
    )
    alternatives = forms.MultipleChoiceField(
        label=_("Other explanations considered"), required=False, choices=words.choices(words.ALTERNATIVES),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    alternatives_note = forms.CharField(
        label=_("What was found"), required=False, max_length=PASSAGE, widget=few_rows(2)
    )

    def details(self) -> DecisionDetails:
        said = self.cleaned_data
        note: str = said["alternatives_note"]
        return DecisionDetails(
            decision=NeedDecision(said["decision"]),
            reasons=said["reasons"],
            client_view=said["client_view"],
            alternatives=tuple((Alternative(code), note) for code in said["alternatives"]),
            social_conditions=said["social_conditions"],
            importance=said["importance"],
            confidence=said["confidence"],
            where=said["where"],
            until=said["until"],
        )


class WithoutTherapyForm(forms.Form):
    """Ending a course that did not become a therapy."""

    reason = forms.CharField(label=_("Why"), max_length=PASSAGE, widget=few_rows(3))
    where = forms.CharField(
        label=_("Where they are helped instead"), required=False, widget=few_rows(2),
        help_text=_("Leave empty if they want no help now."),
    )  # fmt: skip


class Together:
    """Several forms on one page, as the box of errors above them reads them."""

    def __init__(self, *parts: forms.BaseForm) -> None:
        self.parts = parts

    @property
    def errors(self) -> bool:
        return any(form.is_bound and form.errors for form in self.parts)

    @property
    def is_multipart(self) -> bool:
        return False

    def non_field_errors(self) -> list[str]:
        return [str(error) for form in self.parts if form.is_bound for error in form.non_field_errors()]

    def visible_fields(self) -> list[forms.BoundField]:
        return [field for form in self.parts for field in form.visible_fields()]

    def are_valid(self) -> bool:
        """Every part is asked, so that every error is shown at once."""
        return not [form for form in self.parts if not form.is_valid()]
