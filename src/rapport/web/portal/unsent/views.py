"""What a client types and has not sent yet."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from rapport.practice.security.policy.access import not_found
from rapport.practice.security.policy.actor import Thing
from rapport.web.doors import typing
from rapport.web.doors.page import PageRequest, page


@page("typing", "keep")
@require_POST
def keep(request: PageRequest) -> HttpResponseBase:
    """One save."""
    if request.actor.client_id is None:
        raise not_found(request.actor, "keep", Thing("typing"), at=request.at)
    return typing.keep(request, request.actor.client_id)
