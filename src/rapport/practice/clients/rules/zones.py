"""On whose clock a client lives. Kept among the sealed details: where somebody is can be dangerous to know."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from rapport.practice.clients.rules.wording import DetailRefused


@functools.cache
def known_zones() -> tuple[str, ...]:
    """The zones of places, by name; not the aliases, and never the machine's own."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def check_zone(name: str, field: str = "zone") -> str:
    """The name of a zone that exists, or nothing for the practice's own, or DetailRefused."""
    tidy = name.strip()
    if tidy and tidy not in known_zones():
        raise DetailRefused(field, _("There is no such time zone. Choose one from the list."))
    return tidy


def place_of(zone: ZoneInfo) -> str:
    """How people name a zone: New York."""
    return zone.key.rpartition("/")[2].replace("_", " ")
