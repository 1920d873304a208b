"""What speaking brings to the prep card and the room, asked for once per page, in two statements."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.speaking.choices import BeforeTheHour
from rapport.practice.speaking.queries import before_the_hour
from rapport.web.desk.prep import PrepLine
from rapport.web.desk.speaking.words import TRUST, comfort_line
from rapport.web.doors.page import PageRequest
from rapport.web.doors.speaking import chosen


def said_lines(request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    """What the client wrote for today; it comes first on the agenda."""
    said, lines = _brought(request, course).prepared, []
    if said.ask:
        lines.append(PrepLine(_("To be asked about"), said.ask, tone="look"))
    if said.useful:
        lines.append(PrepLine(_("Today would be useful if"), said.useful))
    if said.week is not None:
        lines.append(PrepLine(_("The week, from 0 (very hard) to 10 (very good): %(n)d") % {"n": said.week}))
    return lines


def prep_lines(request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    """Do-not-ask first, then what waits, then what helps them, then what is still to be said."""
    brought = _brought(request, course)
    here = reverse("desk:speaking", args=[course.id])
    lines = at_ease_lines(request, course)
    if brought.waiting:
        words = ngettext("A page was handed over", "%(n)d pages were handed over", brought.waiting)
        lines.append(PrepLine(words % {"n": brought.waiting}, href=f"{here}#pages", tone="look"))
    if brought.rung:
        rung = chosen(brought.rung)
        lines.append(PrepLine(_("Today’s step: %(rung)s") % {"rung": rung.label}, rung.said))
    if brought.trust:
        first = TRUST[brought.trust[0]]
        rule = _("House rule: six steps that help trust in the first three sessions.")
        lines.append(PrepLine(_("Not yet: %(step)s") % {"step": first}, href=f"{here}#trust", asks=rule))
    return lines


def at_ease_lines(request: PageRequest, course: EpisodeFacts) -> list[PrepLine]:
    """What not to ask about, and how the client is at ease, for the prep card and the room."""
    comfort = _brought(request, course).comfort
    here = reverse("desk:speaking", args=[course.id])
    lines = [PrepLine(_("Do not ask about"), comfort.not_ask, here, tone="look")] if comfort.not_ask else []
    line = comfort_line(comfort)
    return [*lines, PrepLine(line, href=here)] if line else lines


def _brought(request: PageRequest, course: EpisodeFacts) -> BeforeTheHour:
    return before_the_hour(viewer=request.actor, at=request.at, course=course)
