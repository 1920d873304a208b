"""Speaking, on the case: what the client prepared, chose, made and handed over, and what helps them."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.episodes.queries import episode
from rapport.practice.speaking import actions, queries
from rapport.web.desk.head import case_header
from rapport.web.desk.speaking.showing import show
from rapport.web.desk.speaking.words import TRUST, comfort_line
from rapport.web.doors.answers import see_other
from rapport.web.doors.files import file_answer
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.speaking import KINDS, ComfortForm, chosen
from rapport.web.doors.typing import keeps_typing


@page("preparation", "read")
@require_safe
def speaking(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Everything that makes speaking easier in this course."""
    viewer, at = request.actor, request.at
    course = episode(viewer=viewer, at=at, episode_id=episode_id)
    rungs = queries.rungs(viewer=viewer, at=at, client_id=course.client_id)
    comfort = queries.comfort(viewer=viewer, at=at, client_id=course.client_id)
    pages = queries.handed_pages(viewer=viewer, at=at, episode_id=episode_id)
    trust = queries.trust_steps(viewer=viewer, at=at, episode_id=episode_id)
    return show(
        request,
        "speaking/speaking.html",
        case=case_header(request, course),
        prepared=queries.prepared_before(viewer=viewer, at=at, episode_id=episode_id),
        rungs=[chosen(each) for each in rungs],
        comfort=comfort,
        line=comfort_line(comfort.comfort),
        pages=[(each, KINDS[each.kind][0]) for each in pages],
        trust=[(each, TRUST[each.step]) for each in trust],
    )


@page("comfort", "edit")
@keeps_typing
def comfort(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The comfort set-up, written down together."""
    course = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    versions = queries.comfort_versions(viewer=request.actor, at=request.at, client_id=course.client_id)
    form = ComfortForm(request.POST or None, initial=asdict(versions[0].comfort) if versions else {})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_comfort(actor=request.actor, at=request.at, client_id=course.client_id, comfort=form.comfort)
        except actions.SpeakingRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Kept. The client sees it too."))
            return see_other("desk:speaking", episode_id)
    return show(
        request,
        "speaking/comfort.html",
        422 if form.errors else 200,
        case=case_header(request, course),
        form=form,
        versions=[(each, comfort_line(each.comfort)) for each in versions],
    )


@page("trust_step", "edit")
@require_POST
def trust(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """A trust step was done, or was marked by mistake."""
    step = request.POST.get("step", "")
    if step in set(TrustStep):
        done = request.POST.get("done") == "1"
        actions.mark_trust_step(
            actor=request.actor, at=request.at, episode_id=episode_id, step=TrustStep(step), done=done
        )
    else:
        episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    return see_other("desk:speaking", episode_id)


@page("own_page", "open")
def handed_page(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """A page that was handed over. It is opened by pressing a button, and the client sees that it was."""
    if request.method == "POST":
        actions.open_handed_page(actor=request.actor, at=request.at, page_id=page_id)
        return see_other("desk:handed_page", page_id)
    facts = queries.handed_page(viewer=request.actor, at=request.at, page_id=page_id)
    return show(
        request,
        "speaking/handed_page.html",
        page=facts,
        name=(facts.text.title if facts.text else "") or KINDS[facts.kind][0],
        kind=KINDS[facts.kind][0],
    )


@page("own_page", "open")
@require_safe
def picture(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """The picture on a page that was opened."""
    return file_answer(queries.page_file(viewer=request.actor, at=request.at, page_id=page_id))
