"""Ending a course: what was said, the last look at safety, the letter, the closing."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.endings import actions, queries
from rapport.practice.endings.choices import EndingFacts, LetterFacts
from rapport.practice.endings.rules import EndingIncomplete, LetterOut
from rapport.practice.episodes.actions import rate_goal
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.organisation.queries import practice
from rapport.practice.outcomes.queries import course
from rapport.web.components.letters import LetterPaper, letter_pdf
from rapport.web.desk.endings import wording
from rapport.web.desk.endings.forms import EndingForm, LetterForm, RiskForm
from rapport.web.desk.head import case_header
from rapport.web.desk.outcomes.shown import show_measure
from rapport.web.desk.outcomes.wording import course_sentence
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("ending", "edit")
def ending(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Where the ending stands; saving it."""
    facts = queries.ending(viewer=request.actor, at=request.at, episode_id=episode_id)
    so_far = course(viewer=request.actor, at=request.at, episode_id=episode_id)
    saved = asdict(facts.details) if facts.details else {}
    form = EndingForm(request.POST or None, initial=saved, goals=so_far.goals)
    if form.is_bound and form.is_valid() and _save(request, episode_id, form):
        messages.success(request, _("The ending is saved."))
        return redirect("desk:ending", episode_id)
    zone = practice(viewer=request.actor, at=request.at).zone
    context = _context(facts) | {
        "form": form,
        "recorded": form.said,
        "case": case_header(request, episode_id),
        "episode": so_far.episode,
        "sentence": course_sentence(so_far),
        "measures": [show_measure(each, None, zone) for each in so_far.measures],
        "risk_form": RiskForm(),
    }
    return render(request, "desk/endings/ending.html", context, status=422 if form.errors else 200)


def _context(facts: EndingFacts) -> dict[str, object]:
    return {
        "facts": facts,
        "missing": [wording.missing_words(each) for each in facts.missing],
        "result": wording.result_words(facts.result) if facts.result else "",
    }


def _save(request: PageRequest, episode_id: UUID, form: EndingForm) -> bool:
    try:
        actions.record_ending(actor=request.actor, at=request.at, episode_id=episode_id, details=form.details)
        for goal_id, value in form.ratings.items():
            rate_goal(actor=request.actor, at=request.at, goal_id=goal_id, value=value)
    except EpisodeRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


@require_POST
@page("ending", "edit")
def risk_check(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Keep the last look at safety."""
    form = RiskForm(request.POST)
    if form.is_valid():
        actions.record_risk_check(actor=request.actor, at=request.at, episode_id=episode_id, **form.cleaned_data)
        messages.success(request, _("The last look at safety is saved."))
    else:
        messages.error(request, _("Write what you asked and what was said, or why nobody could be asked."))
    return redirect("desk:ending", episode_id)


@require_POST
@page("ending", "edit")
def ask_measures(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Ask the client for the last measures."""
    asked = actions.ask_final_measures(actor=request.actor, at=request.at, episode_id=episode_id)
    messages.success(request, _("%(n)s forms wait for the client in the portal.") % {"n": asked})
    return redirect("desk:ending", episode_id)


@page("letter", "create")
@keeps_typing
def letter(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Write the letter, from a draft made of the record."""
    facts = queries.ending(viewer=request.actor, at=request.at, episode_id=episode_id)
    form = LetterForm(request.POST or None, initial={"text": _text(request, facts)})
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        actions.write_letter(actor=request.actor, at=request.at, episode_id=episode_id, text=text)
        messages.success(request, _("The letter is saved. The client does not see it until you release it."))
        return redirect("desk:letter", episode_id)
    context = {"facts": facts, "form": form, "letter": facts.letter, "case": case_header(request, episode_id)}
    return render(request, "desk/endings/letter.html", context, status=422 if form.errors else 200)


def _text(request: PageRequest, facts: EndingFacts) -> str:
    if facts.letter is not None:
        return facts.letter.text
    so_far = course(viewer=request.actor, at=request.at, episode_id=facts.episode_id)
    here = practice(viewer=request.actor, at=request.at)
    return wording.draft_letter(so_far, facts, here, request.actor.name)


@require_POST
@page("letter", "release")
def release(request: PageRequest, letter_id: UUID) -> HttpResponse:
    """Give the letter to the client."""
    found = queries.letter(viewer=request.actor, at=request.at, letter_id=letter_id)
    try:
        actions.release_letter(actor=request.actor, at=request.at, letter_id=letter_id)
        messages.success(request, _("The client can read and keep the letter now."))
    except LetterOut:
        messages.info(request, _("This letter was released already."))
    return redirect("desk:letter", found.episode_id)


@page("letter", "read")
def letter_file(request: PageRequest, letter_id: UUID) -> HttpResponse:
    """The letter as PDF."""
    found = queries.letter(viewer=request.actor, at=request.at, letter_id=letter_id)
    return _pdf(request, found)


def _pdf(request: PageRequest, found: LetterFacts) -> HttpResponse:
    here = practice(viewer=request.actor, at=request.at)
    on = (found.released_at or found.written_at).astimezone(here.zone).date()
    paper = LetterPaper(
        _("What we did together"), here.name, on, found.text, footer=f"{here.name}  {here.phone}".strip()
    )
    response = HttpResponse(letter_pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return response


@require_POST
@page("ending", "close")
def close(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """Close the course. What is missing is named; nothing closes by itself."""
    try:
        actions.close_course(actor=request.actor, at=request.at, episode_id=episode_id)
        messages.success(request, _("The course is closed and its result recorded."))
    except EndingIncomplete as incomplete:
        words = "; ".join(wording.missing_words(each) for each in incomplete.missing)
        messages.error(request, _("Not yet. Still missing: %(words)s.") % {"words": words})
    except EpisodeRefused as refused:
        messages.error(request, str(refused))
    return redirect("desk:ending", episode_id)
