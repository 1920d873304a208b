"""One task at a time: what I try out, what came of it, what I learned. I may leave or stop it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.exercises.tasks import OPEN, TaskState, WhyNot
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.exercises import actions, queries
from rapport.practice.exercises.choices import TaskFacts
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing
from rapport.web.portal.exercises.asked import asked
from rapport.web.portal.exercises.forms import LearnedForm, SayForm
from rapport.web.portal.exercises.words import ANSWERS, SAID


@page("task", "read")
@require_safe
def tasks(request: PageRequest) -> HttpResponseBase:
    """The one to try now, and the earlier ones."""
    found = queries.own_tasks(viewer=request.actor, at=request.at)
    now = queries.the_one(viewer=request.actor, at=request.at, tasks=found)
    others = [each for each in found if each is not now]
    context = {
        "task": now,
        "more": sum(each.is_open for each in others),
        "earlier": [(each, SAID[each.state]) for each in others if not each.is_open],
        "asked": None if now else asked(request),
    }
    return _show(request, "tasks", 200, **context)


@page("task", "read")
@require_safe
def task(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """One task."""
    return _task(request, _mine(request, task_id))


@page("task", "answer")
@require_POST
def say(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """One tap: begun, done, part of it, not this time, something else, or I stop."""
    facts, form = _mine(request, task_id), SayForm(request.POST)
    if not form.is_valid():
        return _task(request, facts, 422, refused=str(form.errors["state"][0]))
    state = TaskState(form.cleaned_data["state"])
    try:
        actions.say_task(actor=request.actor, at=request.at, task_id=facts.id, state=state)
    except EpisodeRefused as refusal:
        return _task(request, facts, 422, refused=str(refusal))
    if state in OPEN:
        messages.success(request, _("Good that you began. Come back when you are through."))
        return see_other("portal:tasks")
    return see_other("portal:task_learned", facts.id)


@page("task", "answer")
@keeps_typing
def learned(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """What I learned, if I want to say."""
    facts = _mine(request, task_id)
    if facts.state in OPEN or not facts.can_change:
        return redirect("portal:task", facts.id)
    given = request.POST if request.method == "POST" else None
    form = LearnedForm(given, state=facts.state, initial={"learned": facts.learned, "why_not": facts.why_not})
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return _show(request, "learned", status, task=facts, form=form, said=SAID[facts.state])
    why = form.cleaned_data.get("why_not")
    try:
        actions.say_task(
            actor=request.actor,
            at=request.at,
            task_id=facts.id,
            state=facts.state,
            learned=form.cleaned_data["learned"],
            why_not=WhyNot(why) if why else None,
        )
    except EpisodeRefused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, "learned", 422, task=facts, form=form, said=SAID[facts.state])
    messages.success(request, _("Thank you. You look at it together when you next meet."))
    return see_other("portal:tasks")


def _mine(request: PageRequest, task_id: UUID) -> TaskFacts:
    """The client's own task; a therapist has the desk for it."""
    facts = queries.task(viewer=request.actor, at=request.at, task_id=task_id)
    if facts.client_id != request.actor.client_id:
        raise not_found(request.actor, "read", Thing("task", id=task_id), at=request.at)
    return facts


def _task(request: PageRequest, facts: TaskFacts, status: int = 200, refused: str = "") -> HttpResponse:
    return _show(request, "task", status, task=facts, said=SAID[facts.state], refused=refused)


def _show(request: PageRequest, name: str, status: int, **context: Any) -> HttpResponse:
    answers = [(state, SAID[state]) for state in ANSWERS]
    return render(request, f"portal/exercises/{name}.html", {"answers": answers, **context}, status=status)
