"""A memo of a rupture: begun in two taps, written when there is time, read by its author only."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.alliance.ruptures import NoticedBy, Repaired, RuptureKind, vocabulary
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import RuptureFacts, RuptureMemo
from rapport.practice.sessions import queries as sessions
from rapport.web.desk.alliance import words
from rapport.web.desk.sessions.frame import show
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import as_id, as_number, offer
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing

LOOKED_BACK = timedelta(days=14)
PASSAGE = forms.Textarea(attrs={"rows": 3})


def _terms(terms: Any) -> list[tuple[str, str]]:
    return [(term.code, _(term.words)) for term in terms]


def _choices(known: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(code.value, label) for code, label in known.items()]


class MemoForm(forms.Form):
    """Everything but the kind may stay open."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("What it was"), widget=forms.RadioSelect, choices=_choices(words.KINDS))
    noticed_by = forms.ChoiceField(
        label=gettext_lazy("First noticed by"), widget=forms.RadioSelect, choices=_choices(words.NOTICED_BY)
    )
    minute = forms.IntegerField(label=gettext_lazy("Minute of the hour"), required=False, min_value=0, max_value=600)
    markers = forms.MultipleChoiceField(
        label=gettext_lazy("What showed it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("How much it weighed"), required=False, coerce=int, empty_value=None,
        widget=forms.RadioSelect, choices=[(str(number), str(number)) for number in range(1, 6)],
        help_text=gettext_lazy("1 a ripple, 5 we nearly lost each other."),
    )  # fmt: skip
    contribution = forms.CharField(
        label=gettext_lazy("My own part in it"), required=False, max_length=4000, widget=PASSAGE
    )
    strategies = forms.MultipleChoiceField(
        label=gettext_lazy("What I tried"), required=False, widget=forms.CheckboxSelectMultiple
    )
    client_view = forms.CharField(
        label=gettext_lazy("How the client sees it"), required=False, max_length=4000, widget=PASSAGE
    )
    repaired = forms.ChoiceField(
        label=gettext_lazy("Repaired"), widget=forms.RadioSelect, choices=_choices(words.REPAIRED)
    )
    follow_up_due = forms.DateField(label=gettext_lazy("Come back to it by"), required=False)

    def __init__(self, *args: Any, kind: RuptureKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = vocabulary()
        offer(self, "markers", _terms(known.markers if self.is_bound else known.markers_of(kind)))
        offer(self, "strategies", _terms(known.strategies))

    @property
    def memo(self) -> RuptureMemo:
        said = self.cleaned_data
        return RuptureMemo(
            kind=RuptureKind(said["kind"]),
            noticed_by=NoticedBy(said["noticed_by"]),
            minute=said["minute"],
            markers=tuple(said["markers"]),
            impact=said["impact"],
            contribution=said["contribution"],
            strategies=tuple(said["strategies"]),
            repaired=Repaired(said["repaired"]),
            client_view=said["client_view"],
            follow_up_due=said["follow_up_due"],
        )


@page("rupture", "create")
def new(request: PageRequest) -> HttpResponseBase:
    """Which hour, which way; the memo begins with the second tap. Sent with `?session=` the hour is known."""
    chosen = as_id(request.POST.get("session") or request.GET.get("session", ""))
    if chosen is None:
        return _which_hour(request, 422 if request.method == "POST" else 200)
    hour = sessions.room(viewer=request.actor, at=request.at, session_id=chosen)
    minute = as_number(request.POST.get("minute") or request.GET.get("minute", ""))
    kind = request.POST.get("kind", "")
    if request.method == "POST" and kind in set(RuptureKind):
        memo = actions.note_rupture(
            actor=request.actor, at=request.at, session_id=hour.id, kind=RuptureKind(kind), minute=minute,
            key=as_id(request.POST.get("key", "")),
        )  # fmt: skip
        return see_other("desk:rupture", memo)
    kinds = [(code.value, label, words.KIND_NOTES[code]) for code, label in words.KINDS.items()]
    status = 422 if request.method == "POST" else 200
    return show(request, "alliance/rupture_new.html", status, hour=hour, kinds=kinds, minute=minute, key=uuid.uuid4())


@page("rupture", "edit")
@keeps_typing
def rupture(request: PageRequest, rupture_id: UUID) -> HttpResponseBase:
    """The memo; saved again it is a new entry, and what was written before stays."""
    facts = queries.rupture(viewer=request.actor, at=request.at, rupture_id=rupture_id)
    form = _form(request, facts)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_rupture(
                actor=request.actor,
                at=request.at,
                rupture_id=rupture_id,
                version=form.cleaned_data["version"],
                memo=form.memo,
            )
        except actions.MemoMoved:
            form.add_error(None, _("This memo was saved in another window. Load it again before you save."))
        else:
            messages.success(request, _("Kept, for you alone."))
            return see_other("desk:together", facts.episode_id)
    return show(
        request,
        "alliance/rupture.html",
        422 if form.errors else 200,
        facts=facts,
        form=form,
        state=words.STATES[facts.state],
        source=vocabulary().source,
        questions=[_(question) for question in vocabulary().questions],
    )


def _form(request: PageRequest, facts: RuptureFacts) -> MemoForm:
    memo = facts.memo
    if request.method == "POST":
        return MemoForm(request.POST, kind=memo.kind)
    initial = {name: getattr(memo, name) for name in MemoForm.base_fields if hasattr(memo, name)}
    return MemoForm(
        initial={
            **initial,
            "version": facts.version,
            "markers": list(memo.markers),
            "strategies": list(memo.strategies),
        },
        kind=memo.kind,
    )


def _which_hour(request: PageRequest, status: int) -> HttpResponse:
    hours = sessions.between(viewer=request.actor, at=request.at, start=request.at - LOOKED_BACK, end=request.at)
    begun = [hour for hour in reversed(hours) if hour.started_at is not None]
    return show(request, "alliance/rupture_hours.html", status, hours=begun)
