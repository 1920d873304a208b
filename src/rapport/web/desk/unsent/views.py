"""What is typed at the desk and in the office and not sent yet."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from rapport.web.doors import typing
from rapport.web.doors.page import PageRequest, page


@page("typing", "keep")
@require_POST
def keep(request: PageRequest, client_id: UUID) -> HttpResponseBase:
    """One save of typing about a client."""
    return typing.keep(request, client_id)


@page("own_typing", "keep")
@require_POST
def keep_own(request: PageRequest) -> HttpResponseBase:
    """One save of typing about nobody."""
    return typing.keep(request, None)
