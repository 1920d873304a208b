"""Thinking a course through: five fields, then a decision. What is typed is kept until it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.outcomes.five_fields import Decision, Field, Fields, FieldThought, Look
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.outcomes import actions, queries
from rapport.practice.outcomes.choices import ThreadFacts
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.policy.access import NotFound
from rapport.web.desk.head import case_header
from rapport.web.desk.outcomes.faded import faded, thought_words
from rapport.web.desk.outcomes.thread import show_thread
from rapport.web.desk.outcomes.thread_words import DECISIONS, FIELDS, LOOKS, PROMPTS
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing

AHEAD = 3  # sessions; offered, not prescribed
NOTHING: Fields = {}
PASSAGE = forms.Textarea(attrs={"rows": 2})
# Where the record says something about a field.
PLACES = {
    Field.SAFETY: ("plan", gettext_lazy("Safety plan")),
    Field.MOTIVATION_AND_GOALS: ("goals", gettext_lazy("Goals")),
    Field.RELATIONSHIP: ("together", gettext_lazy("Alliance")),
    Field.LIFE_EVENTS_AND_SUPPORT: ("people", gettext_lazy("People in their life")),
    Field.REGULATION: ("measures", gettext_lazy("Answers, item by item")),
}
REFUSALS = {
    "missing": gettext_lazy("The course is off what was expected: say at which session you look again."),
    "not_ahead": gettext_lazy("Name a session that lies ahead."),
    "too_long": gettext_lazy("At most 4,000 characters are kept."),
}


class ThinkForm(forms.Form):
    """Every field may stay open; a decision is needed only to decide."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    question = forms.UUIDField(widget=forms.HiddenInput, required=False)  # the signal that was seen
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)  # a page decides once, however often it is sent
    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"), required=False, widget=forms.RadioSelect,
        choices=[(code.value, words) for code, words in DECISIONS.items()],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Why, and what exactly"), required=False, max_length=4000, widget=PASSAGE
    )
    look_again = forms.IntegerField(label=gettext_lazy("Look again at session"), required=False, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in Field:
            self.fields[f"look_{field}"] = forms.ChoiceField(
                label=str(FIELDS[field]), widget=forms.RadioSelect, required=False,
                choices=[(code.value, words) for code, words in LOOKS.items()],
            )  # fmt: skip
            self.fields[f"words_{field}"] = forms.CharField(
                label=gettext_lazy("In words"), required=False, max_length=4000, widget=PASSAGE
            )

    @property
    def thoughts(self) -> Fields:
        """What was said of each field; words alone say that there is something."""
        said = {}
        for field in Field:
            look, words = self.cleaned_data[f"look_{field}"], self.cleaned_data[f"words_{field}"]
            if look in ("", Look.NOT_YET) and words.strip():
                look = Look.SOMETHING
            if look not in ("", Look.NOT_YET):
                said[field] = FieldThought(Look(look), words)
        return said


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field with its questions, the page on which the record says something about it, what was kept meanwhile."""

    look: BoundField
    words: BoundField
    prompts: tuple[Promise, ...]
    href: str
    place: Promise
    meanwhile: str


@page("signal", "decide")
@keeps_typing
def think(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The five fields and the decision, on one page."""
    facts = queries.thread(viewer=request.actor, at=request.at, episode_id=episode_id)
    if facts is None:
        return faded(request, episode_id)
    form = ThinkForm(request.POST) if request.method == "POST" else ThinkForm(initial=_initial(facts))
    if form.is_bound and form.is_valid():
        try:
            if _kept(request, episode_id, form):
                return see_other("desk:course", episode_id)
        except (actions.ThoughtMoved, NotFound):
            return _moved(request, episode_id)
    return _page(request, episode_id, facts, form, 422 if form.errors else 200)


def _moved(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """What was typed, beside what was kept meanwhile; sent once more it is kept as what follows that."""
    facts = queries.thread(viewer=request.actor, at=request.at, episode_id=episode_id)
    if facts is None:
        return faded(request, episode_id)
    typed = request.POST.copy()
    typed["version"], typed["question"] = str(facts.pending.version), str(facts.question.id)
    form = ThinkForm(typed)
    form.add_error(
        None,
        _("Meanwhile this was written in another window, or another score asks. Nothing you typed is lost: put "
          "together what holds, and save again. What was kept stays in the record."),
    )  # fmt: skip
    return _page(request, episode_id, facts, form, 409, facts.pending.fields)


def _page(
    request: PageRequest, episode_id: UUID, facts: ThreadFacts, form: ThinkForm, status: int,
    meanwhile: Fields = NOTHING,
) -> HttpResponseBase:  # fmt: skip
    if not facts.must_look_again:
        form.fields["look_again"].help_text = _("The course is back: leave it empty to end this thread.")
    with timezone.override(practice_zone()):
        context = {
            "form": form,
            "case": case_header(request, episode_id, _("Thinking it through")),
            "thread": show_thread(facts, staff_names()),
            "fields": list(_fields(form, episode_id, meanwhile)),
        }
        return render(request, "desk/outcomes/think.html", context, status=status)


def _initial(facts: ThreadFacts) -> dict[str, Any]:
    initial: dict[str, Any] = {"version": facts.pending.version, "key": uuid.uuid4(), "question": facts.question.id}
    if facts.must_look_again:
        initial["look_again"] = facts.session + AHEAD
    for field in Field:
        said = facts.pending.fields.get(field, FieldThought())
        initial |= {f"look_{field}": said.look.value, f"words_{field}": said.words}
    return initial


def _kept(request: PageRequest, episode_id: UUID, form: ThinkForm) -> bool:
    """Whether it was kept: the fields, and the decision if that was pressed. What is refused stands in the form."""
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "episode_id": episode_id}
    said = form.cleaned_data
    decides = request.POST.get("do") == "decide"
    if decides and not said["decision"]:
        form.add_error("decision", _("Choose what you decide, or keep your thoughts for now."))
        return False
    try:
        if decides:
            actions.decide(
                **who, version=said["version"], fields=form.thoughts, decision=Decision(said["decision"]),
                words=said["words"], look_again=said["look_again"], question=said["question"],
                key=said["key"],
            )  # fmt: skip
        else:
            actions.think_through(
                **who, version=said["version"], fields=form.thoughts, question=said["question"]
            )  # fmt: skip
    except actions.DecisionRefused as refused:
        form.add_error(refused.field, str(REFUSALS[refused.code]))
        return False
    except EpisodeRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Decided. The course shows what follows.") if decides else _("Your thoughts are kept."))
    return True


def _fields(form: ThinkForm, episode_id: UUID, meanwhile: Fields) -> Iterator[FieldShown]:
    for field in Field:
        name, place = PLACES[field]
        kept = meanwhile.get(field)
        yield FieldShown(
            form[f"look_{field}"],
            form[f"words_{field}"],
            tuple(PROMPTS[code] for code in field.prompts),
            reverse(f"desk:{name}", args=[episode_id]),
            place,
            "" if kept is None or kept == form.thoughts.get(field) else thought_words(kept),
        )
