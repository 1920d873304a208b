"""The shelf of openers."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django import forms
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from rapport.clinical.speaking.openers import Method, Moment
from rapport.practice.speaking import actions
from rapport.practice.speaking.queries import own_shelf
from rapport.web.desk.speaking.showing import show
from rapport.web.desk.speaking.words import METHODS, MOMENTS
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


class SentenceForm(forms.Form):
    """A sentence of one's own."""

    sentence = forms.CharField(label=_("A sentence of my own"), max_length=300, widget=forms.Textarea({"rows": 2}))
    moment = forms.ChoiceField(label=_("For which moment?"), choices=list(MOMENTS.items()))
    method = forms.ChoiceField(label=_("In which way of working?"), choices=list(METHODS.items()), required=False)


@page("opener", "list")
def shelf(request: PageRequest) -> HttpResponseBase:
    """Sentences for a moment and a method; one's own can be added."""
    form = SentenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_opener(
                actor=request.actor,
                at=request.at,
                moment=Moment(said["moment"]),
                method=Method(said["method"] or Method.ANY),
                sentence=said["sentence"],
            )
        except actions.SpeakingRefused as refused:
            form.add_error("sentence", str(refused))
        else:
            return see_other("desk:openers")
    method = request.GET.get("method", "")
    only = request.GET.get("only") == "stars"
    fitting = [
        each
        for each in own_shelf(viewer=request.actor, at=request.at)
        if (not method or each.method in (method, Method.ANY)) and (each.is_starred or not only)
    ]
    order = {moment: place for place, moment in enumerate(MOMENTS)}
    fitting.sort(key=lambda each: order[each.moment])
    groups = [
        (moment, MOMENTS[moment], [(each, METHODS[each.method]) for each in group])
        for moment, group in groupby(fitting, key=lambda each: each.moment)
    ]
    return show(
        request,
        "speaking/openers.html",
        422 if form.errors else 200,
        groups=groups,
        methods=METHODS,
        method=method,
        only=only,
        form=form,
    )


@page("opener", "star")
@require_POST
def star(request: PageRequest) -> HttpResponseBase:
    """Keep a sentence near, or not any more."""
    try:
        actions.star_opener(
            actor=request.actor, at=request.at, key=request.POST.get("key", ""),
            starred=request.POST.get("starred") == "1",
        )  # fmt: skip
    except actions.SpeakingRefused:
        return see_other("desk:openers")
    answer = see_other("desk:openers")
    answer["Location"] += _back(request.POST.get("method", ""), request.POST.get("only", ""))
    return answer


@page("opener", "edit")
@require_POST
def put_away(request: PageRequest, opener_id: UUID) -> HttpResponseBase:
    """Take a sentence of one's own off the shelf."""
    actions.put_opener_away(actor=request.actor, at=request.at, opener_id=opener_id)
    return see_other("desk:openers")


def _back(method: str, only: str) -> str:
    """The same view of the shelf again; nothing of what was sent is repeated unless we know it."""
    known = [f"method={method}"] if method in set(Method) else []
    known += ["only=stars"] if only == "stars" else []
    return "?" + "&".join(known) if known else ""
