"""The languages an account can have."""

from __future__ import annotations

from django.conf import settings


class UnknownLanguage(ValueError):
    """Nobody here speaks this. A form offers only what there is."""


def check_language(language: str) -> str:
    """A language of the house, or nothing for whatever the browser asks for."""
    if language and language not in dict(settings.LANGUAGES):
        raise UnknownLanguage("There is no such language here.")
    return language
