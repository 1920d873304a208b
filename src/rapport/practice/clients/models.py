"""The person, as the practice knows them. Everything about them is sealed under their own key."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class Client(Record):
    """Somebody who comes, or asks to come, to the practice."""

    name_sealed = models.BinaryField()
    details_sealed = models.BinaryField(default=b"")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    edited_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"client {self.id}"


class SafeContactVersion(Record):
    """How the client may be reached, as they said at one moment. Never changed: a new wish is a new version.

    All of it is sealed: that somebody shares a telephone or may not be called can itself be dangerous to know.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="safe_contacts")
    version = models.PositiveIntegerField()
    content_sealed = models.BinaryField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "version"], name="one_safe_contact_per_version")]

    def __str__(self) -> str:
        return f"safe contact {self.version} of {self.client_id}"


class Consent(Record):
    """Something a client said about one purpose at one moment. The last word counts; none is ever changed."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="consents")
    number = models.PositiveIntegerField()
    purpose = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    text_version = models.PositiveIntegerField()
    method = models.CharField(max_length=8)
    scope_sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "number"], name="one_consent_per_number")]
        indexes = [models.Index(fields=["client", "purpose", "number"], name="consents_of_client")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state} by {self.client_id}"
