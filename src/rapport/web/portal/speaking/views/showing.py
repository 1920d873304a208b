"""Showing a page by the client's own clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rapport.practice.clients.queries import own_zone
from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors.page import PageRequest


def show(request: PageRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the portal; every time in it is the client's."""
    with timezone.override(own_zone(viewer=request.actor, at=request.at)):
        return render(request, f"portal/speaking/{template}", context, status=status)


def own_client(request: PageRequest, resource: str, action: str) -> UUID:
    """The client who is signed in; anybody else finds nothing here."""
    if request.actor.client_id is None:
        raise not_found(request.actor, action, Thing(resource), at=request.at)
    return request.actor.client_id
