"""Between sessions: what was agreed, what came of it, and the goals."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.episodes.goal_change import is_due_again
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.episodes.queries import goal_series, terms
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.exercises import actions, queries
from rapport.practice.exercises.choices import TaskFacts
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.sessions.queries import SessionFacts, next_session
from rapport.web.desk.exercises.forms import ReviewForm, SaidForm, TaskForm
from rapport.web.desk.exercises.words import STATES, GoalLine, lines, moved
from rapport.web.desk.head import case_header
from rapport.web.doors.answers import see_other
from rapport.web.doors.forms import as_id
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing

WEEK = timedelta(days=7)


@page("task", "review")
@require_safe
def between(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """What was agreed for the time between two sessions, what came of it, and how near the goals are."""
    case = case_header(request, episode_id)
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    found = queries.tasks_of(**who, episode_id=case.id)
    hour = next_session(**who, episode_id=case.id)
    context = {
        "case": case,
        "waiting": lines(each for each in found if each.review is None),
        "looked_at": lines(each for each in found if each.review is not None),
        "practised": queries.practised_card(**who, tasks=found) if found else None,
        "goals": _goals(request, case.id),
        "next": hour,
        "is_review": hour is not None and hour.number in terms(**who, episode_id=case.id).reviews,
    }
    return render(request, "desk/exercises/between.html", context)


@page("task", "agree")
@keeps_typing
def new(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Agree what to try out. A step somebody is not sure of is asked about once: could it be smaller?"""
    case = case_header(request, episode_id)
    session_id = _hour_in(request)
    if request.method != "POST":
        hour = next_session(viewer=request.actor, at=request.at, episode_id=case.id)
        return _new(request, case, TaskForm(initial={"due_on": _due(request, hour), "key": uuid.uuid4()}), session_id)
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _new(request, case, form, session_id, 422)
    if form.asks_for_smaller:
        return _new(request, case, form, session_id, 422, smaller=True)
    try:
        actions.agree_task(
            actor=request.actor,
            at=request.at,
            episode_id=case.id,
            task=form.task,
            due_on=form.cleaned_data["due_on"],
            session_id=session_id,
            key=form.cleaned_data["key"],
        )
    except EpisodeRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _new(request, case, form, session_id, 422)
    messages.success(request, _("Agreed. It stands on the client’s page and on your next prep card."))
    return _back(session_id, case.episode)


@page("task", "review")
@require_safe
def task(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """One task: what was agreed, what was said of it, and looking at it together."""
    return _task(request, _read(request, task_id))


@page("task", "review")
@require_POST
def said(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """What the client said of it in the room."""
    facts, form = _read(request, task_id), SaidForm(request.POST)
    if form.is_valid():
        try:
            actions.say_task(actor=request.actor, at=request.at, task_id=task_id, **form.facts)
        except EpisodeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept as the client said it."))
            return see_other("desk:task", task_id)
    return _task(request, facts, said_form=form)


@page("task", "review")
@require_POST
def review(request: PageRequest, task_id: UUID) -> HttpResponseBase:
    """It was looked at together."""
    facts, form = _read(request, task_id), ReviewForm(request.POST)
    if form.is_valid():
        try:
            actions.review_task(actor=request.actor, at=request.at, task_id=task_id, **form.cleaned_data)
        except EpisodeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Looked at together. It has left the prep card."))
            return see_other("desk:between", facts.episode_id)
    return _task(request, facts, review_form=form)


def _read(request: PageRequest, task_id: UUID) -> TaskFacts:
    return queries.task(viewer=request.actor, at=request.at, task_id=task_id)


def _task(request: PageRequest, facts: TaskFacts, **forms: Any) -> HttpResponse:
    context = {
        "case": case_header(request, facts.episode_id),
        "task": facts,
        "state": STATES[facts.state],
        "said": [(each, STATES[each.state]) for each in facts.said],
        "said_form": SaidForm(initial={"state": facts.state}),
        "review_form": ReviewForm(initial={"learned": facts.learned}),
        **forms,
    }
    return render(request, "desk/exercises/task.html", context, status=422 if forms else 200)


def _new(
    request: PageRequest,
    case: Any,
    form: TaskForm,
    session_id: UUID | None,
    status: int = 200,
    *,
    smaller: bool = False,
) -> HttpResponse:
    context = {"case": case, "form": form, "session_id": session_id, "smaller": smaller}
    return render(request, "desk/exercises/task_new.html", context, status=status)


def _hour_in(request: PageRequest) -> UUID | None:
    """The hour in which it is agreed, if the address names one."""
    return as_id(request.GET.get("session", ""))


def _due(request: PageRequest, hour: SessionFacts | None) -> Any:
    """The day of the next session, or in a week."""
    return (hour.planned_start if hour else request.at + WEEK).astimezone(practice_zone()).date()


def _back(session_id: UUID | None, course: EpisodeFacts) -> HttpResponseBase:
    """Back to the closing of the hour it was agreed in, or to what lies between."""
    if session_id is not None:
        return see_other("desk:closing", session_id)
    return see_other("desk:between", course.id)


def _goals(request: PageRequest, episode_id: UUID) -> list[GoalLine]:
    found = goal_series(viewer=request.actor, at=request.at, episode_id=episode_id)
    return [
        GoalLine(goal, *moved(goal), is_due_again(goal.latest.at if goal.latest else None, request.at))
        for goal in found
        if goal.is_active
    ]
