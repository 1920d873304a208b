"""Granting, ending and handing over care. The manager sees who cares for whom, and nothing of why."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.clients.rules.wording import folded
from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.security.accounts.queries import staff_names
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

MOST_SHOWN = 30


class WhoForm(forms.Form):
    """The therapist chosen in a row of the page."""

    therapist = forms.UUIDField()


@page("care_relationship", "grant")
@require_safe
def care(request: PageRequest) -> HttpResponseBase:
    """The open courses of a name, those nobody cares for first; each row offers every therapist, so they are few."""
    named = staff_names()
    search = request.GET.get("q", "")[:100]
    courses = queries.managed_courses(viewer=request.actor, at=request.at)
    found = [course for course in courses if folded(search) in folded(course.client_name)]
    context = {
        "search": search,
        "total": len(found),
        "most": MOST_SHOWN,
        "courses": [
            {
                "facts": course,
                "carers": [(each, named.get(each.account_id, "")) for each in course.carers],
                "before": [(each, named.get(each.account_id, "")) for each in course.care if each.ended_at],
            }
            for course in found[:MOST_SHOWN]
        ],
        "alone": sum(not course.carers for course in courses),
        "therapists": _therapists(request),
    }
    return render(request, "office/episodes/care.html", context)


def _therapists(request: PageRequest) -> str:
    """Whom to choose from, drawn once for all the rows of the page."""
    everybody = queries.therapists(viewer=request.actor, at=request.at)
    others = [(account, name) for account, name in everybody if account != request.actor.id]
    return render_to_string("office/episodes/therapists.html", {"therapists": others})


@page("care_relationship", "grant")
@require_POST
def grant(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Let one more therapist care."""
    chosen = _chosen(request)
    try:
        if chosen:
            actions.grant_care(actor=request.actor, at=request.at, episode_id=episode_id, therapist_id=chosen)
            messages.success(request, _("The record is open to them from now on."))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("office:care")


@page("care_relationship", "end")
@require_POST
def end(request: PageRequest, care_id: UUID) -> HttpResponseBase:
    """End a therapist's access."""
    actions.end_care(actor=request.actor, at=request.at, care_id=care_id)
    messages.success(request, _("Their access has ended."))
    return see_other("office:care")


@page("care_relationship", "end")
@require_POST
def transfer(request: PageRequest, care_id: UUID) -> HttpResponseBase:
    """Hand a client over to another therapist."""
    chosen = _chosen(request)
    try:
        if chosen:
            actions.transfer_care(actor=request.actor, at=request.at, care_id=care_id, therapist_id=chosen)
            messages.success(request, _("Handed over. The therapist before has no access any more."))
    except EpisodeRefused as refusal:
        messages.warning(request, str(refusal))
    return see_other("office:care")


def _chosen(request: PageRequest) -> UUID | None:
    """The therapist who was chosen; a page without a choice says so."""
    form = WhoForm(request.POST)
    if form.is_valid():
        chosen: UUID = form.cleaned_data["therapist"]
        return chosen
    messages.warning(request, _("Choose a therapist first."))
    return None
