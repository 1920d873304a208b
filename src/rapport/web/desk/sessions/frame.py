"""Showing a page by the practice's wall clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rapport.practice.organisation.queries import practice_zone
from rapport.web.doors.page import PageRequest


def show(request: PageRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the desk; every time in it is the practice's."""
    zone = practice_zone()
    with timezone.override(zone):
        return render(request, f"desk/{template}", {"now": request.at, **context}, status=status)


def today_of(request: PageRequest) -> date:
    """Today's date at the practice."""
    return request.at.astimezone(practice_zone()).date()


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def at_wall(day: date, clock: time) -> datetime:
    """A day and a time by the practice's clock, as an instant."""
    return datetime.combine(day, clock, practice_zone())
