"""Handing a text message to the operator's gateway: one plain POST, nothing followed, nothing remembered."""

from __future__ import annotations

import json
import re
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from rapport.practice.post.actions import Envelope
from rapport.practice.post.choices import TextGateway

PATIENCE = 20.0
ANSWER_READ = 2000
_BLANK = re.compile(r"\{(to|sender|text|id)\}")
FOR_GOOD = frozenset({400, 410, 422})  # it will never take this one; anything else may pass


class TextNotTaken(Exception):
    """The gateway did not take the message. Its own words are not kept: gateways repeat numbers in them."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.for_good = status in FOR_GOOD


def send_text(envelope: Envelope) -> None:
    """Hand over one message. The same message always carries the same key, so a gateway can tell a repetition."""
    gateway: TextGateway | None = settings.TEXT_GATEWAY
    if gateway is None:  # switched off since it was taken in hand: it waits
        raise ConnectionError("no gateway")
    parts = urlsplit(gateway.url)
    body, media_type = _body(gateway, envelope)
    headers = {"Content-Type": media_type, "Idempotency-Key": str(envelope.id), **dict(gateway.headers)}
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = connection.getresponse()
        answer.read(ANSWER_READ)
    except HTTPException as problem:
        raise ConnectionError(type(problem).__name__) from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:  # a redirect too: the operator named one address, and no other is spoken to
        raise TextNotTaken(answer.status)


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=PATIENCE)


def _body(gateway: TextGateway, envelope: Envelope) -> tuple[bytes, str]:
    blanks = {
        "to": envelope.address,
        "sender": gateway.sender or envelope.sender,
        "text": envelope.words.body,
        "id": str(envelope.id),
    }
    if gateway.body:
        return json.dumps(_filled(json.loads(gateway.body), blanks)).encode(), "application/json"
    fields = {name: _filled(value, blanks) for name, value in gateway.fields}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _filled(thing: Any, blanks: dict[str, str]) -> Any:
    """A JSON value with its blanks filled in: in values only, so that no text can change the shape."""
    if isinstance(thing, dict):
        return {name: _filled(value, blanks) for name, value in thing.items()}
    if isinstance(thing, list):
        return [_filled(value, blanks) for value in thing]
    if not isinstance(thing, str):
        return thing
    return _BLANK.sub(lambda found: blanks[found[1]], thing)
