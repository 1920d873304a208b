"""The head of a case, for every page about one course: `{% load case %}{% case_head episode %}`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template

from rapport.practice.episodes.choices import EpisodeFacts
from rapport.web.desk.head import case_header

register = template.Library()


@register.inclusion_tag("desk/episodes/header.html", takes_context=True)
def case_head(context: dict[str, Any], course: EpisodeFacts | UUID, lead: str = "") -> dict[str, Any]:
    """Name, state and tabs; the tab of the page one is on is marked."""
    return {"case": case_header(context["request"], course, lead)}
