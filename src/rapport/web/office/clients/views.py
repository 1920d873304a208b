"""The names of the practice's clients, for its manager. Nothing clinical."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from rapport.practice.clients import queries
from rapport.web.doors.page import PageRequest, page

MOST_SHOWN = 200


@page("office", "read")
def clients(request: PageRequest) -> HttpResponseBase:
    """Every client by name."""
    search = request.GET.get("q", "")[:100]
    found = queries.directory(viewer=request.actor, at=request.at, search=search)
    context = {"clients": found[:MOST_SHOWN], "total": len(found), "most": MOST_SHOWN, "search": search}
    return render(request, "office/clients/directory.html", context)
