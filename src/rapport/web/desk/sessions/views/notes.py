"""Progress notes: beginning, the editor, both texts of a conflict, the signed note and its paper, what is unsigned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from rapport.clinical.sessions.notes import SECTIONS, NoteState
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.queries import KeptText, NoteFacts
from rapport.web.desk.sessions import editor, note_page
from rapport.web.desk.sessions.forms import AddendumForm
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.note_form import NoteForm
from rapport.web.desk.sessions.note_head import head_of
from rapport.web.desk.sessions.note_paper import paper_of
from rapport.web.desk.sessions.words import DUE, refusal
from rapport.web.desk.sessions.words import SECTIONS as SECTION_WORDS
from rapport.web.doors.answers import SeeOther, see_other
from rapport.web.doors.page import PageRequest, page


@page("progress_note", "create")
def begin(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """To one's own note on a session; without one, to a new one, in one's usual form or in the one chosen here."""
    if request.method != "POST":
        hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
        form, method = queries.usual_form(viewer=request.actor, at=request.at)
        chosen = NoteForm(initial={"format": form, "method": method})
        return show(request, "sessions/notes/begin.html", hour=hour, form=chosen)
    said = NoteForm(request.POST)
    chosen_form = said.chosen if said.is_valid() else {}
    note_id = actions.begin_note(actor=request.actor, at=request.at, session_id=session_id, **chosen_form)
    return see_other("desk:note", note_id)


@page("progress_note", "read")
def note(request: PageRequest, note_id: UUID) -> HttpResponse:
    """The editor of a draft, the page of a signed note."""
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    if facts.state is NoteState.SIGNED:
        return _signed(request, facts)
    return _editor(request, facts, *_begin_from(request, facts))


@page("progress_note", "edit")
def save(request: PageRequest, note_id: UUID) -> HttpResponseBase:
    """Save, change the format, or sign: what was typed is kept first, whatever comes of it."""
    if request.method != "POST":
        return see_other("desk:note", note_id)
    return keep(request, note_id)


@page("progress_note", "edit")
def compare(request: PageRequest, note_id: UUID, draft: UUID) -> HttpResponse | HttpResponseRedirect:
    """Kept text beside the note: take it, merge it, or put it aside."""
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    texts = queries.kept_texts(viewer=request.actor, at=request.at, note_id=note_id)
    chosen = next((text for text in texts if text.id == draft), None)
    if chosen is None or facts.state is NoteState.SIGNED:
        return see_other("desk:note", note_id)
    if request.method == "POST":
        actions.put_text_aside(actor=request.actor, at=request.at, note_id=note_id, draft=draft)
        return see_other("desk:note", note_id)
    return _both(request, facts, chosen.sections, 200, chosen.id)


@page("progress_note", "amend")
def amend(request: PageRequest, note_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """Add to a signed note."""
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    form = AddendumForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _signed(request, facts, 422 if form.errors else 200, form)
    said = form.cleaned_data
    try:
        actions.add_addendum(
            actor=request.actor,
            at=request.at,
            note_id=note_id,
            text=said["text"],
            reason=said["reason"],
            draft=said["draft"],
        )
    except (actions.NothingToSign, actions.ReasonMissing, actions.NoteTooLong, actions.NoteConflict) as problem:
        form.add_error("text", refusal(problem))
        return _signed(request, facts, 422, form)
    messages.success(request, _("Added. The note stays as it was signed."))
    return see_other("desk:note", note_id)


@page("progress_note", "read")
def print_note(request: PageRequest, note_id: UUID) -> HttpResponse:
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    return show(request, "sessions/notes/print.html", **note_page.reading(request, facts, initials=True))


@page("progress_note", "read")
def pdf(request: PageRequest, note_id: UUID) -> HttpResponse:
    """The note on paper."""
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    response = HttpResponse(paper_of(request, facts), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="note.pdf"'
    return response


@page("progress_note", "create")
def unsigned(request: PageRequest) -> HttpResponse:
    """What still wants a signature, the oldest first."""
    waiting = queries.unsigned(viewer=request.actor, at=request.at)
    rows = [(each, DUE.get(each.due, "")) for each in waiting]
    return show(request, "sessions/notes/unsigned.html", waiting=waiting, rows=rows)


def own_note(request: PageRequest, session_id: UUID) -> tuple[NoteFacts | None, dict[str, str]]:
    """The viewer's own note on a session, and the words its editor begins with."""
    marks = queries.note_marks(viewer=request.actor, at=request.at, session_ids=[session_id])
    mine = next((mark for mark in marks.get(session_id, ()) if mark.author_id == request.actor.id), None)
    if mine is None:
        return None, {}
    facts = queries.note(viewer=request.actor, at=request.at, note_id=mine.note_id)
    return facts, _begin_from(request, facts)[0]


def keep(request: PageRequest, note_id: UUID, after: str = "") -> HttpResponseBase:
    """Keep what was typed; then, if a person pressed a button, save it into the note, and perhaps sign it."""
    sent = editor.typed(request)
    if sent is None:
        return editor.not_a_save()
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "note_id": note_id}
    try:
        actions.keep_text(**who, tab=sent.tab, seq=sent.seq, base_version=sent.version, sections=sent.sections)
    except actions.NoteTooLong as problem:
        words = refusal(problem)
        return editor.refused(words, 413) if editor.wants_json(request) else _too_long(request, note_id, sent)
    if editor.wants_json(request):
        return _answer(request, note_id, sent)
    try:
        _remember(request, note_id)
        version = actions.save_note(
            **who,
            version=sent.version,
            sections=_helped(request, note_id, sent),
            form=sent.form,
            method=sent.method,
            remember=sent.remember,
            tab=sent.tab,
            instead_of=sent.instead_of,
        )
        _then(request, note_id, version)
    except actions.NoteConflict:
        return _conflict(request, note_id, sent)
    except actions.NoteSigned:
        messages.warning(request, editor.signed_words())
        return see_other("desk:note", note_id)
    except actions.NoteTooLong:
        return _too_long(request, note_id, sent)
    except actions.LineTooLong as problem:
        facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
        return _editor(request, facts, sent.sections, None, 422, refusal(problem))
    except actions.NothingToSign as problem:
        facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
        return _editor(request, facts, facts.sections, None, 422, refusal(problem))
    return SeeOther(after) if after else see_other("desk:note", note_id)


def _answer(request: PageRequest, note_id: UUID, sent: editor.Typed) -> HttpResponseBase:
    """What the page that keeps typing hears: kept; kept, but signed meanwhile; or both texts."""
    state, version = queries.note_state(viewer=request.actor, at=request.at, note_id=note_id) or (None, 0)
    if state is NoteState.SIGNED:
        return editor.refused(editor.signed_words())
    if version != sent.version:
        theirs = queries.note(viewer=request.actor, at=request.at, note_id=note_id).sections
        if any(theirs.get(name, "") != words for name, words in sent.sections.items()):
            return editor.changed_elsewhere(version, theirs)
    return editor.kept(request, version)


def _conflict(request: PageRequest, note_id: UUID, sent: editor.Typed) -> HttpResponse:
    """409 with both texts; the one that was just sent is already kept."""
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    texts = queries.kept_texts(viewer=request.actor, at=request.at, note_id=note_id)
    own = next((text.id for text in texts if text.tab == sent.tab), None)
    if own is None:  # the same words were saved elsewhere: there is nothing to choose
        return see_other("desk:note", note_id)
    return _both(request, facts, sent.sections, 409, own)


def _begin_from(request: PageRequest, facts: NoteFacts) -> tuple[dict[str, str], KeptText | None]:
    """Where the editor begins: with kept text that was typed on top of this very version, else with the note."""
    texts = queries.kept_texts(viewer=request.actor, at=request.at, note_id=facts.id)
    newest = next((text for text in texts if text.base_version == facts.version and not text.is_late), None)
    return (newest.sections, newest) if newest else (facts.sections, None)


def _helped(request: PageRequest, note_id: UUID, sent: editor.Typed) -> dict[str, str]:
    """What was typed, with what the button that was pressed puts into it."""
    do, words = request.POST.get("do", ""), sent.sections
    if do not in {"carry", "snippet", "initials"}:
        return words
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    if do == "carry":
        return note_page.with_carried(request, facts, words)
    if do == "snippet":
        return note_page.with_snippet(request, facts, words, request.POST.get("snippet", ""))
    return note_page.without_names(request, facts, words)


def _remember(request: PageRequest, note_id: UUID) -> None:
    """The line for the next hour, where the page has one and it was changed."""
    words = request.POST.get("next_time", "")
    if words != request.POST.get("next_time_was", ""):
        facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
        actions.remember(actor=request.actor, at=request.at, session_id=facts.session_id, words=words)


def _then(request: PageRequest, note_id: UUID, version: int) -> None:
    """What the button that was pressed does after saving."""
    do = request.POST.get("do", "")
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "note_id": note_id}
    if do == "sign":
        facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
        hour = queries.session(viewer=request.actor, at=request.at, session_id=facts.session_id)
        actions.sign_note(**who, version=version, head=head_of(request, hour))
        messages.success(request, _("Signed."))
    elif do.startswith("ignore:"):
        actions.ignore_advice(**who, code=do.removeprefix("ignore:"))


def _editor(
    request: PageRequest,
    facts: NoteFacts,
    sections: dict[str, str],
    restored: KeptText | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    context = note_page.editing(request, facts, sections, restored)
    return show(request, "sessions/notes/editor.html", status, **context, refused=refused)


def _both(request: PageRequest, facts: NoteFacts, mine: dict[str, str], status: int, draft: UUID) -> HttpResponse:
    names = [name for name in SECTION_WORDS if name in SECTIONS[facts.format] or mine.get(name, "").strip()]
    pairs = list(zip(editor.boxes(names, facts.sections), editor.boxes(names, mine), strict=True))
    return show(request, "sessions/notes/conflict.html", status, note=facts, pairs=pairs, draft=draft)


def _too_long(request: PageRequest, note_id: UUID, sent: editor.Typed) -> HttpResponse:
    facts = queries.note(viewer=request.actor, at=request.at, note_id=note_id)
    return _editor(request, facts, sent.sections, None, 413, refusal(actions.NoteTooLong()))


def _signed(
    request: PageRequest, facts: NoteFacts, status: int = 200, form: AddendumForm | None = None
) -> HttpResponse:
    late = queries.kept_texts(viewer=request.actor, at=request.at, note_id=facts.id)
    first = (
        {"text": "\n\n".join(text for text in late[0].sections.values() if text), "draft": late[0].id} if late else {}
    )
    return show(
        request,
        "sessions/notes/signed.html",
        status,
        **note_page.reading(request, facts),
        form=form or AddendumForm(initial=first),
        late=late,
    )
