"""Who waits for a time, what they wish for, and which freed times they were offered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from rapport.clinical.sessions.states import Place
from rapport.practice.episodes.models import Episode
from rapport.practice.foundation.models import Record
from rapport.practice.organisation.models import Room
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.choices import OfferState, OfferWay
from rapport.practice.sessions.models.hours import SessionStep, TherapySession

WISH_LABEL = "sessions.wish.words"


class WaitingWish(Record):
    """Somebody waits for a time since a moment. A wish that changes is another row with the same beginning."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="wishes")
    since = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=8, blank=True, choices=[(place, place) for place in Place])
    at_short_notice = models.BooleanField(default=False)
    words_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(ended_at=None), name="one_wish_per_episode"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="wish_has_length"),
        ]

    def __str__(self) -> str:
        return f"wish {self.id}"


class WishedHours(Record):
    """A day of the week (Monday is 0) and the hours of it, by the wall, that would suit."""

    wish = models.ForeignKey(WaitingWish, on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="wish_is_a_weekday"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="wished_hours_have_length"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start}"


class SlotOffer(Record):
    """A freed time offered to somebody who waits. `freed` is the step that held the time before it became free."""

    wish = models.ForeignKey(WaitingWish, on_delete=models.PROTECT, related_name="offers")
    freed = models.ForeignKey(SessionStep, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    place = models.CharField(max_length=8, choices=[(place, place) for place in Place])
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=[(way, way) for way in OfferWay])
    token_hash = models.BinaryField(max_length=32, null=True, unique=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in OfferState])
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["therapist", "state", "start"], name="offers_of_therapist")]
        constraints = [
            models.UniqueConstraint(
                fields=["wish", "freed"], condition=Q(state=OfferState.OPEN), name="one_open_offer_per_wish"
            ),
            models.UniqueConstraint(fields=["freed"], condition=Q(state=OfferState.TAKEN), name="one_takes_a_time"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="offer_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.state} offer {self.id}"
