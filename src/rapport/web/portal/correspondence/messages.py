"""Writing to one's therapist, where both agreed to it. It says who reads it, and when."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.clinical.safety.words import shows_help
from rapport.practice.correspondence import actions, queries
from rapport.practice.correspondence.choices import Conversation
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.files.actions import FileRefused
from rapport.practice.safety.queries import crisis_card
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors import correspondence as shared
from rapport.web.doors.answers import see_other
from rapport.web.doors.files import file_answer
from rapport.web.doors.forms import as_id
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("message", "send")
@keeps_typing
def messages_page(request: PageRequest) -> HttpResponseBase:
    """What we wrote to each other; writing. Certain words bring help onto the very page that answers."""
    talk = _own(request)
    text, refused = "", ""
    if request.method == "POST" and talk is not None:
        text = request.POST.get("text", "")
        try:
            actions.send_message(
                actor=request.actor, at=request.at, episode_id=talk.episode_id, text=text,
                files=shared.attached(request), key=as_id(request.POST.get("key", "")),
            )  # fmt: skip
        except (EpisodeRefused, FileRefused) as problem:
            refused = shared.file_words(request, problem)
        else:
            return _sent(request, talk, text)
    return _page(request, talk, text, refused)


@page("message", "settle")
@require_POST
def settle(request: PageRequest) -> HttpResponseBase:
    """I have read it; there is nothing to write back."""
    talk = _own(request)
    if talk is not None:
        actions.settle_messages(actor=request.actor, at=request.at, episode_id=talk.episode_id)
    return see_other("portal:messages")


@page("message", "read")
@require_safe
def sent_file(request: PageRequest, sent_file_id: UUID) -> HttpResponseBase:
    """A file that came with a message."""
    return file_answer(queries.message_file(viewer=request.actor, at=request.at, file_id=sent_file_id))


def _own(request: PageRequest) -> Conversation | None:
    if request.actor.client_id is None:
        raise not_found(request.actor, "read", Thing("message"), at=request.at)
    return queries.own_conversation(viewer=request.actor, at=request.at)


def _sent(request: PageRequest, talk: Conversation, text: str) -> HttpResponseBase:
    if shows_help(text, get_language() or "en"):
        return _page(request, queries.own_conversation(viewer=request.actor, at=request.at), "", "", cares=True)
    messages.success(request, _("Sent."))
    return see_other("portal:messages")


def _page(
    request: PageRequest, talk: Conversation | None, text: str, refused: str, *, cares: bool = False
) -> HttpResponseBase:
    client_id = request.actor.client_id
    context = {
        "talk": talk,
        "text": text,
        "refused": refused,
        "key": uuid4(),
        "waits": talk is not None and any(not each.from_client and each.waits for each in talk.messages),
        "card": crisis_card(viewer=request.actor, at=request.at, client_id=client_id) if client_id else None,
        "cares": cares,
    }
    return render(request, "portal/correspondence/messages.html", context, status=422 if refused else 200)
