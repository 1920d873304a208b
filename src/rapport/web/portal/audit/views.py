"""Who looked at my record, day by day."""

from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.core.validators import MinValueValidator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.practice.security.accounts.queries.own_trail import own_trail
from rapport.web.doors.page import PageRequest, page
from rapport.web.portal.audit.days import days_of

DAYS_SHOWN = 10  # on which somebody looked; the rest is a page further


class AskedForm(forms.Form):
    """Which part of the list; what cannot be read is not asked."""

    before = forms.DateTimeField(required=False, validators=[MinValueValidator(datetime(1970, 1, 2, tzinfo=UTC))])
    all = forms.BooleanField(required=False)


@page("client_audit", "read")
@require_safe
def looked(request: PageRequest) -> HttpResponse:
    asked = AskedForm(request.GET)
    asked.full_clean()
    everything = asked.cleaned_data.get("all", False)
    looks, older = own_trail(
        viewer=request.actor, at=request.at, before=asked.cleaned_data.get("before"), everything=everything
    )
    days = days_of(looks)
    if len(days) > DAYS_SHOWN:
        days = days[:DAYS_SHOWN]
        older = min(visit.first for visit in days[-1][1])
    context = {"days": days, "older": older.isoformat() if older else "", "everything": everything}
    return render(request, "portal/audit/looked.html", context)
