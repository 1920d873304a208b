"""The inbox, a new referral, and what becomes of each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.practice.clients.queries import namesakes
from rapport.practice.clients.rules.wording import DetailRefused
from rapport.practice.episodes import actions, queries
from rapport.practice.episodes.choices import ReferralIds
from rapport.practice.episodes.rules import EpisodeRefused
from rapport.practice.organisation.queries import practice
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.policy.access import can
from rapport.practice.security.policy.actor import Role, Thing
from rapport.web.desk.clients.forms import ClientForm, SafeContactForm
from rapport.web.desk.episodes import words
from rapport.web.desk.episodes.forms import OutcomeForm, ReferralForm, Together, problem_rows, refused
from rapport.web.doors.answers import see_other
from rapport.web.doors.page import PageRequest, page


@page("referral", "list")
@require_safe
def referrals(request: PageRequest) -> HttpResponseBase:
    """Who asked to come, those who need somebody soonest first."""
    given: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    named = staff_names()
    rows = [_row(row, named) for row in queries.referral_inbox(**given)]
    decided = [_row(row, named) for row in queries.decided_referrals(**given)]
    longest = max((row["facts"].days_waiting for row in rows), default=0)
    context = {"rows": rows, "decided": decided, "longest": longest}
    return render(request, "desk/episodes/referrals.html", context)


@page("referral", "create")
def new_referral(request: PageRequest) -> HttpResponseBase:
    """Type a referral: safe contact first, then the person, then what they said."""
    safe = SafeContactForm(request.POST or None, prefix="safe", initial={"days": [str(day) for day in range(7)]})
    person = ClientForm(request.POST or None, prefix="person", today=today(request))
    asked = ReferralForm(
        request.POST or None,
        prefix="referral",
        therapists=_choice_of_therapist(request),
        initial={"received_on": today(request)},
    )
    problems = problem_rows(request.POST)
    together = Together(safe, person, asked, *problems.forms)
    if request.method == "POST" and together.are_valid():
        made = _record(request, safe, person, asked, problems.problems())
        if made:
            _say_kept(request, person, made)
            readable = can(request.actor, "read", Thing("referral", client=made.client_id), at=request.at).allow
            return see_other("desk:referral", made.referral_id) if readable else see_other("desk:referrals")
    context = {"safe": safe, "person": person, "asked": asked, "problems": problems, "together": together}
    return render(request, "desk/episodes/referral_new.html", context, status=422 if together.errors else 200)


@page("referral", "read")
@require_safe
def referral(request: PageRequest, referral_id: UUID) -> HttpResponseBase:
    """One referral, in the client's own words."""
    return _referral_page(request, referral_id, OutcomeForm())


@page("referral", "read")
@require_safe
def referral_of_course(request: PageRequest, episode_id: UUID) -> HttpResponseBase:
    """The referral a course began with. One that was brought from elsewhere has none, and its assessment says more."""
    course = queries.episode(viewer=request.actor, at=request.at, episode_id=episode_id)
    found = queries.referral_of(viewer=request.actor, at=request.at, episode_id=course.id)
    if found is None:
        messages.info(request, _("This course did not begin with a referral here."))
        return see_other("desk:assessment", course.id)
    return see_other("desk:referral", found.id)


@page("referral", "decide")
@require_POST
def decide(request: PageRequest, referral_id: UUID) -> HttpResponseBase:
    """What becomes of it."""
    form = OutcomeForm(request.POST)
    if form.is_valid():
        given = form.given()
        try:
            actions.decide_referral(actor=request.actor, at=request.at, referral_id=referral_id, **given)
        except EpisodeRefused as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Decided: %(outcome)s.") % {"outcome": words.OUTCOMES[given["outcome"]]})
            return see_other("desk:referral", referral_id)
    return _referral_page(request, referral_id, form)


@page("referral", "decide")
@require_POST
def consent_to_refer(request: PageRequest, referral_id: UUID) -> HttpResponseBase:
    """The client agreed that somebody else asked for them."""
    actions.record_consent_to_refer(actor=request.actor, at=request.at, referral_id=referral_id)
    messages.success(request, _("Their consent is kept."))
    return see_other("desk:referral", referral_id)


def today(request: PageRequest) -> date:
    return request.at.astimezone(practice(viewer=request.actor, at=request.at).zone).date()


def _referral_page(request: PageRequest, referral_id: UUID, form: OutcomeForm) -> HttpResponse:
    facts = queries.referral(viewer=request.actor, at=request.at, referral_id=referral_id)
    context = {
        "referral": facts,
        "source": words.SOURCES[facts.details.source],
        "urgency": words.URGENCIES[facts.details.urgency],
        "problems": [(each, words.DOMAINS[each.domain]) for each in facts.details.problems],
        "outcomes": [(each, words.OUTCOMES[each.outcome]) for each in reversed(facts.outcomes)],
        "missing": [(str(each), words.MISSING[each]) for each in facts.missing],
        "undecided": facts.outcome in {None, "waiting"},
        "recorded_by": staff_names().get(facts.recorded_by, ""),
        "form": form,
    }
    return render(request, "desk/episodes/referral.html", context, status=422 if form.errors else 200)


def _row(facts: Any, named: dict[UUID, str]) -> dict[str, Any]:
    return {
        "facts": facts,
        "need": words.NEEDS[facts.need],
        "missing": [words.MISSING[each] for each in facts.missing],
        "source": words.SOURCES[facts.source] if facts.source else "",
        "outcome": words.OUTCOMES[facts.outcome] if facts.outcome else "",
        "therapist": named.get(facts.therapist_id, ""),
    }


def _choice_of_therapist(request: PageRequest) -> tuple[tuple[UUID, str], ...]:
    """A manager chooses who will see them; a therapist alone takes them on."""
    if Role.MANAGER not in request.actor.roles:
        return ()
    found = queries.therapists(viewer=request.actor, at=request.at)
    alone = [account for account, _name in found] == [request.actor.id]
    return () if alone else found


def _record(
    request: PageRequest, safe: SafeContactForm, person: ClientForm, asked: ReferralForm, problems: Any
) -> ReferralIds | None:
    """Keep it all, or say beside the field why not."""
    try:
        return actions.record_referral(
            actor=request.actor,
            at=request.at,
            client=person.details(),
            safe_contact=safe.contact() if safe.has_changed() else None,  # left as it was, nobody has asked
            referral=asked.details(problems),
            therapist_id=asked.cleaned_data.get("therapist"),
        )
    except EpisodeRefused as refusal:
        refused(asked, refusal)
    except DetailRefused as refusal:
        person.add_error(refusal.field if refusal.field in person.fields else None, str(refusal))
    return None


def _say_kept(request: PageRequest, person: ClientForm, made: ReferralIds) -> None:
    messages.success(request, _("The referral is kept."))
    details = person.details()
    if namesakes(
        viewer=request.actor,
        at=request.at,
        name=details.name,
        date_of_birth=details.date_of_birth,
        besides=made.client_id,
    ):
        messages.warning(request, _("Another client has the same name and may be the same person. Please check."))
