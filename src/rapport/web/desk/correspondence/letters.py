"""Letters: drafted from the record, made one's own, read by the client first where they go to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.correspondence import actions, queries
from rapport.practice.correspondence.choices import LetterFacts, LetterKind, SentBy
from rapport.practice.endings.queries import ending
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.correspondence.drafts import draft
from rapport.web.desk.head import case_header
from rapport.web.doors import correspondence as shared
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import as_id
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


class LetterForm(forms.Form):
    """To whom, and what. `version` is what this page began from."""

    to = forms.CharField(label=gettext_lazy("To"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 18})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    theirs = ""  # what another window saved meanwhile

    def __init__(self, *args: Any, kind: LetterKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not kind.is_about_client:
            del self.fields["to"]


@page("case_letter", "read")
@require_safe
def letters(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Every letter of this course, and beginning one."""
    case = case_header(request, episode_id)
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at, "episode_id": episode_id}
    found = queries.letters_of(**who)
    context = {
        "case": case,
        "lines": [(each, shared.KINDS[each.kind], shared.STEPS[each.stands]) for each in found],
        "at_the_end": ending(**who).letter,
        "kinds": shared.KINDS,
    }
    return render(request, "desk/correspondence/letters.html", context)


@page("case_letter", "write")
@keeps_typing
def new(request: PageRequest, episode_id: UUID, letter_kind: str) -> HttpResponseBase:
    """A new letter, from a draft made of the record."""
    case = case_header(request, episode_id)
    if letter_kind not in set(LetterKind):
        raise not_found(request.actor, "write", Thing("case_letter"), at=request.at)
    kind = LetterKind(letter_kind)
    if request.method != "POST":
        form = LetterForm(initial={"text": draft(request, case.episode, kind), "version": 0}, kind=kind)
        return _editor(request, case.id, kind, form, key=uuid4())
    form = LetterForm(request.POST, kind=kind)
    key = as_id(request.POST.get("key", "")) or uuid4()
    if saved := _save(request, case.id, kind, form, key=key):
        return see_other("desk:case_letter", saved)
    return _editor(request, case.id, kind, form, key=key)


@page("case_letter", "write")
@keeps_typing
def letter(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """One letter: its words while it is open, what became of it, and what can be done with it now."""
    found = queries.case_letter(viewer=request.actor, at=request.at, letter_id=case_letter_id)
    if request.method != "POST":
        form = LetterForm(initial={"to": found.to, "text": found.text, "version": found.version}, kind=found.kind)
        return _editor(request, found.episode_id, found.kind, form, found)
    form = LetterForm(request.POST, kind=found.kind)
    if _save(request, found.episode_id, found.kind, form, letter_id=found.id):
        messages.success(request, _("Saved."))
        return see_other("desk:case_letter", found.id)
    return _editor(request, found.episode_id, found.kind, form, found)


@page("case_letter", "write")
@require_POST
def show(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """Lay it before the client."""
    done = _("The client can read it now and say what they think.")
    return _do(request, case_letter_id, actions.show_letter, done)


@page("case_letter", "write")
@require_POST
def together(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """It was read together, and the client agreed."""
    said = request.POST.get("said", "")
    return _do(request, case_letter_id, actions.record_read_together, _("Kept: you read it together."), said=said)


@page("case_letter", "send")
@require_POST
def send(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """It leaves."""
    how = request.POST.get("how", "")
    if how in set(SentBy):
        done = _("Recorded as sent. It cannot be changed any more.")
        return _do(request, case_letter_id, actions.send_letter, done, how=SentBy(how))
    queries.case_letter(viewer=request.actor, at=request.at, letter_id=case_letter_id)
    messages.error(request, _("Choose how it leaves."))
    return see_other("desk:case_letter", case_letter_id)


@page("case_letter", "write")
@require_POST
def aside(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """Not this letter after all."""
    done = _("Put aside. It stays in the record and goes nowhere.")
    return _do(request, case_letter_id, actions.put_letter_aside, done)


@page("case_letter", "read")
@require_safe
def paper(request: PageRequest, case_letter_id: UUID) -> HttpResponseBase:
    """The letter as PDF."""
    found = queries.case_letter(viewer=request.actor, at=request.at, letter_id=case_letter_id)
    return shared.letter_answer(request, found)


def _do(request: PageRequest, letter_id: UUID, act: Callable[..., None], done: str, **more: object) -> HttpResponseBase:
    """Do one thing with a letter, and say what came of it."""
    try:
        act(actor=request.actor, at=request.at, letter_id=letter_id, **more)
    except EpisodeRefused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return see_other("desk:case_letter", letter_id)


def _save(
    request: PageRequest,
    episode_id: UUID,
    kind: LetterKind,
    form: LetterForm,
    *,
    letter_id: UUID | None = None,
    key: UUID | None = None,
) -> UUID | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        return actions.write_letter(
            actor=request.actor, at=request.at, episode_id=episode_id, kind=kind, to=said.get("to", ""),
            text=said["text"], letter_id=letter_id, version=said["version"] or 0, key=key,
        )  # fmt: skip
    except actions.LetterMoved as moved:
        form.theirs = moved.text
        form.data = {**{name: form.data[name] for name in form.data}, "version": str(moved.version)}
        form.add_error("text", _("This letter was saved in another window. That text is shown below yours."))
    except EpisodeRefused as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    return None


def _editor(
    request: PageRequest,
    episode_id: UUID,
    kind: LetterKind,
    form: LetterForm,
    found: LetterFacts | None = None,
    key: UUID | None = None,
) -> HttpResponseBase:
    steps = [(shared.STEPS[each.step], each) for each in found.steps] if found else []
    ways = [(how, words) for how, words in shared.HOW.items() if how is not SentBy.PORTAL or not kind.is_about_client]
    context = {
        "case": case_header(request, episode_id),
        "letter": found,
        "kind": kind,
        "title": shared.KINDS[kind],
        "form": form,
        "steps": steps,
        "ways": ways,
        "key": key,
        "theirs": form.theirs,
    }
    return render(request, "desk/correspondence/letter.html", context, status=422 if form.errors else 200)
