"""First drafts of letters, made of the record. The therapist makes them theirs."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.clinical.sessions.attendance import CAME
from rapport.practice.correspondence.choices import LetterKind
from rapport.practice.episodes.choices import EpisodeFacts
from rapport.practice.organisation.choices import PracticeFacts
from rapport.practice.organisation.queries import practice
from rapport.practice.sessions.queries import SessionFacts, sessions_of
from rapport.web.doors.page import PageRequest

MOST_APPOINTMENTS = 12


def draft(request: PageRequest, episode: EpisodeFacts, kind: LetterKind) -> str:
    """The text a letter of this kind begins with."""
    who: dict[str, Any] = {"viewer": request.actor, "at": request.at}
    here = practice(**who)
    hours = sessions_of(**who, episode_id=episode.id)
    coming = [hour for hour in hours if not hour.is_off and hour.planned_start > request.at][:MOST_APPOINTMENTS]
    held = sum(hour.attendance in CAME for hour in hours)
    if kind is LetterKind.APPOINTMENTS:
        body = _appointments(coming, here)
    elif kind is LetterKind.REVIEW:
        body = _review(here)
    elif kind is LetterKind.SUMMARY:
        body = _summary(episode, held, here)
    else:
        body = _doctor(episode, held, here) if kind is LetterKind.DOCTOR else ""
    to_client = _("Dear %(name)s,") % {"name": episode.client_name}
    greeting = _("Dear Sir or Madam,") if kind.is_about_client else to_client
    closing = f"{_('With good wishes')},\n{request.actor.name}\n{here.name}"
    return "\n\n".join(part for part in (greeting, body, closing) if part)


def _appointments(coming: list[SessionFacts], here: PracticeFacts) -> str:
    if not coming:
        return _("We have no appointment yet. Please call us on %(phone)s.") % {"phone": here.phone}
    lines = [
        f"{date_format(here.local(hour.planned_start), 'l j F Y')}, {here.local(hour.planned_start):%H:%M}"
        for hour in coming
    ]
    ask = _("If one of them does not suit you, please call us on %(phone)s.") % {"phone": here.phone}
    return "\n\n".join([_("These are your next appointments:"), "\n".join(lines), ask])


def _review(here: PracticeFacts) -> str:
    return "\n\n".join(
        [
            _("We missed each other twice. There can be many reasons, and you need not explain any of them."),
            _(
                "Perhaps it would help to look at it together: what would make it easier to come, or whether another"
                " time, another way of meeting or a break would be right."
            ),
            _("You can call us on %(phone)s. Your place is kept until we have heard from you.") % {"phone": here.phone},
        ]
    )


def _summary(episode: EpisodeFacts, held: int, here: PracticeFacts) -> str:
    since = date_format(here.local(episode.began or episode.opened_at), "F Y")
    met = ngettext(
        "We have met %(n)s time since %(since)s.", "We have met %(n)s times since %(since)s.", held
    ) % {"n": held, "since": since}  # fmt: skip
    return "\n\n".join([met, _("What you came with:"), _("What we found together:"), _("What comes next:")])


def _doctor(episode: EpisodeFacts, held: int, here: PracticeFacts) -> str:
    since = date_format(here.local(episode.began or episode.opened_at), "F Y")
    seen = ngettext(
        "I am writing with the agreement of %(name)s, whom I have seen %(n)s time since %(since)s.",
        "I am writing with the agreement of %(name)s, whom I have seen %(n)s times since %(since)s.",
        held,
    ) % {"name": episode.client_name, "n": held, "since": since}
    parts = [_("Why they came:"), _("How it is now:"), _("What I would ask of you:")]
    return "\n\n".join([seen, *parts])
