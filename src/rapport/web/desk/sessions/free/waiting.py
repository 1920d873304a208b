"""Who waits, and to whom a time that has become free is offered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.clinical.kernel.errors import ClinicalError
from rapport.practice.episodes.queries import episode
from rapport.practice.sessions import actions, queries
from rapport.practice.sessions.choices import OfferState, OfferWay
from rapport.practice.sessions.queries import FreedFor, Waiting
from rapport.web.desk.head import STATES
from rapport.web.desk.sessions.frame import show
from rapport.web.desk.sessions.free.forms import WishForm
from rapport.web.desk.sessions.free.words import FITS, FREED, OFFERS, wish_words
from rapport.web.desk.sessions.words import REFUSALS, refusal
from rapport.web.doors.forms import as_id
from rapport.web.doors.page import PageRequest, page

NO_ID = UUID(int=0)


@page("waiting", "list")
def waiting_list(request: PageRequest) -> HttpResponse:
    """Everybody who waits, in order, and the times that have become free."""
    return show(
        request,
        "sessions/free/waiting_list.html",
        rows=[
            (each, wish_words(each.wish) if each.wish else "", STATES[each.state])
            for each in queries.waiting_list(viewer=request.actor, at=request.at)
        ],
        freed=shown(queries.freed(viewer=request.actor, at=request.at)),
    )


@page("waiting", "edit")
def wish(request: PageRequest, episode_id: UUID) -> HttpResponse:
    """What one person waits for."""
    facts = episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    listed = queries.waiting_list(viewer=request.actor, at=request.at)
    standing = next((each for each in listed if each.episode_id == episode_id and each.wish), None)
    form = WishForm(request.POST or None, initial=_initial(standing))
    if request.method == "POST" and form.is_valid():
        try:
            actions.wish_for_time(actor=request.actor, at=request.at, episode_id=episode_id, **form.wish)
        except (ClinicalError, ValueError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Kept. The place in the line stays the same."))
            return redirect("desk:waiting_list")
    return show(
        request,
        "sessions/free/wish.html",
        422 if request.method == "POST" else 200,
        form=form,
        episode=facts,
        standing=standing,
    )


@require_POST
@page("waiting", "edit")
def end(request: PageRequest, wish_id: UUID) -> HttpResponse:
    """Somebody waits no longer."""
    actions.end_wish(actor=request.actor, at=request.at, wish_id=wish_id)
    messages.success(request, _("Off the waiting list."))
    return redirect("desk:waiting_list")


@page("room", "read")
def offer(request: PageRequest, session_id: UUID) -> HttpResponse:
    """The time an hour has freed, and those it fits. Offering is a deliberate act."""
    hour = queries.session(viewer=request.actor, at=request.at, session_id=session_id)
    if request.method == "POST":
        words = _offer(request)
        if not words:
            return redirect("desk:offer_time", session_id)
        messages.error(request, words)
    freed = queries.freed(viewer=request.actor, at=request.at, session_id=session_id)
    return show(request, "sessions/free/offer.html", hour=hour, freed=shown(freed))


@require_POST
@page("slot_offer", "create")
def answer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    """What somebody said on the telephone, or an offer taken back."""
    who: dict[str, Any] = {"actor": request.actor, "at": request.at, "offer_id": offer_id}
    said = request.POST.get("said", "")
    try:
        if said == "yes":
            actions.accept_offer(**who)
            messages.success(request, _("Booked."))
        elif said == "no":
            actions.decline_offer(**who)
        else:
            actions.withdraw_offer(**who)
    except actions.DiaryRefusal as problem:
        messages.error(request, refusal(problem))
    return redirect("desk:waiting_list")


def shown(freed: tuple[FreedFor, ...]) -> list[dict[str, object]]:
    """Freed times as the pages show them."""
    return [
        {
            "free": each.free,
            "how": FREED[each.free.freed],
            "fits": [(one, found, FITS[found.why]) for one, found in each.fits if one.wish_id not in _asked(each)],
            "offers": [(one, OFFERS[one.state]) for one in each.offers],
        }
        for each in freed
    ]


def _asked(each: FreedFor) -> set[UUID | None]:
    return {one.wish_id for one in each.offers if one.state == OfferState.OPEN}


def _offer(request: PageRequest) -> str:
    """Offer it; what came in the way, or nothing."""
    if "step" not in request.POST or "wish" not in request.POST:
        return _("Choose to whom you offer it.")
    try:
        actions.offer_time(
            actor=request.actor,
            at=request.at,
            step_id=as_id(request.POST.get("step", "")) or NO_ID,
            wish_id=as_id(request.POST.get("wish", "")) or NO_ID,
            way=OfferWay.PHONE if request.POST.get("way") == OfferWay.PHONE else OfferWay.MAIL,
        )
    except actions.DiaryRefusal as problem:
        return str(REFUSALS[type(problem)])
    return ""


def _initial(standing: Waiting | None) -> dict[str, object]:
    if standing is None or standing.wish is None:
        return {}
    known = standing.wish
    hours = {"start": known.times[0].start, "end": known.times[0].end} if known.times else {}
    return {
        "minutes": known.minutes, "days": [each.weekday for each in known.times], "place": known.place or "",
        "at_short_notice": known.at_short_notice, "words": standing.words, **hours,
    }  # fmt: skip
