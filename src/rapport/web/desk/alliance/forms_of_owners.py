"""Licensed alliance forms: typed in by item; their wording is brought by whoever may use it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.clinical.alliance.forms import AllianceForm, UnknownForm, alliance_form
from rapport.practice.alliance import actions, queries
from rapport.practice.alliance.choices import HourTogether, Wording
from rapport.practice.episodes.queries import episode
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.sessions.frame import show
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import offer
from rapport.web.doors.page import PageRequest, page


class AnswersForm(forms.Form):
    """One field for each item: its text where the practice brought it, its number where not."""

    session = forms.ChoiceField(label=gettext_lazy("Answered after the hour on"))

    def __init__(
        self, *args: Any, skeleton: AllianceForm, hours: list[HourTogether], texts: Wording | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.skeleton = skeleton
        held = [(str(hour.session_id), date_format(localtime(hour.held_at), "j F Y")) for hour in reversed(hours)]
        offer(self, "session", held)
        for number in skeleton.numbers:
            text = f"{number}. {texts.items[number - 1]}" if texts else _("Item %(number)s") % {"number": number}
            choices = [(str(value), str(value)) for value in range(skeleton.low, skeleton.high + 1)]
            self.fields[f"item_{number}"] = forms.TypedChoiceField(
                label=text, choices=choices, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
            )

    @property
    def answers(self) -> dict[int, int | None]:
        return {number: self.cleaned_data[f"item_{number}"] for number in self.skeleton.numbers}


class WordingForm(forms.Form):
    """The items, one a line, and the permission."""

    items = forms.CharField(
        label=gettext_lazy("The items, one a line"), widget=forms.Textarea(attrs={"rows": 12}), max_length=20000
    )
    permission = forms.CharField(
        label=gettext_lazy("By whose permission you use them"), max_length=1000,
        help_text=gettext_lazy("Who gave it, when, for what. Keep the letter itself."),
    )  # fmt: skip


@page("alliance", "record")
def enter(request: PageRequest, episode_id: UUID, form: str) -> HttpResponseBase:
    """A form the client answered on paper, item by item."""
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    skeleton = _skeleton(request, form)
    hours = list(queries.hours_together(viewer=request.actor, at=request.at, episode_id=episode_id))
    texts = queries.wording_of(viewer=request.actor, at=request.at, form=form)
    asked = AnswersForm(request.POST or None, skeleton=skeleton, hours=hours, texts=texts)
    if request.method == "POST" and asked.is_valid():
        try:
            actions.answer_form(
                actor=request.actor,
                at=request.at,
                session_id=UUID(asked.cleaned_data["session"]),
                form=skeleton.id,
                answers=asked.answers,
            )
        except actions.NothingSaid:
            asked.add_error(None, _("Enter at least one answer."))
        else:
            messages.success(request, _("Kept. It is scored from its answers each time it is shown."))
            return see_other("desk:together", episode_id)
    status = 422 if request.method == "POST" else 200
    return show(
        request, "alliance/form.html", status, episode=facts, skeleton=skeleton, form=asked, texts=texts, hours=hours
    )


@page("alliance_form", "create")
def wording(request: PageRequest, form: str) -> HttpResponseBase:
    """Bring the text of a form that this practice may use."""
    skeleton = _skeleton(request, form)
    known = queries.wording_of(viewer=request.actor, at=request.at, form=form)
    initial = {"items": "\n".join(known.items), "permission": known.permission} if known else None
    asked = WordingForm(request.POST or None, initial=initial)
    if request.method == "POST" and asked.is_valid():
        said = asked.cleaned_data
        try:
            actions.bring_wording(
                actor=request.actor,
                at=request.at,
                form=skeleton.id,
                items=said["items"].splitlines(),
                permission=said["permission"],
            )
        except actions.WordingRefused:
            asked.add_error("items", _("It has %(count)s items, one a line.") % {"count": skeleton.items})
        else:
            messages.success(request, _("The wording is kept for this practice."))
            return see_other("desk:alliance_wording", skeleton.id)
    status = 422 if request.method == "POST" else 200
    return show(request, "alliance/wording.html", status, skeleton=skeleton, form=asked, known=known)


def _skeleton(request: PageRequest, form: str) -> AllianceForm:
    try:
        return alliance_form(form)
    except UnknownForm:
        raise not_found(request.actor, "list", Thing("alliance_form"), at=request.at) from None
