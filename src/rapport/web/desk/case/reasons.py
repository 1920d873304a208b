"""Why a course needs its therapist: every duty's reason in words, the most pressing first. A score never sorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rapport.clinical.sessions.notes import Due
from rapport.practice.alliance.queries import open_ruptures
from rapport.practice.correspondence.queries import changes_asked, waiting_messages
from rapport.practice.episodes.choices import EpisodeFacts, EpisodeState
from rapport.practice.episodes.queries import reviews_agreed
from rapport.practice.exercises.queries import to_look_at
from rapport.practice.outcomes.choices import CaseloadFacts, CaseloadLine, NeedsMe
from rapport.practice.sessions.queries import missed_hours, next_hours, unsigned
from rapport.web.desk.outcomes.thread import open_end_words
from rapport.web.desk.outcomes.wording import needs_words
from rapport.web.doors.page import PageRequest

HAS_HOURS = frozenset({EpisodeState.CONTRACTED, EpisodeState.ACTIVE, EpisodeState.ENDING})


class Rank(IntEnum):
    """How pressing a reason is. Within a rank whoever waits longest comes first, then the name."""

    ALERT = 1
    CALL = 2
    MESSAGE = 3
    MISSED = 4
    THREAD = 5
    WORSE = 6
    RUPTURE = 7
    NOTE = 8
    LETTER = 9
    TASK = 10
    REVIEW = 11
    LOOK = 12
    NO_NEXT = 13
    NOTHING_MEASURED = 14
    SILENT = 15


SCORES: dict[NeedsMe, Rank] = {
    NeedsMe.ALERT: Rank.ALERT,
    NeedsMe.DOES_NOT_OPEN: Rank.WORSE,
    NeedsMe.OFF_TRACK: Rank.THREAD,
    NeedsMe.LOOK_AGAIN: Rank.THREAD,
    NeedsMe.WORSE: Rank.WORSE,
    NeedsMe.LEFT_HEALTHY: Rank.WORSE,
    NeedsMe.LOOK_TOGETHER: Rank.LOOK,
    NeedsMe.NOTHING_MEASURED: Rank.NOTHING_MEASURED,
    NeedsMe.SILENT: Rank.SILENT,
}
TONES: dict[Rank, str] = {Rank.ALERT: "now", Rank.CALL: "now"}
LOOK_UNTIL = Rank.LOOK


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: how pressing, in words, where to act on it, and since when it has waited if that is known."""

    rank: Rank
    words: str
    href: str
    since: datetime | None = None

    @property
    def tone(self) -> str:
        return TONES.get(self.rank, "look" if self.rank <= LOOK_UNTIL else "plain")


Found = Iterator[tuple[UUID, Reason]]


def reasons_for(request: PageRequest, facts: CaseloadFacts) -> dict[UUID, tuple[Reason, ...]]:
    """The reasons of every course in a number of statements that does not grow with them."""
    found: dict[UUID, list[Reason]] = {}
    open_courses = [line.episode for line in facts.lines if line.episode.is_open]
    for episode_id, reason in _all(request, facts, open_courses):
        found.setdefault(episode_id, []).append(reason)
    return {each: tuple(sorted(reasons, key=lambda one: one.rank)) for each, reasons in found.items()}


def _all(request: PageRequest, facts: CaseloadFacts, courses: list[EpisodeFacts]) -> Found:
    for line in facts.lines:
        for need in line.reasons:
            if need in SCORES:
                page = "desk:measures" if need is NeedsMe.NOTHING_MEASURED else "desk:course"
                href = reverse("desk:alerts") if need is NeedsMe.ALERT else reverse(page, args=[line.episode.id])
                words = open_end_words(line) if SCORES[need] is Rank.THREAD else needs_words(need)
                yield line.episode.id, Reason(SCORES[need], words, href, _open_since(line, need))
    for provider in PROVIDERS:
        yield from provider(request)
    yield from _ahead(request, courses)


def _open_since(line: CaseloadLine, need: NeedsMe) -> datetime | None:
    """Since when a signal waits for a decision."""
    asks = line.thread.signal if line.thread is not None and need is NeedsMe.OFF_TRACK else None
    return asks.taken_at if asks is not None else None


def _messages(request: PageRequest) -> Found:
    for each in waiting_messages(viewer=request.actor, at=request.at):
        words = _("a message waits, since %(day)s") % {"day": _day(each.since)}
        yield each.episode_id, Reason(Rank.MESSAGE, words, reverse("desk:messages", args=[each.episode_id]), each.since)


def _missed(request: PageRequest) -> Found:
    for each in missed_hours(viewer=request.actor, at=request.at):
        where = reverse("desk:sessions", args=[each.episode_id])
        if each.call_today:
            there = reverse("desk:client", args=[each.client_id])
            words = _("missed today, with a safety plan or an alert: call")
            yield each.episode_id, Reason(Rank.CALL, words, there, each.planned_start)
        elif each.asks_for_a_review:
            words = _("%(n)s hours missed in a row") % {"n": each.in_a_row}
            yield each.episode_id, Reason(Rank.MISSED, words, where, each.planned_start)
        elif each.is_fresh:
            yield each.episode_id, Reason(Rank.MISSED, _("did not come today"), where, each.planned_start)


def _ruptures(request: PageRequest) -> Found:
    for each in open_ruptures(viewer=request.actor, at=request.at):
        words = _("a rupture is open, since %(day)s") % {"day": _day(each.held_at)}
        yield each.episode_id, Reason(Rank.RUPTURE, words, reverse("desk:rupture", args=[each.id]), each.held_at)


def _notes(request: PageRequest) -> Found:
    told: set[UUID] = set()
    for each in unsigned(viewer=request.actor, at=request.at):
        if each.due == Due.OVERDUE and each.episode_id not in told:
            told.add(each.episode_id)
            words = _("a note is overdue, of %(day)s") % {"day": _day(each.held_at)}
            yield each.episode_id, Reason(Rank.NOTE, words, reverse("desk:unsigned"), each.held_at)


def _letters(request: PageRequest) -> Found:
    for each in changes_asked(viewer=request.actor, at=request.at):
        words, href = _("they ask for a change in a letter"), reverse("desk:case_letter", args=[each.letter_id])
        yield each.episode_id, Reason(Rank.LETTER, words, href, each.since)


def _tasks(request: PageRequest) -> Found:
    for each in to_look_at(viewer=request.actor, at=request.at):
        words = _("a task is said and not looked at, since %(day)s") % {"day": _day(each.since)}
        yield each.episode_id, Reason(Rank.TASK, words, reverse("desk:between", args=[each.episode_id]), each.since)


def _ahead(request: PageRequest, courses: list[EpisodeFacts]) -> Found:
    """What the next hour is, or that there is none."""
    ids = [each.id for each in courses if each.state in HAS_HOURS]
    coming = next_hours(viewer=request.actor, at=request.at, episode_ids=ids)
    reviews = reviews_agreed(viewer=request.actor, at=request.at, episode_ids=ids)
    for episode_id in ids:
        following = coming.get(episode_id)
        if following is None:
            where = f"{reverse('desk:book')}?episode={episode_id}"
            yield episode_id, Reason(Rank.NO_NEXT, _("no next session is booked"), where)
        elif following.number in reviews.get(episode_id, ()):
            words = _("the next session, %(day)s, is an agreed review") % {"day": _day(following.planned_start)}
            yield episode_id, Reason(Rank.REVIEW, words, reverse("desk:between", args=[episode_id]))


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j M")


PROVIDERS: tuple[Callable[[PageRequest], Found], ...] = (_messages, _missed, _ruptures, _notes, _letters, _tasks)
