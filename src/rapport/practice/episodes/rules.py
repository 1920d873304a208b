"""The relationship that opens a client's record, the order of a course of therapy, and what may be written down."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.practice.episodes.choices import Agreement, EpisodeState, Problem
from rapport.practice.episodes.models import CareRelationship, Episode
from rapport.practice.foundation.once import is_one_reading, once
from rapport.practice.foundation.prepared import prepared
from rapport.practice.security.accounts.models import Account
from rapport.practice.security.policy.access import NotFound, not_found, require
from rapport.practice.security.policy.actor import Actor, Role, Thing

NO_ACCOUNT = UUID(int=0)
LINE, PASSAGE = 300, 20_000
MOST_PROBLEMS = 12
HIGHEST_FEE = Decimal(1_000_000)
TWO_DECIMALS = 2
DECIMALS = {
    "JPY": 0,
    "KRW": 0,
    "ISK": 0,
    "CLP": 0,
    "VND": 0,
    "BHD": 3,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "JOD": 3,
}  # ISO 4217

S = EpisodeState
NEXT: dict[EpisodeState, frozenset[EpisodeState]] = {
    S.REFERRED: frozenset({S.SCREENING}),
    S.SCREENING: frozenset({S.WAITING, S.ASSESSMENT, S.SIGNPOSTED, S.DECLINED, S.CLOSED}),
    S.WAITING: frozenset({S.WAITING, S.ASSESSMENT, S.SIGNPOSTED, S.DECLINED, S.CLOSED}),
    S.ASSESSMENT: frozenset({S.OFFERED, S.WAITING, S.SIGNPOSTED, S.CLOSED}),
    S.OFFERED: frozenset({S.CONTRACTED, S.ASSESSMENT, S.WAITING, S.SIGNPOSTED, S.CLOSED}),
    S.CONTRACTED: frozenset({S.ACTIVE, S.ENDING}),
    S.ACTIVE: frozenset({S.PAUSED, S.ENDING}),
    S.PAUSED: frozenset({S.ACTIVE, S.ENDING}),
    S.ENDING: frozenset({S.ACTIVE, S.FOLLOW_UP, S.CLOSED}),
    S.FOLLOW_UP: frozenset({S.CLOSED}),
    S.SIGNPOSTED: frozenset(),
    S.DECLINED: frozenset(),
    S.CLOSED: frozenset(),
}
OVER = frozenset({S.SIGNPOSTED, S.DECLINED, S.CLOSED})
BEFORE_THERAPY = frozenset({S.REFERRED, S.SCREENING, S.WAITING, S.ASSESSMENT, S.OFFERED})
IN_THERAPY = frozenset({S.CONTRACTED, S.ACTIVE, S.PAUSED, S.ENDING, S.FOLLOW_UP})
# Where a person may move an episode by hand; the others are reached by deciding, agreeing or closing.
BY_HAND = frozenset({S.ASSESSMENT, S.ACTIVE, S.PAUSED, S.ENDING, S.FOLLOW_UP})


class EpisodeRefused(ValueError):
    """Something about an episode cannot be so. `field` names what; the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StepNotAllowed(EpisodeRefused):
    """The course cannot go from where it stands to there."""


class EpisodeOver(EpisodeRefused):
    """The episode is over; what belongs to it is not changed any more."""


class ConsentMissing(EpisodeRefused):
    """Without consent to treatment there is no contract."""


class CrisisInformationNotShown(EpisodeRefused):
    """Nobody agrees to therapy here without knowing whom to call in a crisis."""


class CannotGrantSelf(EpisodeRefused):
    """Nobody opens a client's record to themselves."""


class NotATherapist(EpisodeRefused):
    """Only somebody who works here as a therapist can care for a client."""


class EditConflict(Exception):
    """Somebody saved another text meanwhile. Both are kept: theirs here, ours still with its writer."""

    def __init__(self, text: str, version: int) -> None:
        super().__init__("Another text was saved meanwhile.")
        self.text, self.version = text, version


def care_of(actor: Actor, at: datetime) -> QuerySet[CareRelationship]:
    """The care relationships this person has now. Queries filter with it: `client__in=care_of(…).values("client")`."""
    return CareRelationship.objects.filter(
        account_id=actor.id or NO_ACCOUNT, started_at__lte=at, ended_at=None, client__erased_at=None
    )


def clients_in_care(actor: Actor, at: datetime) -> QuerySet[Any, Any]:
    """The ids of the clients in this person's care, as a subquery."""
    return care_of(actor, at).values("client_id")


def carers_in_order(**of: Any) -> QuerySet[CareRelationship]:
    """Who cares now, the therapist of record first: whoever has cared for longest and still does.

    Somebody who joins to cover does not take that place; it passes on when the care that was first ends.
    """
    return CareRelationship.objects.filter(**of, ended_at=None).order_by("started_at", "id")


@once
def therapist_of_record(episode_id: UUID) -> UUID | None:
    """Whose course this is: who answers for the agreement, is told of messages and sees the frame."""
    return next(iter(_carers(episode_id)), None)


@prepared
def _carers(episode_id: UUID) -> QuerySet[CareRelationship, UUID]:
    return carers_in_order(episode=episode_id).values_list("account_id", flat=True)


@once
def cared_for(actor: Actor, at: datetime) -> frozenset[UUID]:
    """The ids of the clients in this person's care, asked once a page."""
    return frozenset(_cared_for(actor, at))


@prepared
def _cared_for(actor: Actor, at: datetime) -> QuerySet[CareRelationship, UUID]:
    return care_of(actor, at).values_list("client_id", flat=True)


def cares_for(actor: Actor, client_id: UUID, at: datetime) -> bool:
    """Whether this person is a therapist of this client now."""
    if is_one_reading():
        return client_id in cared_for(actor, at)
    return bool(_cared_for_one(actor, at, client_id))


@prepared
def _cared_for_one(actor: Actor, at: datetime, client_id: UUID) -> QuerySet[CareRelationship, UUID]:
    return care_of(actor, at).filter(client_id=client_id).values_list("id", flat=True)[:1]


def visible_episodes(actor: Actor, at: datetime) -> QuerySet[Episode]:
    """The episodes of clients in this person's care, and a client's own."""
    in_care = Q(client__in=care_of(actor, at).values("client"))
    return Episode.objects.filter(in_care | Q(client_id=actor.client_id or NO_ACCOUNT))


def hidden(actor: Actor, action: str, thing: Thing, at: datetime) -> NotFound:
    """The refusal for what this person may not know of; a function their role never has is refused as that."""
    require(actor, action, thing, at=at)
    return not_found(actor, action, thing, at=at)


@once
def _seen(actor: Actor, at: datetime, episode_id: UUID) -> Episode | None:
    """The episode, if this person sees it; asked once while a page is read."""
    return next(iter(_visible(actor, at, episode_id)), None)


@prepared
def _visible(actor: Actor, at: datetime, episode_id: UUID) -> QuerySet[Episode]:
    return visible_episodes(actor, at).filter(id=episode_id)


def find_episode(actor: Actor, at: datetime, episode_id: UUID, resource: str, action: str) -> Episode:
    """The episode, if this person may do this with it; unknown and foreign are refused alike, by the same statement."""
    row = _seen(actor, at, episode_id)
    if row is None:
        raise hidden(actor, action, Thing(resource, id=episode_id), at)
    require(actor, action, Thing(resource, id=episode_id, client=row.client_id, released=True), at=at)
    return row


def during(episode: Episode, moment: str) -> dict[str, datetime]:
    """The condition that a moment lies in a course, for what belongs to the client and not to one course."""
    ended = {} if episode.closed_at is None else {f"{moment}__lte": episode.closed_at}
    return {f"{moment}__gte": episode.opened_at, **ended}


def check_step(now: EpisodeState, to: EpisodeState) -> None:
    """Refuse a step that the course of therapy does not know."""
    if to not in NEXT[now]:
        raise StepNotAllowed(
            "state", _("From here the course cannot go there. Load the page again to see where it stands.")
        )


def check_open(episode: Episode) -> None:
    """Refuse to change what is over."""
    if episode.closed_at is not None:
        raise EpisodeOver("episode", _("This course is over. Open a new one to continue."))


def words(field: str, text: str, *, longest: int = PASSAGE, required: bool = False) -> str:
    """A text as it is kept: composed, its line breaks plain, nothing in it that cannot be shown."""
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in tidy):
        raise EpisodeRefused(field, _("This contains a character that cannot be shown. Type it again."))
    if required and not tidy:
        raise EpisodeRefused(field, _("Please fill this in."))
    if len(tidy) > longest:
        raise EpisodeRefused(field, _("This is too long: at most %(longest)d characters.") % {"longest": longest})
    return tidy


def check_therapist(account_id: UUID) -> None:
    """Refuse anybody who does not work here as a therapist now."""
    working = Account.objects.filter(id=account_id, disabled_at=None, client_id=None)
    if not working.filter(role_grants__role=Role.THERAPIST, role_grants__ended_at=None).exists():
        raise NotATherapist("therapist", _("Choose somebody who works here as a therapist."))


def check_scale(field: str, value: int) -> int:
    """A whole number from 0 to 10."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
        raise EpisodeRefused(field, _("Choose a whole number from 0 to 10."))
    return value


def check_problems(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems as they are kept, the heaviest first."""
    if len(problems) > MOST_PROBLEMS:
        raise EpisodeRefused(
            "problems", _("At most %(most)d problems. Join those that belong together.") % {"most": MOST_PROBLEMS}
        )
    kept = [
        Problem(
            each.domain,
            words("problems", each.words, longest=2000, required=True),
            check_scale("problems", each.impact),
        )
        for each in problems
    ]
    return tuple(sorted(kept, key=lambda problem: -problem.impact))


def check_money(field: str, amount: Decimal, currency: str) -> Decimal:
    """An exact amount, with no more decimals than the currency has."""
    decimals = DECIMALS.get(currency, TWO_DECIMALS)
    if not amount.is_finite() or not 0 <= amount < HIGHEST_FEE:
        raise EpisodeRefused(field, _("Give an amount of zero or more."))
    exact = amount.quantize(Decimal(1).scaleb(-decimals))
    if exact != amount:
        raise EpisodeRefused(
            field, _("This currency has %(decimals)d decimals. Round the amount.") % {"decimals": decimals}
        )
    return exact


def check_agreement(agreement: Agreement) -> None:
    """Refuse terms that cannot be agreed; the clinical floor knows the frame's limits, the house its own."""
    check_money("fee", agreement.fee, agreement.currency)
    if len(agreement.currency) != 3 or not (agreement.currency.isascii() and agreement.currency.isupper()):
        raise EpisodeRefused("currency", _("Give the currency's three letters, such as GBP."))
    limits = (
        ("length_minutes", agreement.length_minutes, 10, 240),
        ("notice_hours", agreement.notice_hours, 0, 720),
        ("holiday_notice_weeks", agreement.holiday_notice_weeks, 0, 26),
        ("late_wait_minutes", agreement.late_wait_minutes, 0, agreement.length_minutes),
        ("first_review", agreement.first_review, 1, 200),
        ("review_every", agreement.review_every, 1, 200),
        ("planned_sessions", agreement.planned_sessions or 1, 1, 500),
    )
    for field, value, low, high in limits:
        if not low <= value <= high:
            raise EpisodeRefused(field, _("Give a number from %(low)d to %(high)d.") % {"low": low, "high": high})
    if not Decimal("0.25") <= agreement.per_week <= 5:
        raise EpisodeRefused("per_week", _("Give between 0.25 (every four weeks) and 5 a week."))


def days_waiting(received_on: date, at: datetime, zone: ZoneInfo) -> int:
    """Whole days by the practice's calendar."""
    return max(0, (at.astimezone(zone).date() - received_on).days)
