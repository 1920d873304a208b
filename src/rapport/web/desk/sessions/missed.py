"""What asks for its therapist today: an hour that was missed, never as a reproach, and a message that waits."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.practice.clients.queries import names
from rapport.practice.correspondence.queries import waiting_messages
from rapport.practice.sessions.queries import MissedHour, missed_hours
from rapport.web.doors.page import PageRequest


@dataclass(frozen=True, slots=True)
class Asks:
    """One card of the day."""

    title: str
    words: str
    href: str
    link: str
    tone: Literal["look", "now"]


def missed_asks(request: PageRequest, worse: Container[UUID]) -> Iterator[Asks]:
    """What missed hours ask for; `worse` are the episodes that are reliably worse than at their start."""
    for hour in missed_hours(viewer=request.actor, at=request.at):
        if hour.call_today or hour.is_fresh:
            yield _contact(hour, is_worse=hour.episode_id in worse)
        if hour.asks_for_a_review:
            yield _review(hour)


def _contact(hour: MissedHour, *, is_worse: bool) -> Asks:
    when = date_format(localtime(hour.planned_start), "H:i")
    words = [_("The hour at %(when)s was missed.") % {"when": when}]
    if hour.call_today:
        words.append(_("There is a safety plan or an open alert: call today, by the channel they call safe."))
    else:
        words.append(_("Get in touch today, by the channel they call safe."))
    words.extend(rupture_words(hour, is_worse=is_worse))
    title = _("%(name)s: please call today") if hour.call_today else _("%(name)s: missed today")
    return Asks(
        title=title % {"name": hour.client_name},
        words=" ".join(words),
        href=reverse("desk:client", args=[hour.client_id]),
        link=_("How to reach them"),
        tone="now" if hour.call_today else "look",
    )


def rupture_words(hour: MissedHour, *, is_worse: bool) -> Iterator[str]:
    """Possible rupture: what came before, as far as the record says."""
    if hour.after_rupture:
        yield _("A possible rupture: the hour before was marked so.")
    elif is_worse:
        yield _("A possible rupture: things have become reliably worse.")


def _review(hour: MissedHour) -> Asks:
    title = ngettext("%(name)s: %(count)d hour missed", "%(name)s: %(count)d hours missed in a row", hour.in_a_row) % {
        "name": hour.client_name,
        "count": hour.in_a_row,
    }
    return Asks(
        title=title,
        words=_("A letter could offer to look at the arrangement together. You decide; nothing is sent by itself."),
        href=reverse("desk:case_letter_new", args=[hour.episode_id, "review"]),
        link=_("Begin that letter"),
        tone="look",
    )


def message_asks(request: PageRequest) -> Iterator[Asks]:
    """Each course whose client waits for an answer, the longest wait first; no word of what was written."""
    waiting = waiting_messages(viewer=request.actor, at=request.at)
    called = names(viewer=request.actor, at=request.at, client_ids=[one.client_id for one in waiting])
    for one in waiting:
        since = date_format(localtime(one.since), "D j M, H:i")
        yield Asks(
            title=_("%(name)s wrote to you") % {"name": called.get(one.client_id, "")},
            words=_("Waits for a word since %(since)s.") % {"since": since},
            href=reverse("desk:messages", args=[one.episode_id]),
            link=_("Their messages"),
            tone="look",
        )
