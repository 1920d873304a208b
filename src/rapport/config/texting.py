"""The gateway for text messages, as the operator names it. Off unless RAPPORT_SMS_URL says where it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from rapport.config.environment import InstallationError
from rapport.practice.post.choices import TextGateway

DEFAULT_BODY = '{"to": "{to}", "from": "{sender}", "text": "{text}"}'


def text_gateway(environment: Mapping[str, str]) -> TextGateway | None:
    """Read the gateway, or None. Only the environment names it: nobody who signs in can."""
    url = environment.get("RAPPORT_SMS_URL", "").strip()
    if not url:
        return None
    _check_address(url)
    fields = _fields(environment.get("RAPPORT_SMS_FIELDS", ""))
    return TextGateway(
        url=url,
        headers=_headers(environment),
        sender=_line(environment, "RAPPORT_SMS_SENDER"),
        body="" if fields else _body(environment.get("RAPPORT_SMS_BODY", "") or DEFAULT_BODY),
        fields=fields,
    )


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise InstallationError("RAPPORT_SMS_URL must not hold a name or password; use RAPPORT_SMS_TOKEN.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        raise InstallationError("RAPPORT_SMS_URL must begin with https://, except on this machine.")
    if not parts.hostname:
        raise InstallationError("RAPPORT_SMS_URL names no server.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _headers(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    token = _line(environment, "RAPPORT_SMS_TOKEN")
    if not token:
        return ()
    return ((_line(environment, "RAPPORT_SMS_HEADER") or "Authorization", token),)


def _line(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if value and not value.isprintable():
        raise InstallationError(f"{name} must be one line.")
    return value


def _fields(text: str) -> tuple[tuple[str, str], ...]:
    """`to=recipient,text=message,from=originator`: ours on the left, the gateway's on the right; for a plain form."""
    named = [part.partition("=") for part in text.split(",") if part.strip()]
    if wrong := [ours for ours, _, theirs in named if ours.strip() not in {"to", "from", "text", "id"} or not theirs]:
        raise InstallationError(f"RAPPORT_SMS_FIELDS does not know {', '.join(wrong)}. Use to=, from=, text=, id=.")
    blanks = {"from": "{sender}", "to": "{to}", "text": "{text}", "id": "{id}"}
    return tuple((theirs.strip(), blanks[ours.strip()]) for ours, _, theirs in named)


def _body(text: str) -> str:
    try:
        json.loads(text)
    except ValueError:
        raise InstallationError("RAPPORT_SMS_BODY must be JSON.") from None
    if "{to}" not in text or "{text}" not in text:
        raise InstallationError("RAPPORT_SMS_BODY must have {to} and {text} in its values.")
    return text
