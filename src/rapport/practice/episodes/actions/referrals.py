"""Taking a referral on and deciding what becomes of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.clinical.episodes.referral import ReferralOutcome, ReferralSource
from rapport.practice.clients.actions import register_client
from rapport.practice.clients.choices import ClientDetails, SafeContact
from rapport.practice.clients.queries import names
from rapport.practice.episodes.actions.steps import Course
from rapport.practice.episodes.choices import EpisodeState, ReferralDetails, ReferralIds
from rapport.practice.episodes.models import Episode, Referral, ReferralDecision
from rapport.practice.episodes.queries.referrals import OUTCOME_WORDS, REFERRAL_WORDS
from rapport.practice.episodes.rules import (
    LINE,
    CannotGrantSelf,
    EpisodeRefused,
    care_of,
    cares_for,
    check_problems,
    check_therapist,
    hidden,
    words,
)
from rapport.practice.organisation.rules import practice_zone
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import action, require
from rapport.practice.security.policy.actor import Actor, Role, Thing

FINAL = frozenset(ReferralOutcome) - {ReferralOutcome.WAITING}
LEADS_TO = {
    ReferralOutcome.ACCEPTED: EpisodeState.ASSESSMENT,
    ReferralOutcome.WAITING: EpisodeState.WAITING,
    ReferralOutcome.SIGNPOSTED: EpisodeState.SIGNPOSTED,
    ReferralOutcome.DECLINED: EpisodeState.DECLINED,
    ReferralOutcome.WITHDRAWN: EpisodeState.CLOSED,
}


class AlreadyDecided(EpisodeRefused):
    """This referral was decided for good."""


@action
def record_referral(
    *,
    actor: Actor,
    at: datetime,
    client: ClientDetails,
    safe_contact: SafeContact | None,
    referral: ReferralDetails,
    therapist_id: UUID | None = None,
) -> ReferralIds:
    """Take somebody new on: the person and their safe contact, a course of therapy, its referral, who cares.

    A therapist takes them into their own care unless another therapist is named; a manager names a therapist, and can
    afterwards read nothing of what was typed.
    """
    require(actor, "create", Thing("referral"), at=at)
    carer = _carer(actor, therapist_id)
    client_id = register_client(actor=actor, at=at, name=client.name, details=client, safe_contact=safe_contact)
    return _open(actor, at, client_id, carer, referral)


@action
def record_return(
    *, actor: Actor, at: datetime, client_id: UUID, referral: ReferralDetails, therapist_id: UUID | None = None
) -> ReferralIds:
    """Take a former client on again, in a new course of therapy; what was before stays with who cared then."""
    require(actor, "create", Thing("referral"), at=at)
    known = cares_for(actor, client_id, at)
    if not known and (Role.MANAGER not in actor.roles or not names(viewer=actor, at=at, client_ids=[client_id])):
        raise hidden(actor, "create", Thing("referral", id=client_id), at)
    carer = _carer(actor, therapist_id)
    if carer == actor.id and not known:
        raise CannotGrantSelf("therapist", _("You cannot open a client's record to yourself. Ask another manager."))
    return _open(actor, at, client_id, carer, referral)


@action
def record_consent_to_refer(*, actor: Actor, at: datetime, referral_id: UUID) -> None:
    """The client agreed that somebody else referred them."""
    row, course = _find(actor, at, referral_id, "decide")
    if row.consented_at is None:
        Referral.objects.filter(id=row.id).update(consented_at=at, consent_recorded_by=actor.account)
        course.record("edit", "referral", row.id)


@action
def decide_referral(
    *, actor: Actor, at: datetime, referral_id: UUID, outcome: ReferralOutcome, reason: str = "", where: str = ""
) -> None:
    """Accept, let wait, signpost, decline, or note that it was withdrawn. A person who is turned away is told why."""
    row, course = _find(actor, at, referral_id, "decide")
    last = row.decisions.order_by("-number").first()
    if last is not None and last.outcome in FINAL:
        raise AlreadyDecided("outcome", _("This referral is decided already."))
    kept = {
        "reason": words("reason", reason, required=outcome in {ReferralOutcome.DECLINED, ReferralOutcome.WAITING}),
        "where": words("where", where, required=outcome is ReferralOutcome.SIGNPOSTED),
    }
    decision_id = uuid.uuid4()
    ReferralDecision.objects.create(
        id=decision_id,
        referral=row,
        number=last.number + 1 if last else 1,
        outcome=outcome,
        at=at,
        by=actor.account,
        words_sealed=keys.seal_data(course.drawer, OUTCOME_WORDS, decision_id, kept),
    )
    course.record("decide", "referral", row.id, reason=str(outcome))
    if course.state() is EpisodeState.REFERRED:
        course.enter(EpisodeState.SCREENING)
    course.enter(LEADS_TO[outcome])


def _carer(actor: Actor, therapist_id: UUID | None) -> UUID:
    """Who will care: the one named, otherwise the therapist who types."""
    if therapist_id is None and Role.THERAPIST not in actor.roles:
        raise EpisodeRefused("therapist", _("Choose the therapist who will see this person."))
    carer = therapist_id or actor.account
    check_therapist(carer)
    return carer


def _open(actor: Actor, at: datetime, client_id: UUID, carer: UUID, given: ReferralDetails) -> ReferralIds:
    today = at.astimezone(practice_zone()).date()
    if given.received_on > today:
        raise EpisodeRefused("received_on", _("This day has not come yet. When did the request arrive?"))
    kept = {
        "source": given.source,
        "urgency": given.urgency,
        "referrer": words("referrer", given.referrer, longest=LINE),
        "reason": words("reason", given.reason),
    }
    problems = check_problems(given.problems)
    course = Course(Episode.objects.create(id=uuid.uuid4(), client_id=client_id, opened_at=at), actor, at)
    course.record("open", "episode", course.episode.id)
    course.grant(carer)
    course.write_state(EpisodeState.REFERRED, "", number=1)
    agreed = given.consents_to_refer or given.source is ReferralSource.SELF
    referral_id = uuid.uuid4()
    Referral.objects.create(
        id=referral_id,
        episode=course.episode,
        received_on=given.received_on,
        recorded_at=at,
        recorded_by=actor.account,
        consented_at=at if agreed else None,
        consent_recorded_by=actor.account if agreed else None,
        words_sealed=keys.seal_data(course.drawer, REFERRAL_WORDS, referral_id, kept),
    )
    course.record("create", "referral", referral_id)
    if problems:
        course.keep_problems(problems)
    return ReferralIds(client_id, course.episode.id, referral_id)


def _find(actor: Actor, at: datetime, referral_id: UUID, verb: str) -> tuple[Referral, Course]:
    """A referral in the actor's care; unknown and foreign are refused alike."""
    rows = Referral.objects.select_related("episode").filter(episode__client__in=care_of(actor, at).values("client"))
    row = rows.filter(id=referral_id).first()
    if row is None:
        raise hidden(actor, verb, Thing("referral", id=referral_id), at)
    require(actor, verb, Thing("referral", id=row.id, client=row.episode.client_id), at=at)
    return row, Course(row.episode, actor, at)
