"""In which language a page speaks. A room that is not wholly translated speaks English: half a page helps nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from rapport.practice.security.policy.actor import NOBODY
from rapport.web.doors.page import PageRequest

Handler = Callable[[HttpRequest], HttpResponseBase]
WISH = "language"  # on a page for everybody, its address may name the language


def speak(get_response: Handler) -> Handler:
    """Speak the language of whoever reads. It follows the sign-in, which says who that is."""

    def handle(plain: HttpRequest) -> HttpResponseBase:
        language = language_of(cast(PageRequest, plain))
        with translation.override(language):
            response = get_response(plain)
        response.headers.setdefault("Content-Language", language)
        if not plain.path.startswith("/static/"):
            patch_vary_headers(response, ["Accept-Language"])
        return response

    return handle


def language_of(request: PageRequest) -> str:
    """A client's own choice, else what their browser asks for; for people who work here one of their languages."""
    sign_in = request.sign_in
    whose = sign_in.actor if sign_in else NOBODY
    works_here = sign_in is not None and whose.client_id is None
    spoken = settings.LANGUAGES_OF_STAFF if works_here else [code for code, _name in settings.LANGUAGES]
    wishes = (sign_in.language if sign_in else request.GET.get(WISH, ""), *_asked_for(request))
    return next((wish for wish in wishes if wish in spoken), settings.LANGUAGE_CODE)


def _asked_for(request: HttpRequest) -> list[str]:
    """The languages of the house that the browser asks for, best first."""
    found = []
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        try:
            found.append(get_supported_language_variant(code))
        except LookupError:
            continue
    return found
