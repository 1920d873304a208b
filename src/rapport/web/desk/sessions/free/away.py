"""Time away: entering it, what falls out, and giving it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.practice.episodes.queries import holiday_notice
from rapport.practice.organisation.queries import practice_zone
from rapport.practice.security.policy.actor import Role
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import BlockKind
from rapport.practice.sessions.queries import SessionFacts
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.free.forms import KINDS, AwayForm
from rapport.web.desk.sessions.words import refusal
from rapport.web.doors.page import PageRequest, page

SHOWN_AHEAD = timedelta(days=366)


@page("time_block", "list")
def away(request: PageRequest) -> HttpResponse:
    """What is kept free, and keeping more free. Hours booked then come back, to be left out or to stay."""
    may_close = Role.MANAGER in request.actor.roles
    if request.method != "POST":
        return _show(request, AwayForm(initial={"kind": BlockKind.HOLIDAY.value}, may_close=may_close))
    hours = queries.hours_named(viewer=request.actor, at=request.at, session_ids=_seen(request))
    form = AwayForm(request.POST, hours=_labels(request, hours), may_close=may_close)
    if not form.is_valid():
        return _show(request, form, 422)
    start, end = form.period
    try:
        actions.block_time(
            actor=request.actor, at=request.at, start=start, end=end, kind=BlockKind(form.cleaned_data["kind"]),
            words=form.cleaned_data["words"], whole_practice=form.cleaned_data.get("whole_practice", False),
            fall_out=form.falling_out, stay=form.staying,
        )  # fmt: skip
    except actions.HoursInTheWay:
        return _ask(request, form, may_close=may_close)
    except actions.DiaryRefusal as problem:
        form.add_error("last", refusal(problem))
        return _show(request, form, 422)
    _say(request, len(form.falling_out), len(form.staying))
    return redirect("desk:away")


@require_POST
@page("time_block", "end")
def end(request: PageRequest, block_id: UUID) -> HttpResponse:
    """Give a time back."""
    actions.unblock_time(actor=request.actor, at=request.at, block_id=block_id)
    messages.success(request, _("The time is free again. Hours that fell out do not come back by themselves."))
    return redirect("desk:away")


def _ask(request: PageRequest, form: AwayForm, *, may_close: bool) -> HttpResponse:
    """The same form again with every hour that is booked then, each to be ticked."""
    start, end = form.period
    hours = queries.hours_booked(
        viewer=request.actor, at=request.at, start=start, end=end,
        everybody=form.cleaned_data.get("whole_practice", False),
    )  # fmt: skip
    data = request.POST.copy()
    keys = [str(hour.id) for hour in hours]
    data["seen"] = ",".join(keys)
    data.setlist("fall_out", keys)
    again = AwayForm(data, hours=_labels(request, hours), may_close=may_close)
    return _show(request, again, 422, asks=len(hours))


def _labels(request: PageRequest, hours: Sequence[SessionFacts]) -> list[tuple[str, str]]:
    """Each hour in words; where less notice is left than was agreed, it says so and refuses nothing."""
    courses = {hour.episode_id for hour in hours}
    notice = holiday_notice(viewer=request.actor, at=request.at, episode_ids=courses)
    found = []
    with timezone.override(practice_zone()):
        for hour in hours:
            weeks = notice[hour.episode_id]
            words = f"{formats.date_format(hour.planned_start, 'D j M, H:i')} · {hour.client_name}"
            if hour.planned_start - request.at < timedelta(weeks=weeks):
                words += " · " + ngettext(
                    "less than the agreed week of notice", "less than the agreed %(weeks)d weeks of notice", weeks
                ) % {"weeks": weeks}
            found.append((str(hour.id), words))
    return found


def _seen(request: PageRequest) -> list[UUID]:
    form = AwayForm(request.POST, may_close=False)
    form.is_valid()
    return sorted(form.staying) if hasattr(form, "cleaned_data") else []


def _say(request: PageRequest, out: int, stay: int) -> None:
    words = [_("This time is kept free.")]
    if out:
        words.append(ngettext("One hour fell out.", "%(n)d hours fell out.", out) % {"n": out})
    if stay:
        words.append(ngettext("One hour stays: move it.", "%(n)d hours stay: move them.", stay) % {"n": stay})
    messages.success(request, " ".join(words))


def _show(request: PageRequest, form: AwayForm, status: int = 200, asks: int = 0) -> HttpResponse:
    blocks = queries.blocks_between(viewer=request.actor, at=request.at, start=request.at, end=request.at + SHOWN_AHEAD)
    mine = [
        (block, KINDS[block.kind], block.end - timedelta(seconds=1), block.therapist_id == request.actor.id)
        for block in blocks
        if block.source_id is None and block.therapist_id in {None, request.actor.id}
    ]
    return show(
        request, "sessions/free/away.html", status, form=form, blocks=mine, asks=asks,
        may_close=Role.MANAGER in request.actor.roles,
    )  # fmt: skip
