"""Showing a page of speaking at the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from rapport.web.doors.page import PageRequest


def show(request: PageRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the desk; the doorkeeper has set the clock."""
    return render(request, f"desk/{template}", context, status=status)
