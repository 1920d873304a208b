"""Process notes: their author's editor, and nobody else's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.clinical.sessions.notes import NoteState
from rapport.practice.episodes.queries import episode
from rapport.practice.organisation.queries import practice
from rapport.practice.process_notes import actions, queries
from rapport.practice.process_notes.queries import ProcessNoteFacts
from rapport.web.components.markdown import render_markdown
from rapport.web.desk.sessions import editor
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.page import PageRequest, page

REFUSED = (actions.NothingToSign, actions.NoteTooLong, actions.NoteConflict)


@page("process_note", "create")
def begin(request: PageRequest, session_id: UUID) -> HttpResponse | HttpResponseRedirect:
    """To one's own process note on a session; before the first one, to what the law says."""
    if request.method != "POST":
        return _to("desk:session", session_id)
    if request.POST.get("understood") == "yes":
        actions.read_notice(actor=request.actor, at=request.at)
    try:
        note_id = actions.begin_process_note(actor=request.actor, at=request.at, session_id=session_id)
    except actions.NoticeUnread:
        here = practice(viewer=request.actor, at=request.at)
        return show(
            request,
            "process_notes/notice.html",
            session_id=session_id,
            jurisdiction=here.jurisdiction,
            rules=here.pack.record_rules,
        )
    return _to("desk:process_note", note_id)


@page("process_note", "read")
def notes(request: PageRequest, episode_id: UUID) -> HttpResponse:
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    own = queries.process_notes_of(viewer=request.actor, at=request.at, episode_id=episode_id)
    return show(
        request, "process_notes/notes.html", episode=facts, notes=[(each, render_markdown(each.text)) for each in own]
    )


@page("process_note", "read")
def note(request: PageRequest, note_id: UUID) -> HttpResponse:
    return _show(request, note_id)


@page("process_note", "edit")
def save(request: PageRequest, note_id: UUID) -> HttpResponseBase:
    """Keep what was typed; then, if a person pressed a button, save it into the note, and perhaps close it."""
    if request.method != "POST":
        return _to("desk:process_note", note_id)
    sent = editor.typed(request)
    if sent is None:
        return editor.not_a_save()
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "note_id": note_id}
    try:
        actions.keep_process_text(**who, tab=sent.tab, seq=sent.seq, base_version=sent.version, text=sent.text)
        if editor.wants_json(request):
            return _answer(request, note_id, sent)
        version = actions.save_process_note(
            **who, version=sent.version, text=sent.text, tab=sent.tab, instead_of=sent.instead_of
        )
        if request.POST.get("do") == "sign":
            actions.sign_process_note(**who, version=version)
    except actions.NoteConflict:
        return _conflict(request, note_id, sent)
    except actions.NoteSigned:
        messages.warning(request, editor.signed_words())
    except (actions.NothingToSign, actions.NoteTooLong) as problem:
        words = refusal(problem)
        return editor.refused(words) if editor.wants_json(request) else _show(request, note_id, 422, words, sent.text)
    return _to("desk:process_note", note_id)


@page("process_note", "edit")
def compare(request: PageRequest, note_id: UUID, draft: UUID) -> HttpResponse | HttpResponseRedirect:
    """Kept text beside the note: take it, merge it, or put it aside."""
    facts = queries.process_note(viewer=request.actor, at=request.at, note_id=note_id)
    texts = queries.kept_process_texts(viewer=request.actor, at=request.at, note_id=note_id)
    chosen = next((text for text in texts if text.id == draft), None)
    if chosen is None or facts.state is NoteState.SIGNED:
        return _to("desk:process_note", note_id)
    if request.method == "POST":
        actions.put_process_text_aside(actor=request.actor, at=request.at, note_id=note_id, draft=draft)
        return _to("desk:process_note", note_id)
    return show(request, "process_notes/conflict.html", note=facts, mine=chosen.text, draft=draft)


@page("process_note", "edit")
def amend(request: PageRequest, note_id: UUID) -> HttpResponse | HttpResponseRedirect:
    if request.method == "POST":
        draft = request.POST.get("draft", "")
        text = request.POST.get("text", "")
        try:
            actions.add_to_process_note(
                actor=request.actor, at=request.at, note_id=note_id, text=text, draft=UUID(draft) if draft else None
            )
            messages.success(request, _("Added."))
        except (ValueError, *REFUSED) as problem:
            return _show(request, note_id, 422, refusal(problem), text)
    return _to("desk:process_note", note_id)


def _answer(request: PageRequest, note_id: UUID, sent: editor.Typed) -> HttpResponseBase:
    state, version = queries.process_note_state(viewer=request.actor, at=request.at, note_id=note_id) or (None, 0)
    if state is NoteState.SIGNED:
        return editor.refused(editor.signed_words())
    if version != sent.version:
        theirs = queries.process_note(viewer=request.actor, at=request.at, note_id=note_id).text
        if theirs != sent.text:
            return editor.changed_elsewhere(version, {"text": theirs})
    return editor.kept(request, version)


def _conflict(request: PageRequest, note_id: UUID, sent: editor.Typed) -> HttpResponse:
    facts = queries.process_note(viewer=request.actor, at=request.at, note_id=note_id)
    texts = queries.kept_process_texts(viewer=request.actor, at=request.at, note_id=note_id)
    own = next((text.id for text in texts if text.tab == sent.tab), None)
    if own is None:
        return _to("desk:process_note", note_id)
    return show(request, "process_notes/conflict.html", 409, note=facts, mine=sent.text, draft=own)


def _show(
    request: PageRequest, note_id: UUID, status: int = 200, refused: str = "", typed: str | None = None
) -> HttpResponse:
    facts: ProcessNoteFacts = queries.process_note(viewer=request.actor, at=request.at, note_id=note_id)
    texts = queries.kept_process_texts(viewer=request.actor, at=request.at, note_id=note_id)
    on_this = [text for text in texts if text.base_version == facts.version and not text.is_late]
    restored = on_this[0] if on_this and typed is None else None
    late = texts[0] if texts and facts.state is NoteState.SIGNED else None
    return show(
        request,
        "process_notes/note.html",
        status,
        note=facts,
        text=typed if typed is not None else (restored.text if restored else facts.text),
        html=render_markdown(facts.text),
        addenda=[(each, render_markdown(each.text)) for each in facts.addenda],
        restored=restored,
        late=late,
        others=[text for text in texts if text not in (restored, late)] if facts.state is NoteState.DRAFT else [],
        refused=refused,
    )


def _to(name: str, *args: object) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse(name, args=args))
    response.status_code = 303
    return response
