"""The places of each room, as the rail shows them, and the one a page belongs to."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.practice.security.policy.access import conditions_for
from rapport.practice.security.policy.actor import Role
from rapport.web.components.context import Place
from rapport.web.doors.page import PageRequest


class Named(NamedTuple):
    """One place by the name of its page. `below` are other addresses that belong to it, from the room's own on."""

    label: str | Promise
    name: str
    icon: str
    group: str | Promise = ""
    role: Role | None = None
    below: tuple[str, ...] = ()


CLOSER, OFFICE, ALONE = _("Looking closer"), _("The practice"), _("Mine alone")
HOUR = _("For the hour")
COURSE = (  # whatever carries the head of a case
    *("episodes/", "sessions/", "notes/", "process/", "letters/", "tasks/"),
    *("case-letters/", "contacts/", "ruptures/", "room/", "speaking/"),
)
ROOMS: dict[str, tuple[Named, ...]] = {
    "desk": (
        Named(_("Today"), "desk:today", "sun"),
        Named(_("Diary"), "desk:diary", "calendar-days", below=("waiting/",)),
        Named(_("Clients"), "desk:caseload", "users", below=COURSE),
        Named(_("Referrals"), "desk:referrals", "inbox"),
        Named(_("Alerts"), "desk:alerts", "bell"),
        Named(_("Unsigned notes"), "desk:unsigned", "pen-line"),
        Named(_("Openers"), "desk:openers", "message-circle", HOUR),
        Named(_("My short texts"), "desk:snippets", "file-text", HOUR),
        Named(_("Results"), "desk:results", "chart-line", CLOSER),
        Named(_("Directory"), "desk:clients", "contact", CLOSER),
        Named(_("Bring in courses"), "desk:import", "upload", CLOSER),
        Named(_("The office"), "office:front", "building-2", OFFICE, Role.MANAGER),
    ),
    "office": (
        Named(_("Office"), "office:front", "building-2"),
        Named(_("Clients"), "office:clients", "users"),
        Named(_("Referrals"), "desk:referrals", "inbox"),
        Named(_("People"), "office:people", "contact"),
        Named(_("Post"), "office:outbox", "mail"),
        Named(_("Alerts"), "office:alerts", "bell"),
        Named(_("Results"), "office:results", "chart-line", OFFICE),
        Named(_("Who cares for whom"), "office:care", "handshake", OFFICE),
        Named(_("Practice"), "office:practice", "settings", OFFICE),
        Named(_("Rooms"), "office:rooms", "door-open", OFFICE),
        Named(_("Instruments"), "office:instruments", "clipboard-list", OFFICE),
        Named(_("Two-person acts"), "office:approvals", "shield-check", OFFICE),
        Named(_("Audit trail"), "office:audit", "scroll-text", OFFICE),
        Named(_("Bring in courses"), "office:import", "upload", OFFICE),
        Named(_("My desk"), "desk:today", "sun", ALONE, Role.THERAPIST),
    ),
    "portal": (
        Named(_("Home"), "portal:home", "house"),
        Named(_("My task"), "portal:tasks", "sprout"),
        Named(_("Forms"), "portal:forms", "clipboard-list"),
        Named(_("My course"), "portal:course", "chart-line"),
        Named(_("Safety plan"), "portal:plan", "life-buoy"),
        Named(_("Goals"), "portal:goals", "flag", _("More")),
        Named(_("Ways to speak"), "portal:speaking", "message-circle", _("More")),
        Named(_("Sessions"), "portal:sessions", "calendar", _("More")),
        Named(_("Agreement"), "portal:agreement", "file-text", _("More")),
        Named(_("Messages"), "portal:messages", "messages-square", _("More")),
        Named(_("Letters"), "portal:letter", "mail", _("More"), below=("letters/",)),
        Named(_("About me"), "portal:me", "user", _("More")),
    ),
}


def places_for(request: PageRequest) -> list[Place]:
    """The rail of the room this request is in, for this person."""
    room = request.path.strip("/").partition("/")[0]
    found = _open_to(room, request.actor.roles)
    here, longest = "", 0
    for place, addresses in found:
        reach = _reach(request.path, *addresses)
        here, longest = (place.url, reach) if reach > longest else (here, longest)
    return [place._replace(current=place.url == here) for place, _ in found]


@cache
def _open_to(room: str, roles: frozenset[Role]) -> tuple[tuple[Place, tuple[str, ...]], ...]:
    """Every place of a room that these roles may enter, with the addresses that belong to it."""
    return tuple(
        (Place(named.label, url, False, named.group, "", named.icon), (url, *(f"/{room}/{b}" for b in named.below)))
        for named in ROOMS.get(room, ())
        if named.role is None or named.role in roles
        for url in [reverse(named.name)]
        if _may_enter(roles, url)
    )


def _reach(path: str, *addresses: str) -> int:
    """How much of a path the nearest of these addresses covers."""
    return max((len(address) for address in addresses if path.startswith(address)), default=0)


def _may_enter(roles: frozenset[Role], url: str) -> bool:
    """Whether any of these roles has the function of the page at this address."""
    view: Any = resolve(url).func
    resource, action = view.__page__
    return any(role in conditions_for(action, resource) for role in roles)
