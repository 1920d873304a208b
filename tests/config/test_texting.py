"""The gateway for texts, as an operator names it."""

from __future__ import annotations

import pytest

from rapport.config.environment import InstallationError
from rapport.config.texting import text_gateway

URL = {"RAPPORT_SMS_URL": "https://gateway.example/send"}


def test_it_is_off_until_it_is_named() -> None:
    assert text_gateway({}) is None
    assert text_gateway({"RAPPORT_SMS_TOKEN": "s3cret"}) is None


def test_an_address_is_enough() -> None:
    gateway = text_gateway(URL)
    assert gateway is not None
    assert (gateway.headers, gateway.sender, gateway.fields) == ((), "", ())
    assert "{to}" in gateway.body


def test_token_header_sender_and_fields_are_named() -> None:
    named = {
        **URL,
        "RAPPORT_SMS_TOKEN": "Bearer s3cret",
        "RAPPORT_SMS_SENDER": "Lindenhof",
        "RAPPORT_SMS_FIELDS": "to=recipient, text=message",
    }
    gateway = text_gateway(named)
    assert gateway is not None
    assert gateway.headers == (("Authorization", "Bearer s3cret"),)
    assert (gateway.sender, gateway.body) == ("Lindenhof", "")
    assert gateway.fields == (("recipient", "{to}"), ("message", "{text}"))
    assert text_gateway({**named, "RAPPORT_SMS_HEADER": "X-Key"}) != gateway


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/send", "http://localhost/send", "http://[::1]/send"])
def test_without_tls_only_on_this_machine(url: str) -> None:
    assert text_gateway({"RAPPORT_SMS_URL": url})


@pytest.mark.parametrize(
    "wrong",
    [
        {"RAPPORT_SMS_URL": "http://gateway.example/send"},
        {"RAPPORT_SMS_URL": "http://127.0.0.1.gateway.example/"},
        {"RAPPORT_SMS_URL": "https://me:secret@gateway.example/"},
        {"RAPPORT_SMS_URL": "file:///etc/passwd"},
        {"RAPPORT_SMS_URL": "https://"},
        {**URL, "RAPPORT_SMS_BODY": "{to: {to}}"},
        {**URL, "RAPPORT_SMS_BODY": '{"text": "{text}"}'},
        {**URL, "RAPPORT_SMS_FIELDS": "name=x"},
        {**URL, "RAPPORT_SMS_FIELDS": "to="},
        {**URL, "RAPPORT_SMS_TOKEN": "a\r\nX-Other: b"},
    ],
)
def test_what_cannot_be_is_refused_when_it_starts(wrong: dict[str, str]) -> None:
    with pytest.raises(InstallationError):
        text_gateway(wrong)
