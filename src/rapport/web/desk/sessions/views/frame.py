"""The frame of a course, for its therapist alone; and contacts between hours, written down by whoever cares."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.practice.episodes.queries import episode, terms
from rapport.practice.sessions import actions, queries
from rapport.web.desk.sessions import strips
from rapport.web.desk.sessions.contact_form import ContactForm
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page
from rapport.web.doors.typing import finds_typing, keeps_typing

CONTACTS_SHOWN = 12


@page("frame", "read")
@finds_typing("desk:contact_record")
def frame(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Strips, contacts and changes, with the sentence that they are information."""
    found = queries.frame(viewer=request.actor, at=request.at, episode_id=episode_id)
    counts = found.counts
    return show(
        request,
        "sessions/frame/frame.html",
        frame=found,
        strips=strips.strips(found.drifts),
        rows=strips.rows(found.drifts),
        crisis=strips.who_counts(counts.crisis),
        other=strips.who_counts(counts.other),
        purposes=[(strips.PURPOSES[why], n) for why, n in counts.by_purpose],
        contacts=[
            (one, strips.INITIATORS[one.initiator], strips.PURPOSES[one.purpose], strips.CHANNELS[one.channel])
            for one in found.contacts[:CONTACTS_SHOWN]
        ],
        changes=[(change.at, strips.CHANGES[change.kind]) for change in found.changes],
        form=ContactForm(),
    )


@page("contact_event", "create")
@keeps_typing
def record(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """Write down a contact between hours."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_contact(actor=request.actor, at=request.at, episode_id=episode_id, **form.details)
        except actions.WritingRefused as problem:
            form.add_error("words" if isinstance(problem, actions.WordsTooLong) else "day", refusal(problem))
        else:
            messages.success(request, _("Written down."))
            return _back(request, episode_id)
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    agreed = terms(viewer=request.actor, at=request.at, episode_id=episode_id)
    status = 422 if form.errors else 200
    return show(request, "sessions/frame/contact.html", status, episode=facts, agreed=agreed, form=form)


@require_POST
@page("contact_event", "edit")
def void(request: PageRequest, contact_id: UUID) -> HttpResponseRedirect:
    """It was written down by mistake."""
    episode_id = actions.void_contact(actor=request.actor, at=request.at, contact_id=contact_id)
    messages.success(request, _("Taken back."))
    return _back(request, episode_id)


def _back(request: PageRequest, episode_id: UUID) -> HttpResponseRedirect:
    """To the frame for whose it is, to the sessions for a colleague."""
    is_own = queries.has_frame(viewer=request.actor, at=request.at, episode_id=episode_id)
    return see_other("desk:frame" if is_own else "desk:sessions", episode_id)
