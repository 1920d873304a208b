"""Entries of the trail as a client reads them: a day, a person, what they opened and what they worked on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.practice.security.accounts.queries.own_trail import Look
from rapport.practice.security.policy.actor import Role
from rapport.web.portal.audit.words import subject_words

OPENING = frozenset({"open", "read", "read_score"})
ROLES = {Role.THERAPIST: gettext_lazy("therapist"), Role.MANAGER: gettext_lazy("practice manager")}


@dataclass(slots=True)
class Visit:
    """What one person did on one day."""

    who: str
    roles: str
    first: datetime
    last: datetime
    opened: dict[str, None] = field(default_factory=dict)  # in order, each once
    worked_on: dict[str, None] = field(default_factory=dict)


def days_of(looks: Iterable[Look]) -> list[tuple[date, list[Visit]]]:
    """Newest first, by the calendar of whoever reads."""
    days: dict[date, dict[tuple[str, str], Visit]] = {}
    for look in looks:
        who, roles = _name(look), ", ".join(str(ROLES[role]) for role in ROLES if role in look.roles)
        visits = days.setdefault(timezone.localdate(look.at), {})
        visit = visits.setdefault((who, roles), Visit(who, roles, look.at, look.at))
        visit.first = look.at
        (visit.opened if look.action in OPENING else visit.worked_on)[subject_words(look.object_type)] = None
    return [(day, list(visits.values())) for day, visits in days.items()]


def _name(look: Look) -> str:
    if look.is_own:
        return _("You")
    if look.who:
        return look.who
    return _("The computer") if Role.SYSTEM in look.roles else _("Somebody not signed in")
