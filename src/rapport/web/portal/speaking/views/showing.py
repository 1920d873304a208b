"""Showing a page of the ways to speak."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest


def show(request: PageRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the portal; the doorkeeper has set the client's own clock."""
    return render(request, f"portal/speaking/{template}", context, status=status)


def own_client(request: PageRequest, resource: str, action: str) -> UUID:
    """The client who is signed in; anybody else finds nothing here."""
    if request.actor.client_id is None:
        raise not_found(request.actor, action, Thing(resource), at=request.at)
    return request.actor.client_id
