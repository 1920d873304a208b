"""What every page's frame needs, gathered from the request.

A middleware puts `request.places` and `request.actor`; nothing here knows where they come from.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Place(NamedTuple):
    """One entry of the rail. The first five without a group stand in the bar of a phone."""

    label: str | Promise
    url: str
    current: bool = False
    group: str | Promise = ""
    badge: str = ""
    icon: str = ""
    urgent: bool = False  # the badge counts something that needs a person now


@dataclass(frozen=True, slots=True)
class Who:
    name: str
    role: str | Promise = ""


ROLES: dict[str, Promise] = {
    "manager": _("practice manager"),
    "therapist": _("psychotherapist"),
}

LEAVE = "https://www.wikipedia.org/"  # where `Leave quickly` goes: somewhere that says nothing about the person

_NAMED = {
    "home": "entrance:home",
    "crisis": "entrance:help_now",
    "sign_out": "entrance:sign_out",
    "account": "entrance:account",
    "sign_in": "entrance:sign_in",
}


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: places, who, links and whether this is a demo."""
    places = [Place(*place) for place in getattr(request, "places", ())]
    return {
        "places": places,
        "tab_places": [place for place in places if not place.group][:5],
        "who": getattr(request, "who", None) or _who(getattr(request, "actor", None)),
        "links": _links(),
        "is_whole": not getattr(request, "unopened", ()),
        "demo": bool(getattr(getattr(settings, "INSTALLATION", None), "demo", False)),
    }


@cache
def _links() -> dict[str, str]:
    """Addresses every frame may show; one that does not exist is left out. The crisis page always has one."""
    found = {"home": "/", "crisis": "/help-now/", "leave": getattr(settings, "LEAVE_URL", LEAVE)}
    for key, name in _NAMED.items():
        with suppress(NoReverseMatch):
            found[key] = reverse(name)
    return found


def _who(actor: Any) -> Who | None:
    name = getattr(actor, "name", "")
    if not name:
        return None
    return Who(name=name, role=next((words for role, words in ROLES.items() if role in _roles(actor)), ""))


def _roles(actor: Any) -> Sequence[str]:
    return [str(role) for role in getattr(actor, "roles", ())]
