"""What makes speaking easier. What the client says and makes is theirs, sealed under their key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from rapport.clinical.speaking.openers import Method, Moment
from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.clients.models import Client
from rapport.practice.episodes.models import Episode
from rapport.practice.files.models import StoredFile
from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.models import Account
from rapport.practice.sessions.models import TherapySession
from rapport.practice.speaking.choices import PageKind, PageState, SaidFrom

PREPARED_LABEL = "speaking.preparation.said"
RUNG_LABEL = "speaking.rung.choice"
PAGE_LABEL = "speaking.page.text"
COMFORT_LABEL = "speaking.comfort.content"
OPENER_LABEL = "speaking.opener.words"


class Preparation(Record):
    """What a client would like an hour to be. It may change until the hour begins."""

    session = models.OneToOneField(TherapySession, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    said_sealed = models.BinaryField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "saved_at"], name="preparations_of_client")]

    def __str__(self) -> str:
        return f"preparation of {self.session_id}"


class RungChoice(Record):
    """Today's rung. Chosen again, it is a new row; the last one counts, and none is counted."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    choice_sealed = models.BinaryField()
    said_from = models.CharField(max_length=12, choices=[(way, way) for way in SaidFrom])
    said_at = models.DateTimeField()
    said_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["client", "said_at"], name="rungs_of_client")]

    def __str__(self) -> str:
        return f"rung of {self.client_id}"


class OwnPage(Record):
    """Something a client made. Nobody else reads it until they hand it over; unread, it can be taken back."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in PageKind])
    state = models.CharField(max_length=12, choices=[(state, state) for state in PageState])
    text_sealed = models.BinaryField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "state"], name="pages_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[PageState.OWN, PageState.PUT_AWAY], handed_at=None, read_at=None)
                | Q(state=PageState.HANDED_OVER, handed_at__isnull=False, read_at=None)
                | Q(state=PageState.READ, handed_at__isnull=False, read_at__isnull=False, read_by__isnull=False),
                name="page_is_read_only_after_it_was_handed_over",
            )
        ]

    def __str__(self) -> str:
        return f"page {self.id}"


class ComfortVersion(Record):
    """How a client is at ease, as it was said at one moment. A new wish is a new version; the open one is current."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    by_client = models.BooleanField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="one_comfort_per_version"),
            models.UniqueConstraint(fields=["client"], condition=Q(replaced_at=None), name="one_current_comfort"),
        ]

    def __str__(self) -> str:
        return f"comfort {self.number} of {self.client_id}"


class OpenerStar(Record):
    """A sentence a therapist likes. Their own business."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    starred_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], condition=Q(ended_at=None), name="one_star_per_sentence")
        ]

    def __str__(self) -> str:
        return f"star for {self.key}"


class OwnOpener(Record):
    """A therapist's own sentence, sealed under their own key."""

    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=16, choices=[(moment, moment) for moment in Moment])
    method = models.CharField(max_length=16, choices=[(method, method) for method in Method])
    words_sealed = models.BinaryField()
    added_at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sentence {self.id}"


class TrustMoment(Record):
    """A trust step done in one course; a slip is taken back, not erased."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=12, choices=[(step, step) for step in TrustStep])
    done_at = models.DateTimeField()
    done_by = models.UUIDField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "step"], condition=Q(undone_at=None), name="one_trust_step_per_course"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} in {self.episode_id}"
