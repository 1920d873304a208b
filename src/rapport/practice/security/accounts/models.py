"""Accounts, their roles and their sign-in sessions."""

from __future__ import annotations

from django.db import models

from rapport.practice.foundation.models import Record


class Account(Record):
    """Somebody who signs in. Name and address are sealed; sign-in finds the row by a keyed hash of the address."""

    login_hash = models.BinaryField(max_length=32, unique=True)
    email_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    password = models.CharField(max_length=256)
    client_id = models.UUIDField(null=True, unique=True)
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
    started_at = models.DateTimeField()
    active_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField(null=True)
    second_factor = models.CharField(max_length=16)
    held_open_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"], name="sessions_of_account")]

    def __str__(self) -> str:
        return f"session of {self.account_id}"
