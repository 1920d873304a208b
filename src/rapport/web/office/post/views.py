"""The outbox, for the office: where messages are, and in a demo what they say."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render

from rapport.practice.clients.queries import names
from rapport.practice.post.choices import State
from rapport.practice.post.queries import kept_mail, outbox, post_state
from rapport.practice.post.rules import reason_words
from rapport.practice.security.accounts.queries import staff_names
from rapport.web.doors.page import PageRequest, page


@page("outbox", "list")
def messages_out(request: PageRequest) -> HttpResponseBase:
    """The newest messages and where they are."""
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in set(State) else None
    viewer, at = request.actor, request.at
    rows = outbox(viewer=viewer, at=at, state=state)
    people = staff_names() | names(viewer=viewer, at=at, client_ids=[row.client_id for row in rows if row.client_id])
    lines = [
        (row, people.get(row.client_id or row.account_id or UUID(int=0), ""), reason_words(row.reason)) for row in rows
    ]
    context = {
        "lines": lines,
        "post": post_state(viewer=viewer, at=at),
        "state": state,
        "now": at,
        "states": list(State),
        "demo_mail": settings.INSTALLATION.demo,
    }
    return render(request, "office/post/outbox.html", context)


@page("outbox", "list")
def message(request: PageRequest, message_id: UUID) -> HttpResponseBase:
    """A message of a demo practice, to be read. In a real practice there is no such page."""
    mail = kept_mail(viewer=request.actor, at=request.at, message_id=message_id)
    return render(request, "office/post/message.html", {"mail": mail})
