"""Secure messages with a client, on the terms both agreed."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.correspondence import actions, queries
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.files.actions import FileRefused
from rapport.web.desk.head import case_header
from rapport.web.doors import correspondence as shared
from rapport.web.doors.answers import see_other
from rapport.web.doors.files import file_answer
from rapport.web.doors.forms import as_id
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import keeps_typing


@page("message", "send")
@keeps_typing
def messages_page(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """What was written; writing."""
    text, refused = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            actions.send_message(
                actor=request.actor, at=request.at, episode_id=episode_id, text=text,
                files=shared.attached(request), key=as_id(request.POST.get("key", "")),
            )  # fmt: skip
        except (EpisodeRefused, FileRefused) as problem:
            refused = shared.file_words(request, problem)
        else:
            messages.success(request, _("Sent. The client hears only that something waits in the portal."))
            return see_other("desk:messages", episode_id)
    found = queries.conversation(viewer=request.actor, at=request.at, episode_id=episode_id)
    context = {
        "case": case_header(request, episode_id),
        "talk": found,
        "text": text,
        "refused": refused,
        "key": uuid4(),
        "waits": any(each.from_client and each.waits for each in found.messages),
    }
    return render(request, "desk/correspondence/messages.html", context, status=422 if refused else 200)


@page("message", "settle")
@require_POST
def settle(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Nothing to write back."""
    actions.settle_messages(actor=request.actor, at=request.at, episode_id=episode_id)
    messages.success(request, _("Put aside. It no longer waits for an answer."))
    return see_other("desk:messages", episode_id)


@page("message", "read")
@require_safe
def sent_file(request: PageRequest, sent_file_id: UUID) -> HttpResponseBase:
    """A file that came with a message."""
    return file_answer(queries.message_file(viewer=request.actor, at=request.at, file_id=sent_file_id))
