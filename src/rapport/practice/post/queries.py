"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Min, Q, When
from django.utils.translation import override

from rapport.practice.organisation.queries import practice
from rapport.practice.post.choices import KeptMail, MessageFacts, PostState, State
from rapport.practice.post.models import OutboxMessage
from rapport.practice.post.rules import URGENT, title, words_of
from rapport.practice.security.accounts.queries import language_to
from rapport.practice.security.policy.access import not_found, require
from rapport.practice.security.policy.actor import Actor, Thing

PAGE = 100


def outbox(*, viewer: Actor, at: datetime, state: State | None = None) -> tuple[MessageFacts, ...]:
    """The newest messages: what kind and where they are, never what they say."""
    require(viewer, "list", Thing("outbox"), at=at)
    rows = OutboxMessage.objects.filter(state=state) if state else OutboxMessage.objects.all()
    return tuple(_facts(row) for row in rows.order_by("-queued_at", "id")[:PAGE])


def kept_mail(*, viewer: Actor, at: datetime, message_id: UUID) -> KeptMail:
    """A message of a demo practice, to be read. In a real practice nothing is ever kept."""
    thing = Thing("outbox", id=message_id)
    require(viewer, "list", thing, at=at)
    row = OutboxMessage.objects.filter(id=message_id, state=State.KEPT).first()
    if row is None or not settings.INSTALLATION.demo:
        raise not_found(viewer, "list", thing, at=at)
    here = practice(viewer=viewer, at=at)
    with override(language_to(account_id=row.account_id, client_id=row.client_id)):
        words = words_of(row, here)
    return KeptMail(_facts(row), words)


def messages_about(*, viewer: Actor, at: datetime, about: Iterable[UUID]) -> dict[UUID, tuple[MessageFacts, ...]]:
    """Where the messages stand that speak of these things, newest first; the caller found the things to be theirs."""
    require(viewer, "watch", Thing("outbox"), at=at)
    found: dict[UUID, tuple[MessageFacts, ...]] = {}
    for row in OutboxMessage.objects.filter(about_id__in=set(about)).order_by("-queued_at", "id"):
        if row.about_id:
            found[row.about_id] = (*found.get(row.about_id, ()), _facts(row))
    return found


def already_queued(*, viewer: Actor, at: datetime, dedupes: Iterable[str]) -> set[str]:
    """Which of these causes have their message."""
    require(viewer, "watch", Thing("outbox"), at=at)
    return set(OutboxMessage.objects.filter(dedupe__in=list(dedupes)).values_list("dedupe", flat=True))


def post_state(*, viewer: Actor, at: datetime) -> PostState:
    """The post in numbers, for the bar every colleague sees."""
    require(viewer, "watch", Thing("outbox"), at=at)
    waiting = Q(state=State.QUEUED)
    unsent = OutboxMessage.objects.filter(state__in=(State.QUEUED, State.HELD, State.FAILED))  # what left, piles up
    counts = unsent.aggregate(
        queued=Count("id", filter=waiting),
        held=Count("id", filter=Q(state=State.HELD)),
        failed=Count("id", filter=Q(state=State.FAILED)),
        oldest=Min("due_at", filter=waiting & Q(due_at__lte=at)),
    )
    return PostState(counts["queued"], counts["held"], counts["failed"], counts["oldest"])


def oldest_undelivered(*, viewer: Actor, at: datetime) -> datetime | None:
    """Since when the longest-waiting message should have left; None if the post is on time."""
    return post_state(viewer=viewer, at=at).oldest_due


def due_messages(*, viewer: Actor, at: datetime, most: int) -> tuple[UUID, ...]:
    """What should be tried now: the urgent before the rest, then the least often tried, then the longest waiting.

    One message that a server hangs on would otherwise stand before the same others for ever.
    """
    require(viewer, "deliver", Thing("outbox"), at=at)
    turn = Case(When(kind=URGENT, then=0), default=1)
    rows = OutboxMessage.objects.filter(state=State.QUEUED, next_at__lte=at).order_by(turn, "attempts", "due_at", "id")
    return tuple(rows.values_list("id", flat=True)[:most])


def _facts(row: OutboxMessage) -> MessageFacts:
    return MessageFacts(
        id=row.id,
        kind=row.kind,
        title=title(row.kind),
        client_id=row.client_id,
        account_id=row.account_id,
        about_at=row.about_at,
        channel=row.channel,
        state=State(row.state),
        reason=row.reason,
        attempts=row.attempts,
        queued_at=row.queued_at,
        due_at=row.due_at,
        next_at=row.next_at,
        sent_at=row.sent_at,
    )
