"""The audit chain: events linked by hashes, the heads of the chains, signed checkpoints."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class ChainHead(models.Model):
    """The last link of one chain. Its row is what writers queue for."""

    chain = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    link = models.BinaryField(max_length=32)
    stated = models.BigIntegerField(default=0)  # up to here a checkpoint has signed it

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.seq}"


class AuditEvent(Record):
    """One thing somebody did, tried or read. Holds opaque ids and codes; words only sealed."""

    chain = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    roles = models.CharField(max_length=64)
    session = models.CharField(max_length=32)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.UUIDField(null=True)
    client = models.UUIDField(null=True)
    purpose = models.CharField(max_length=32)
    decision = models.CharField(max_length=8)
    reason = models.CharField(max_length=200)
    detail = models.BinaryField()
    private_to = models.UUIDField(null=True)
    leaf = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_event_per_place")]
        indexes = [
            models.Index(fields=["at"], name="audit_by_moment"),
            models.Index(fields=["client", "at"], name="audit_by_client"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.action} {self.object_type}"


class Checkpoint(Record):
    """A signed statement of how far the chains reach, also written to anchors outside the data."""

    at = models.DateTimeField()
    number = models.BigIntegerField(unique=True)
    note = models.TextField()
    subtrees = models.BinaryField()  # of the tree of statements, so that the next one need not read them all

    def __str__(self) -> str:
        return f"checkpoint {self.number}"
