"""The agreement: offered, read, signed, printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.episodes.modality import Modality
from rapport.practice.clients.choices import Purpose
from rapport.practice.clients.queries import consents
from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.choices import ContractFacts, EpisodeState
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts.queries import staff_names
from rapport.web.desk.episodes import words
from rapport.web.desk.episodes.agreement_form import FREQUENCIES, AgreementForm, first_agreement
from rapport.web.desk.episodes.forms import refused
from rapport.web.desk.head import STATES, case_header
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

S = EpisodeState
MOVES = {
    S.WAITING: (S.ASSESSMENT,),
    S.CONTRACTED: (S.ACTIVE,),
    S.ACTIVE: (S.PAUSED,),
    S.PAUSED: (S.ACTIVE,),
    S.ENDING: (S.ACTIVE,),
}


class PaperForm(forms.Form):
    """An agreement that was signed on paper."""

    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=forms.DateInput)
    signed_by = forms.CharField(label=gettext_lazy("Signed by"), max_length=300)
    crisis_shown = forms.BooleanField(label=gettext_lazy("They were told whom to call in a crisis"), required=False)
    treatment = forms.BooleanField(
        label=gettext_lazy("The paper also says that they agree to treatment"), required=False
    )


@page("course", "read")
@require_safe
def contract(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The newest agreement and what became of it."""
    return _contract_page(request, episode_id, None)


@page("contract", "edit")
def new_contract(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Write an agreement and offer it; the client reads it in the portal or on paper."""
    case = case_header(request, episode_id)
    given: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    last = queries.contract(**given, episode_id=episode_id)
    first = last.agreement if last else first_agreement(practice(**given))
    form = AgreementForm(request.POST or None, initial=AgreementForm.initial_from(first))
    if form.is_valid():
        try:
            actions.offer_contract(
                actor=request.actor, at=request.at, episode_id=episode_id, agreement=form.agreement()
            )
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The agreement is offered. Your client can read it now."))
            return see_other("desk:contract", episode_id)
    context = {"case": case, "form": form, "last": last}
    return render(request, "desk/episodes/contract_new.html", context, status=422 if form.errors else 200)


@page("course", "read")
@require_safe
def print_contract(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The agreement on paper, with lines to sign."""
    facts = queries.contract(viewer=request.actor, at=request.at, episode_id=episode_id)
    if facts is None:
        return redirect("desk:contract", episode_id)
    context = {"case": case_header(request, episode_id), **told(request, facts)}
    return render(request, "desk/episodes/contract_print.html", context)


@page("contract", "edit")
@require_POST
def paper_contract(request: PageRequest, episode_id: UUID, contract_id: UUID) -> HttpResponseBase:
    """Record that it was signed on paper."""
    form = PaperForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        facts = queries.episode(viewer=request.actor, at=request.at, episode_id=episode_id)
        try:
            actions.record_paper_acceptance(
                actor=request.actor,
                at=request.at,
                episode_id=episode_id,
                contract_id=contract_id,
                signed_on=said["signed_on"],
                signed_by=said["signed_by"],
                crisis_shown=said["crisis_shown"],
                treatment_text=_treatment_words(request, facts.client_id) if said["treatment"] else None,
            )
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The signed agreement is recorded."))
            return see_other("desk:contract", episode_id)
    return _contract_page(request, episode_id, form)


@page("episode", "edit")
@require_POST
def move(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Move the course on: begun, paused, taken up again."""
    wanted = request.POST.get("to", "")
    facts = queries.episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    try:
        if wanted in MOVES.get(facts.state, ()):
            actions.move_episode(actor=request.actor, at=request.at, episode_id=episode_id, to=EpisodeState(wanted))
        else:
            messages.warning(request, _("The course has moved on meanwhile. Nothing was changed."))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("desk:contract", episode_id)


@page("episode", "edit")
@require_POST
def choose_way(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """In which method the two work; the room and its lists follow it."""
    chosen = request.POST.get("modality", "")
    queries.episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    if chosen not in set(Modality):
        messages.warning(request, _("Choose one of the methods."))
        return see_other("desk:contract", episode_id)
    try:
        actions.choose_modality(actor=request.actor, at=request.at, episode_id=episode_id, modality=Modality(chosen))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("desk:contract", episode_id)


@page("course", "read")
@require_safe
def episode(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Where one goes first with a client: to what the course needs now."""
    facts = queries.episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    if facts.state in {S.REFERRED, S.SCREENING, S.WAITING, S.SIGNPOSTED, S.DECLINED}:
        asked = queries.referral_of(viewer=request.actor, at=request.at, episode_id=episode_id)
        if asked is not None:
            return redirect("desk:referral", asked.id)
    if facts.state is S.OFFERED:
        return redirect("desk:contract", episode_id)
    try:
        course = reverse("desk:course", args=[episode_id])
    except NoReverseMatch:
        course = reverse("desk:assessment", args=[episode_id])
    return redirect(reverse("desk:assessment", args=[episode_id]) if facts.state is S.ASSESSMENT else course)


def told(request: PageRequest, facts: ContractFacts) -> dict[str, Any]:
    """An agreement in words."""
    agreed = facts.agreement
    return {
        "contract": facts,
        "agreement": agreed,
        "often": dict(FREQUENCIES).get(f"{agreed.per_week.normalize():f}", agreed.per_week),
        "charge": words.CHARGES[agreed.charge],
        "reviews": ", ".join(str(number) for number in agreed.reviews),
        "therapist": staff_names().get(facts.therapist_id, ""),
        "practice": practice(viewer=request.actor, at=request.at),
    }


def _contract_page(request: PageRequest, episode_id: UUID, form: PaperForm | None) -> HttpResponse:
    case = case_header(request, episode_id)
    versions = queries.contracts(viewer=request.actor, at=request.at, episode_id=episode_id)
    latest = versions[0] if versions else None
    today: date = request.at.astimezone(practice(viewer=request.actor, at=request.at).zone).date()
    blank = PaperForm(initial={"signed_on": today, "signed_by": case.name})
    context = {
        "case": case,
        "earlier": versions[1:],
        "paper": form or blank,
        "paper_open": form is not None,
        "moves": [(str(to), STATES[to]) for to in MOVES.get(case.episode.state, ())],
        "ways": list(words.MODALITIES.items()),
        "may_offer": case.episode.is_open and case.episode.state not in {S.REFERRED, S.SCREENING, S.WAITING},
        **(told(request, latest) if latest else {}),
    }
    return render(request, "desk/episodes/contract.html", context, status=422 if form else 200)


def _treatment_words(request: PageRequest, client_id: UUID) -> int:
    """The version of the words on treatment that hold now."""
    found = consents(viewer=request.actor, at=request.at, client_id=client_id)
    return next(each.newest.version for each in found if each.purpose is Purpose.TREATMENT)
