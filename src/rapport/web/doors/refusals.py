"""What a person hears when the answer is no. The same body for what is unknown and what is another's."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.debug import SafeExceptionReporterFilter


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"components/{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def only_sent_to(request: HttpRequest, allowed: str) -> HttpResponse:
    """Somebody opened an address that only takes what a button sends: reloaded, or typed by hand."""
    response = _page(request, 405)
    response.headers["Allow"] = allowed
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """The client was erased: what the page would show cannot be opened by anybody."""
    response = _page(request, 404)
    response.status_code = 410
    return response


def does_not_open(request: HttpRequest) -> HttpResponse:
    """What is stored was changed, cut or moved past the practice."""
    return render(request, "components/sealed.html", status=500)


def failure(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


def unavailable(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    response = _page(request, 503)
    response.headers["Retry-After"] = str(seconds)
    return response


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403)


class SilentReporter(SafeExceptionReporterFilter):
    """A report of a fault names no value of a request or a frame: they could be a client's words."""

    def get_post_parameters(self, request: Any) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        return {}.items()
