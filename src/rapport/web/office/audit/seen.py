"""Who saw what in a window of time: the page a breach report is written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from rapport.practice.clients import queries as clients
from rapport.practice.security.accounts.queries import staff_names
from rapport.practice.security.accounts.queries.who_saw import Seen, who_saw
from rapport.practice.security.policy.actor import Role
from rapport.web.components.templatetags.components import plain_code
from rapport.web.doors.forms import offer
from rapport.web.doors.page import PageRequest, page

MOST_SHOWN = 300
A_CALENDAR = [
    MinValueValidator(datetime(1970, 1, 2, tzinfo=UTC)),
    MaxValueValidator(datetime(9999, 1, 1, tzinfo=UTC)),
]
NAMELESS: dict[str, Any] = {
    Role.SYSTEM: gettext_lazy("the computer"),
    Role.NOBODY: gettext_lazy("nobody signed in"),
    Role.CLIENT: gettext_lazy("a client"),
}


class WindowForm(forms.Form):
    """From when to when; by whom, about whom."""

    start = forms.DateTimeField(label=gettext_lazy("From"), validators=A_CALENDAR)
    end = forms.DateTimeField(label=gettext_lazy("Until before"), validators=A_CALENDAR)
    account = forms.TypedChoiceField(
        label=gettext_lazy("By whom"), coerce=UUID, empty_value=None, required=False, choices=()
    )
    client = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = sorted(staff_names().items(), key=lambda one: one[1])
        offer(self, "account", [("", _("Everybody")), *((str(ident), name) for ident, name in staff)])


@dataclass(slots=True)
class Pair:
    """What one person did about one client, or about none in particular."""

    who: str
    client: UUID | None
    client_name: str
    first: datetime
    last: datetime
    times: int = 0
    refused: int = 0
    what: dict[str, int] = field(default_factory=dict)


@page("audit", "list")
@require_safe
def seen(request: PageRequest) -> HttpResponse:
    """The last day is offered; nothing is asked of the trail before somebody asks."""
    first = {"start": request.at - timedelta(days=1), "end": request.at + timedelta(minutes=1)}
    form = WindowForm(request.GET or None, initial=first)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        found = who_saw(viewer=request.actor, at=request.at, **asked)
        about = {line.client for line in found if line.client}
        names = clients.names(viewer=request.actor, at=request.at, client_ids=about)
        pairs = pairs_of(found, names)
        context |= {"pairs": pairs[:MOST_SHOWN], "total": len(pairs), "most": MOST_SHOWN, "about": len(about)}
        context |= {"events": sum(line.times for line in found), "only": names.get(asked["client"])}
    return render(request, "office/audit/seen.html", context, status=422 if form.errors else 200)


def pairs_of(found: Iterable[Seen], names: Mapping[UUID, str]) -> list[Pair]:
    """One line for each person and client, in the order of the report."""
    pairs: dict[tuple[UUID | None, str, UUID | None], Pair] = {}
    for line in found:
        who = line.who or str(NAMELESS.get(line.roles, line.roles))
        about = names.get(line.client, _("somebody erased")) if line.client else ""
        pair = pairs.setdefault(
            (line.account, line.roles, line.client), Pair(who, line.client, about, line.first, line.last)
        )
        pair.first, pair.last = min(pair.first, line.first), max(pair.last, line.last)
        pair.times += line.times
        pair.refused += 0 if line.allowed else line.times
        what = f"{plain_code(line.action)} {plain_code(line.object_type)}"
        pair.what[what] = pair.what.get(what, 0) + line.times
    return list(pairs.values())
