"""Accounts, their roles, their sign-ins and what they sign in with."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record
from rapport.practice.security.accounts.choices import LinkKind, Stage


class Account(Record):
    """Somebody who signs in. Name and address are sealed; sign-in finds the row by a keyed hash of the address."""

    login_hash = models.BinaryField(max_length=32, unique=True)
    email_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    password = models.CharField(max_length=256)
    client_id = models.UUIDField(null=True, unique=True)
    language = models.CharField(max_length=16, blank=True)  # empty: whatever the browser asks for
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"account {self.id}"


class RoleGrant(Record):
    """A role given to an account by somebody at a moment, and perhaps ended at another."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=16)
    granted_by = models.UUIDField(null=True)
    granted_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=models.Q(ended_at=None), name="one_active_grant_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.account_id}"


class SignInSession(Record):
    """One browser that signed in. The cookie holds 32 random bytes; only their hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sessions")
    token_hash = models.BinaryField(max_length=32, unique=True)
    stage = models.CharField(max_length=8, default=Stage.FULL.value)
    started_at = models.DateTimeField()
    active_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField(null=True)
    second_factor = models.CharField(max_length=16)
    device = models.CharField(max_length=60)
    held_open_until = models.DateTimeField(null=True)
    held_path = models.CharField(max_length=200)
    handed_path = models.CharField(max_length=200)  # the one place left open while somebody else holds the device
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"], name="sessions_of_account")]
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=[stage.value for stage in Stage]), name="known_stage"),
            models.CheckConstraint(
                condition=models.Q(held_open_until=None) | models.Q(held_path__startswith="/"), name="hold_names_a_room"
            ),
        ]

    def __str__(self) -> str:
        return f"session of {self.account_id}"


class TimeCode(Record):
    """An app that shows six digits every thirty seconds (TOTP, RFC 6238). Each step counts once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="time_codes")
    secret_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(removed_at=None), name="one_time_code_per_account"
            )
        ]

    def __str__(self) -> str:
        return f"time code of {self.account_id}"


class Passkey(Record):
    """A passkey's public half. The private half never leaves the person's device."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField()
    name_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey of {self.account_id}"


class RecoveryCode(Record):
    """One of ten printed codes for the day the phone is lost. Only its hash is kept; it counts once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="recovery_codes")
    code_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "code_hash"], name="recovery_codes_differ")]

    def __str__(self) -> str:
        return f"recovery code of {self.account_id}"


class SingleUseLink(Record):
    """32 random bytes that open one thing once, until they expire. Only their hash is kept."""

    kind = models.CharField(max_length=16)
    token_hash = models.BinaryField(max_length=32, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="links")
    client_id = models.UUIDField(null=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    detail_sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["kind", "client_id"], name="links_for_client")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=[kind.value for kind in LinkKind]), name="known_link"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="link_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class TryCounter(models.Model):
    """How often something was tried. Addresses fall into 65,536 buckets by keyed hash, so the rows are bounded."""

    limit = models.CharField(max_length=24)
    bucket = models.PositiveIntegerField()
    window_at = models.DateTimeField()
    tries = models.PositiveIntegerField()
    wait_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["limit", "bucket"], name="one_counter_per_bucket")]

    def __str__(self) -> str:
        return f"{self.limit}/{self.bucket}: {self.tries}"


class SentForm(Record):
    """What was sent last from one page, so that the same form sent again is known. Only hashes are kept."""

    page_hash = models.BinaryField(max_length=32, unique=True)
    form_hash = models.BinaryField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sent_forms")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"form sent by {self.account_id}"
