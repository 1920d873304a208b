"""The few words the entrance is made of."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """How far a sign-in has come. Only `full` is somebody; the others can do nothing but go on."""

    PASSWORD = "password"  # noqa: S105  (the password was right, the second factor is still asked for)
    ENROL = "enrol"  # staff without a second factor: they may set one up, nothing else
    FULL = "full"


class Standing(StrEnum):
    """What a sign-in is worth to one request."""

    OPEN = "open"
    HELD = "held"  # idle, but this is the room of the running session
    LOCKED = "locked"  # idle: the same person may unlock it
    OVER = "over"


class LinkKind(StrEnum):
    """What a single-use link opens."""

    INVITATION = "invitation"
    STAFF_INVITATION = "staff_invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    OPENING = "opening"
    DEMO = "demo"
    CEREMONY = "ceremony"  # the challenge a passkey has to sign


class Factor(StrEnum):
    """What proved who somebody is, besides (or instead of) the password."""

    NONE = "none"
    TIME_CODE = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
    DEMO = "demo"
