"""The pages within the sessions of a case: `{% load within %}{% within_sessions episode.id "frame" %}`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template

from rapport.practice.sessions.queries import has_frame

register = template.Library()


@register.inclusion_tag("desk/sessions/frame/_within.html", takes_context=True)
def within_sessions(context: dict[str, Any], episode_id: UUID, here: str) -> dict[str, Any]:
    """Hours, frame, contacts, people; the frame only for whose it is."""
    request = context["request"]
    own = has_frame(viewer=request.actor, at=request.at, episode_id=episode_id)
    return {"episode_id": episode_id, "here": here, "has_frame": own}
