"""The one question of the first page: the most timely of what the duties ask, or else a form that waits."""

from __future__ import annotations

from collections.abc import Callable

from rapport.web.doors.page import PageRequest
from rapport.web.portal.alliance.asked import asked as after_the_hour
from rapport.web.portal.asked import Asked, Timeliness
from rapport.web.portal.exercises.asked import asked as about_goals
from rapport.web.portal.speaking.asked import asked as before_the_hour

PROVIDERS: tuple[Callable[[PageRequest], Asked | None], ...] = (after_the_hour, before_the_hour, about_goals)


def the_question(request: PageRequest, *, forms_wait: bool) -> Asked | None:
    """What is asked around an hour comes before a form that waits; what can wait comes after it."""
    found = [asked for provider in PROVIDERS if (asked := provider(request)) is not None]
    timely = [asked for asked in found if asked.when is not Timeliness.BETWEEN or not forms_wait]
    return min(timely, key=lambda asked: asked.when, default=None)
