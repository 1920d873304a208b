"""What helps to write: one's own short texts, and the people in a client's life."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.clinical.sessions.writing.initials import initials_of
from rapport.practice.episodes.queries import episode
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.note_form import PersonForm, SnippetForm
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("snippet", "list")
def snippets(request: PageRequest) -> HttpResponse | HttpResponseRedirect:
    """One's own short texts; a new one is added here."""
    form = SnippetForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _keep(request, form):
        messages.success(request, _("Kept."))
        return see_other("desk:snippets")
    return _snippets(request, form)


@page("snippet", "edit")
def snippet(request: PageRequest, snippet_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Change one."""
    found = queries.snippet(viewer=request.actor, at=request.at, snippet_id=snippet_id)
    form = SnippetForm(request.POST or None, initial={"title": found.title, "text": found.text})
    if request.method == "POST" and form.is_valid() and _keep(request, form, snippet_id):
        messages.success(request, _("Kept."))
        return see_other("desk:snippets")
    return show(request, "sessions/notes/snippet.html", 422 if form.errors else 200, snippet=found, form=form)


@require_POST
@page("snippet", "edit")
def remove_snippet(request: PageRequest, snippet_id: UUID) -> HttpResponseRedirect:
    actions.remove_snippet(actor=request.actor, at=request.at, snippet_id=snippet_id)
    messages.success(request, _("Removed. Notes in which it stands keep it."))
    return see_other("desk:snippets")


@page("person_in_life", "edit")
def people(request: PageRequest, episode_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Whose names leave the house as initials."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_person(
                actor=request.actor, at=request.at, episode_id=episode_id, name=said["name"], relation=said["relation"]
            )
        except actions.WritingRefused as problem:
            form.add_error("name", refusal(problem))
        else:
            return see_other("desk:people", episode_id)
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    noted = queries.people_of(viewer=request.actor, at=request.at, episode_id=episode_id)
    return show(
        request,
        "sessions/notes/people.html",
        422 if form.errors else 200,
        episode=facts,
        people=[(person, initials_of(person.name)) for person in noted],
        form=form,
    )


@require_POST
@page("person_in_life", "edit")
def remove_person(request: PageRequest, episode_id: UUID, person_id: UUID) -> HttpResponseRedirect:
    actions.remove_person(actor=request.actor, at=request.at, person_id=person_id)
    return see_other("desk:people", episode_id)


def _keep(request: PageRequest, form: SnippetForm, snippet_id: UUID | None = None) -> bool:
    said = form.cleaned_data
    try:
        actions.keep_snippet(
            actor=request.actor, at=request.at, title=said["title"], text=said["text"], snippet_id=snippet_id
        )
    except actions.WritingRefused as problem:
        form.add_error("text", refusal(problem))
        return False
    return True


def _snippets(request: PageRequest, form: SnippetForm) -> HttpResponse:
    own = queries.snippets(viewer=request.actor, at=request.at)
    return show(request, "sessions/notes/snippets.html", 422 if form.errors else 200, snippets=own, form=form)
