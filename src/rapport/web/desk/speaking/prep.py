"""What speaking brings to the prep card: two statements, at most six lines."""

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


def prep_lines(request: PageRequest, episode: EpisodeFacts) -> list[PrepLine]:
    """Do-not-ask first, then what the client wrote, then what helps them, then what is still to be said."""
    brought = before_the_hour(viewer=request.actor, at=request.at, course=episode)
    here = reverse("desk:speaking", args=[episode.id])
    lines: list[PrepLine] = []
    if brought.comfort.not_ask:
        lines.append(PrepLine(_("Do not ask about"), brought.comfort.not_ask, here, tone="now"))
    lines += _prepared(brought)
    if brought.waiting:
        words = ngettext("A page was handed over", "%(n)d pages were handed over", brought.waiting)
        lines.append(PrepLine(words % {"n": brought.waiting}, href=f"{here}#pages", tone="look"))
    if brought.rung:
        rung = chosen(brought.rung)
        lines.append(PrepLine(_("Today’s step: %(rung)s") % {"rung": rung.label}, rung.said))
    if line := comfort_line(brought.comfort):
        lines.append(PrepLine(line, href=here))
    if brought.trust:
        first = TRUST[brought.trust[0]]
        lines.append(
            PrepLine(
                _("Not yet: %(step)s") % {"step": first}, href=f"{here}#trust",
                asks=_("House rule: six steps that help trust in the first three sessions."),
            )
        )  # fmt: skip
    return lines


def _prepared(brought: BeforeTheHour) -> list[PrepLine]:
    said, lines = brought.prepared, []
    if said.ask:
        lines.append(PrepLine(_("Please ask me about"), said.ask, tone="look"))
    if said.useful:
        lines.append(PrepLine(_("Today would be useful if"), said.useful))
    if said.week is not None:
        lines.append(PrepLine(_("The week, from 0 (very hard) to 10 (very good): %(n)d") % {"n": said.week}))
    return lines
