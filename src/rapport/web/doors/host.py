"""Only our own name: a request that names another host hears 400, static files included."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host

from rapport.web.doors import refusals

Handler = Callable[[HttpRequest], HttpResponseBase]


def own_host_only(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            return refusals.bad_request(request)
        forwarded = request.headers.get("X-Forwarded-Host", "")
        if forwarded and not validate_host(split_domain_port(forwarded.lower())[0], settings.ALLOWED_HOSTS):
            return refusals.bad_request(request)
        return get_response(request)

    return handle
