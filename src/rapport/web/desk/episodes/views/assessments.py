"""The assessment workspace, the problems, the decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.episodes.need import LEADS_TO_A_CONTRACT, NeedDecision
from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.choices import (
    FORMULATION,
    INTERVIEW,
    DecisionFacts,
    EpisodeState,
    Explored,
    GuideSection,
    SectionText,
)
from rapport.practice.episodes.rules import BEFORE_THERAPY, EditConflict, EpisodeRefused
from rapport.practice.measures.queries import administered, scores
from rapport.practice.organisation.queries import practice
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.desk.episodes import words
from rapport.web.desk.episodes.forms import DecisionForm, Together, WithoutTherapyForm, problem_rows, refused
from rapport.web.desk.episodes.header import case_header
from rapport.web.desk.measures.shown import shown_forms, shown_series
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page

FORMS_SHOWN = 8  # the newest; every other is one tap away


@page("assessment", "read")
@require_safe
def assessment(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Answers on the left, the interview in the middle, what it comes to on the right."""
    case = case_header(request, episode_id)
    given: dict[str, Any] = {"viewer": request.actor, "at": request.at, "episode_id": episode_id}
    texts = queries.sections(**given)
    context = {
        "case": case,
        "interview": [_section(texts[section]) for section in INTERVIEW],
        "formulation": [_section(texts[section]) for section in FORMULATION],
        "touched": sum(texts[section].explored is not Explored.NOT_EXPLORED for section in INTERVIEW),
        "explored_choices": words.choices(words.EXPLORED),
        "problems": [(each, words.DOMAINS[each.domain]) for each in queries.problems(**given)],
        "referral": queries.referral_of(**given),
        "forms": shown_forms(administered(**given)[:FORMS_SHOWN], practice(viewer=request.actor, at=request.at).zone),
        **_scores(request, episode_id),
    }
    return render(request, "desk/episodes/assessment.html", context)


@page("assessment", "edit")
@require_POST
def save_section(request: PageRequest, episode_id: UUID, section: str) -> HttpResponseBase:
    """Keep what is being typed; a script asks for JSON, a page without one gets the workspace again."""
    try:
        version = actions.save_section(
            actor=request.actor,
            at=request.at,
            episode_id=episode_id,
            section=_named(request, episode_id, section),
            explored=_explored(request.POST.get("explored", "")),
            text=request.POST.get("text", ""),
            version=_whole(request.POST.get("version", "")),
            tab=request.POST.get("client_tab", ""),
            tab_sequence=_whole(request.POST.get("client_seq", "")),
        )
    except EditConflict as conflict:
        return _conflict(request, episode_id, conflict)
    except EpisodeRefused as refusal:
        return _refused_text(request, episode_id, str(refusal))
    if not _wants_json(request):
        return see_other("desk:assessment", episode_id)
    local = request.at.astimezone(practice(viewer=request.actor, at=request.at).zone)
    said = _("Saved %(time)s") % {"time": time_format(local.time(), "H:i")}
    return JsonResponse({"version": version, "words": said})


@page("assessment", "read")
@require_safe
def section_history(request: PageRequest, episode_id: UUID, section: str) -> HttpResponseBase:
    """What was written in one section, sitting by sitting."""
    wanted = _named(request, episode_id, section)
    told = queries.section_history(viewer=request.actor, at=request.at, episode_id=episode_id, section=wanted)
    context = {"case": case_header(request, episode_id), "title": words.SECTIONS[wanted][0], "texts": told}
    return render(request, "desk/episodes/section_history.html", context)


@page("assessment", "edit")
def problems(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The problems in five domains, and how much each takes from their life."""
    case = case_header(request, episode_id)
    known = queries.problems(viewer=request.actor, at=request.at, episode_id=episode_id)
    rows = problem_rows(request.POST, known)
    together = Together(*rows.forms)
    if request.method == "POST" and rows.is_valid():
        try:
            actions.set_problems(actor=request.actor, at=request.at, episode_id=episode_id, problems=rows.problems())
        except EpisodeRefused as refusal:
            rows.forms[0].add_error(None, str(refusal))
        else:
            messages.success(request, _("The problems are kept."))
            return see_other("desk:assessment", episode_id)
    context = {"case": case, "problems": rows, "together": together}
    return render(request, "desk/episodes/problems.html", context, status=422 if together.errors else 200)


@page("need_decision", "create")
def decision(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Everything the decision rests on, on one page, and the decision."""
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            actions.decide_need(actor=request.actor, at=request.at, episode_id=episode_id, details=form.details())
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The decision is kept."))
            return see_other("desk:decision", episode_id)
    return _decision_page(request, episode_id, form, WithoutTherapyForm())


@page("episode", "edit")
@require_POST
def without_therapy(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """End a course that did not become a therapy."""
    form = WithoutTherapyForm(request.POST)
    if form.is_valid():
        try:
            actions.close_without_therapy(
                actor=request.actor, at=request.at, episode_id=episode_id, **form.cleaned_data
            )
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The course is closed. What was found stays in the record."))
            return see_other("desk:decision", episode_id)
    return _decision_page(request, episode_id, DecisionForm(), form)


def _decision_page(
    request: PageRequest, episode_id: UUID, form: DecisionForm, leaving: WithoutTherapyForm
) -> HttpResponse:
    case = case_header(request, episode_id)
    summary = queries.need_summary(viewer=request.actor, at=request.at, episode_id=episode_id)
    latest = summary.decision
    context = {
        "case": case,
        "summary": summary,
        "problems": [(each, words.DOMAINS[each.domain]) for each in summary.problems],
        "domains": [words.DOMAINS[domain] for domain in summary.domains_of_weight],
        "weight": str(len(summary.domains_of_weight)),
        "latest": _told(latest) if latest else None,
        "earlier": [_told(each) for each in reversed(summary.decisions[:-1])],
        "may_decide": case.episode.state in BEFORE_THERAPY - {EpisodeState.REFERRED, EpisodeState.SCREENING},
        "may_agree": latest is not None and latest.details.decision in LEADS_TO_A_CONTRACT,
        "may_leave": latest is not None
        and latest.details.decision in {NeedDecision.OTHER_SERVICE, NeedDecision.NOT_WANTED}
        and case.episode.state in BEFORE_THERAPY,
        "form": form,
        "leaving": leaving,
        **_scores(request, episode_id),
    }
    status = 422 if form.errors or leaving.errors else 200
    return render(request, "desk/episodes/decision.html", context, status=status)


def _scores(request: PageRequest, episode_id: UUID) -> dict[str, Any]:
    """The latest figure of each measure, with its card."""
    zone = practice(viewer=request.actor, at=request.at).zone
    found = scores(viewer=request.actor, at=request.at, episode_id=episode_id)
    return {"series": [shown_series(each, zone) for each in found]}


def _told(facts: DecisionFacts) -> dict[str, Any]:
    alternatives = [words.ALTERNATIVES[code] for code, _note in facts.details.alternatives]
    note = facts.details.alternatives[0][1] if facts.details.alternatives else ""
    return {
        "facts": facts,
        "details": facts.details,
        "words": words.DECISIONS[facts.details.decision],
        "alternatives": alternatives,
        "note": note,
    }


def _section(text: SectionText) -> dict[str, Any]:
    title, prompt = words.SECTIONS[text.section]
    return {"text": text, "title": title, "prompt": prompt}


def _named(request: PageRequest, episode_id: UUID, section: str) -> GuideSection:
    """The section in the address, or the refusal for what does not exist."""
    if section not in set(GuideSection):
        raise not_found(request.actor, "read", Thing("assessment", id=episode_id), at=request.at)
    return GuideSection(section)


def _explored(said: str) -> Explored:
    return Explored(said) if said in set(Explored) else Explored.EXPLORED


def _whole(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _wants_json(request: PageRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _conflict(request: PageRequest, episode_id: UUID, conflict: EditConflict) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"version": conflict.version, "theirs": {"text": conflict.text}}, status=409)
    return _again(request, episode_id, {"theirs": conflict.text, "version": conflict.version}, 409)


def _refused_text(request: PageRequest, episode_id: UUID, why: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"words": why}, status=422)
    return _again(request, episode_id, {"why": why, "version": request.POST.get("version", "")}, 422)


def _again(request: PageRequest, episode_id: UUID, said: dict[str, Any], status: int) -> HttpResponse:
    """What was typed, once more, with what stood in its way: for a browser without scripts."""
    typed = {"mine": request.POST.get("text", ""), "explored": request.POST.get("explored", ""), "action": request.path}
    context = {"case": case_header(request, episode_id), **typed, **said}
    return render(request, "desk/episodes/text_again.html", context, status=status)
