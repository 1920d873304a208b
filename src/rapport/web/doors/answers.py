"""How a page answers after it did something."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse


class SeeOther(HttpResponseRedirect):
    """Done; look there. Whatever the request was, the next one is a GET (RFC 9110, 15.4.4)."""

    status_code = 303


def see_other(name: str, *args: Any) -> SeeOther:
    """Send the browser to a named page after a POST."""
    return SeeOther(reverse(name, args=args))
