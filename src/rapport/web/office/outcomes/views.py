"""Bringing courses from a spreadsheet: upload, name the columns, look, import."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rapport.clinical.exchange.problems import Problem, ProblemCode, Unreadable
from rapport.clinical.exchange.table import MOST_BYTES
from rapport.practice.measures.queries import all_instruments
from rapport.practice.outcomes import queries
from rapport.practice.outcomes.actions import discard_staged, import_courses, stage_import
from rapport.practice.outcomes.choices import ImportDone, StagedFile
from rapport.practice.outcomes.rules import ImportRefused
from rapport.practice.security.policy.actor import Role
from rapport.web.doors.page import PageRequest, page
from rapport.web.office.outcomes.forms import ColumnsForm, UploadForm

PROBLEMS_SHOWN, LINES_SHOWN = 50, 20
ROOM_FOR_FORM = 10_000


@page("import", "create")
def upload(request: PageRequest) -> HttpResponse:
    """Choose a file. One that cannot be read is refused before anything of it is kept."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + ROOM_FOR_FORM:
            gaps = (("limit", str(MOST_BYTES // 1_000_000)),)
            form.add_error("file", said(Problem(ProblemCode.TOO_BIG, gaps=gaps)))
        elif form.is_valid():
            try:
                staged = stage_import(actor=request.actor, at=request.at, content=form.cleaned_data["file"].read())
                return redirect("office:import_columns", staged)
            except Unreadable as unreadable:
                form.add_error("file", said(unreadable.problem))
    return render(request, "office/outcomes/upload.html", {"form": form}, status=status)


@page("import", "create")
def columns(request: PageRequest, staged_id: UUID) -> HttpResponse:
    """Say what the columns mean; then see what would happen."""
    form = _form(request, staged_id)
    if form.is_bound and form.is_valid():
        return _look(request, staged_id, form)
    context = {"form": form, "staged_id": staged_id, "file": _file(request, staged_id)}
    return render(request, "office/outcomes/columns.html", context, status=422 if form.is_bound else 200)


def _look(request: PageRequest, staged_id: UUID, form: ColumnsForm) -> HttpResponse:
    """What an import would do, or every mistake."""
    found = queries.preview(viewer=request.actor, at=request.at, staged_id=staged_id, plan=form.plan())
    context = {
        "form": form,
        "staged_id": staged_id,
        "preview": found,
        "problems": [(each.row, each.column, said(each)) for each in found.problems[:PROBLEMS_SHOWN]],
        "more_problems": max(0, len(found.problems) - PROBLEMS_SHOWN),
        "lines": found.lines[:LINES_SHOWN],
        "more_lines": max(0, len(found.lines) - LINES_SHOWN),
    }
    return render(request, "office/outcomes/preview.html", context, status=422 if found.problems else 200)


@page("import", "create")
def import_now(request: PageRequest, staged_id: UUID) -> HttpResponse:
    """Import what was previewed."""
    form = _form(request, staged_id)
    if request.method != "POST" or not form.is_valid():
        return redirect("office:import_columns", staged_id)
    try:
        done = import_courses(actor=request.actor, at=request.at, plan=form.plan(), staged_id=staged_id)
    except ImportRefused:
        return _look(request, staged_id, form)
    messages.success(request, done_words(done))
    return redirect("desk:caseload" if Role.THERAPIST in request.actor.roles else "office:import")


@page("import", "create")
def discard(request: PageRequest) -> HttpResponse:
    """Drop the upload."""
    if request.method == "POST":
        discard_staged(actor=request.actor, at=request.at)
        messages.success(request, _("The uploaded file was dropped. Nothing was imported."))
    return redirect("office:import")


def said(problem: Problem) -> str:
    """What is wrong and what to do, in the reader's language."""
    return f"{_(problem.message)} {_(problem.remedy)}" % dict(problem.gaps)


def done_words(done: ImportDone) -> str:
    """What an import changed."""
    if done.changed_nothing:
        return _("This file was imported before: nothing was changed.")
    return _("Imported: %(clients)s new clients, %(scores)s scores, %(hours)s sessions.") % {
        "clients": done.clients,
        "scores": done.scores,
        "hours": done.hours,
    }


def _file(request: PageRequest, staged_id: UUID) -> StagedFile:
    return queries.staged(viewer=request.actor, at=request.at, staged_id=staged_id)


def _form(request: PageRequest, staged_id: UUID) -> ColumnsForm:
    return ColumnsForm(
        request.POST if request.method == "POST" else None,
        file=_file(request, staged_id),
        therapists=queries.therapists(viewer=request.actor, at=request.at),
        instruments=all_instruments(viewer=request.actor, at=request.at),
    )
