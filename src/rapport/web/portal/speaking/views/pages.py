"""A client's own pages: to write, to bring, to hand over, to take back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.files.actions import FileRefused, FileTooLarge
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.practice.speaking import actions, queries
from rapport.practice.speaking.choices import PageKind, PageState, PageText
from rapport.web.doors.answers import see_other
from rapport.web.doors.files import file_answer
from rapport.web.doors.forms import as_id, as_number
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.speaking import KINDS
from rapport.web.doors.typing import keeps_typing
from rapport.web.portal.speaking.views.overview import named
from rapport.web.portal.speaking.views.showing import own_client, show

EMPTY_LINES = 3
UPLOAD_ROOM = 10 * 1024 * 1024


@page("own_page", "write")
@keeps_typing
def new(request: PageRequest, kind: str) -> HttpResponseBase:
    """A new page, or a picture to bring."""
    own_client(request, "own_page", "write")
    if kind not in set(PageKind):
        raise not_found(request.actor, "write", Thing("own_page"), at=request.at)
    text, refused = text_of(request.POST), ""
    if request.method == "POST":
        try:
            page_id = _begin(request, PageKind(kind), text)
        except (actions.SpeakingRefused, FileRefused) as problem:
            refused = str(problem)
        else:
            messages.success(request, _("Kept. Only you can read it."))
            return see_other("portal:own_page", page_id)
    return _editor(request, PageKind(kind), text, 422 if refused else 200, refused=refused)


@page("own_page", "read")
@keeps_typing
def own(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """One page: to go on with while it is mine alone, to look at once it was handed over."""
    facts = queries.own_page(viewer=request.actor, at=request.at, page_id=page_id)
    text, refused, status = facts.text or PageText(), "", 200
    version = facts.version
    if request.method == "POST":
        text, version = text_of(request.POST), as_number(request.POST.get("version", "")) or 0
        try:
            actions.save_page(actor=request.actor, at=request.at, page_id=page_id, version=version, text=text)
        except actions.PageChanged:
            refused, status = _("This page was saved in another window. Yours is below: keep it to replace that."), 409
            version = facts.version
        except actions.SpeakingRefused as problem:
            refused, status = str(problem), 422
        else:
            return see_other("portal:own_page", page_id)
    if facts.state is PageState.OWN:
        return _editor(request, facts.kind, text, status, refused=refused, page=facts, version=version)
    return show(request, "page.html", status, page=facts, name=named(facts), refused=refused)


@page("own_page", "read")
@require_safe
def picture(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """The picture on a page."""
    return file_answer(queries.page_file(viewer=request.actor, at=request.at, page_id=page_id))


@page("own_page", "hand_over")
@require_POST
def hand_over(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """From now on my therapist may open it."""
    done = _("Handed over. Until it is opened you can take it back.")
    return _do(request, page_id, actions.hand_page_over, done)


@page("own_page", "hand_over")
@require_POST
def take_back(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """It is mine alone again."""
    opened = _("It was opened already. You can say when you meet how that is for you.")
    return _do(request, page_id, actions.take_page_back, _("It is yours alone again."), opened)


@page("own_page", "write")
@require_POST
def put_away(request: PageRequest, page_id: UUID) -> HttpResponseBase:
    """I do not want to see it any more."""
    try:
        actions.put_page_away(actor=request.actor, at=request.at, page_id=page_id)
    except actions.SpeakingRefused as problem:
        messages.warning(request, str(problem))
        return see_other("portal:own_page", page_id)
    messages.success(request, _("Put away. Nobody can open it any more."))
    return see_other("portal:speaking")


def text_of(sent: QueryDict) -> PageText:
    """A page as a form sent it."""
    lines = tuple(zip(sent.getlist("when"), sent.getlist("what"), strict=False))
    return PageText(sent.get("title", ""), sent.get("words", ""), lines)


def _do(
    request: PageRequest, page_id: UUID, act: Callable[..., None], done: str, refused: str = ""
) -> HttpResponseBase:
    """Do one thing with a page, and say what came of it."""
    try:
        act(actor=request.actor, at=request.at, page_id=page_id)
    except actions.SpeakingRefused as problem:
        messages.warning(request, refused or str(problem))
    else:
        messages.success(request, done)
    return see_other("portal:own_page", page_id)


def _begin(request: PageRequest, kind: PageKind, text: PageText) -> UUID:
    key = as_id(request.POST.get("key", ""))
    if kind is not PageKind.PICTURE:
        return actions.begin_page(actor=request.actor, at=request.at, kind=kind, text=text, key=key)
    upload = request.FILES.get("file")
    if upload is None:
        sent = request.META.get("CONTENT_LENGTH") or "0"
        too_large = sent.isdecimal() and int(sent) > UPLOAD_ROOM
        raise FileTooLarge if too_large else actions.SpeakingRefused("file", _("Choose a picture first."))
    if upload.size is None or upload.size > UPLOAD_ROOM:
        raise FileTooLarge
    return actions.bring_picture(
        actor=request.actor, at=request.at, title=text.title, words=text.words, name=upload.name or "",
        content=upload.read(), key=key,
    )  # fmt: skip


def _editor(
    request: PageRequest, kind: PageKind, text: PageText, status: int, *, refused: str, **context: object
) -> HttpResponseBase:
    label, note = KINDS[kind]
    lines = (*text.moments, *[("", "")] * EMPTY_LINES)
    return show(
        request, "editor.html", status, kind=kind, label=label, note=note, text=text, lines=lines, refused=refused,
        key=as_id(request.POST.get("key", "")) or uuid4(), **context,
    )  # fmt: skip
